import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CloseLeaseParameters = {
  readonly leaseId: bigint
}

export type CloseLeaseReturnType = Included

/** Ends a lease without fault, once what ran is paid. */
export function closeLease(
  client: PocaClient,
  { leaseId }: CloseLeaseParameters,
): Promise<CloseLeaseReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({
      abi: leaseMarketAbi,
      functionName: 'close',
      args: [leaseId],
    }),
  })
}
