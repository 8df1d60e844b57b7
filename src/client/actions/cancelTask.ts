import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CancelTaskParameters = {
  readonly taskId: bigint
}

export type CancelTaskReturnType = Included

/**
 * Withdraws an open task while nobody can know who will be drawn for it: in the block of its
 * creation and the next one, and likewise after a draw that found too few.
 */
export function cancelTask(
  client: PocaClient,
  { taskId }: CancelTaskParameters,
): Promise<CancelTaskReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'cancel', args: [taskId] }),
  })
}
