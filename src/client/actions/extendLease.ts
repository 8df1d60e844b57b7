import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ExtendLeaseParameters = {
  readonly leaseId: bigint
  /** Wei. */
  readonly amount: bigint
}

export type ExtendLeaseReturnType = Included

/** Adds a deposit to a lease, so that it can run longer. Anyone may. */
export function extendLease(
  client: PocaClient,
  { leaseId, amount }: ExtendLeaseParameters,
): Promise<ExtendLeaseReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({
      abi: leaseMarketAbi,
      functionName: 'deposit',
      args: [leaseId],
    }),
    value: amount,
  })
}
