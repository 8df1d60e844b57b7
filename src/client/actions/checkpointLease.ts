import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CheckpointLeaseParameters = {
  readonly leaseId: bigint
}

export type CheckpointLeaseReturnType = Included

/** Pays the worker of a lease for the seconds that ran. Anyone may. */
export function checkpointLease(
  client: PocaClient,
  { leaseId }: CheckpointLeaseParameters,
): Promise<CheckpointLeaseReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({
      abi: leaseMarketAbi,
      functionName: 'checkpoint',
      args: [leaseId],
    }),
  })
}
