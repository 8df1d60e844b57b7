import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CancelLeaseParameters = {
  readonly leaseId: bigint
}

export type CancelLeaseReturnType = Included

/** Withdraws an offer of a lease; whose time is over, anyone may. */
export function cancelLease(
  client: PocaClient,
  { leaseId }: CancelLeaseParameters,
): Promise<CancelLeaseReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({
      abi: leaseMarketAbi,
      functionName: 'cancel',
      args: [leaseId],
    }),
  })
}
