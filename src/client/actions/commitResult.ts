import { encodeFunctionData } from 'viem'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CommitResultParameters = {
  readonly taskId: bigint
  readonly slot: number
  /** As `hashCommitment` makes it. */
  readonly commitment: Hash
}

export type CommitResultReturnType = Included

/** Commits to a slot's result. */
export function commitResult(
  client: PocaClient,
  { taskId, slot, commitment }: CommitResultParameters,
): Promise<CommitResultReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({
      abi: taskMarketAbi,
      functionName: 'commitResult',
      args: [taskId, slot, commitment],
    }),
  })
}
