import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type RefundLeaseParameters = {
  readonly leaseId: bigint
  readonly index: number
}

export type RefundLeaseReturnType = Included

/** Credits what is left of one deposit of an ended lease to who paid it. Anyone may. */
export function refundLease(
  client: PocaClient,
  { leaseId, index }: RefundLeaseParameters,
): Promise<RefundLeaseReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({
      abi: leaseMarketAbi,
      functionName: 'refund',
      args: [leaseId, BigInt(index)],
    }),
  })
}
