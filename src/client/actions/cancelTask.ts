import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CancelTaskParameters = {
  readonly taskId: bigint
}

export type CancelTaskReturnType = Included

/** Withdraws a task that no worker has accepted. */
export function cancelTask(
  client: PocaClient,
  { taskId }: CancelTaskParameters,
): Promise<CancelTaskReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'cancel', args: [taskId] }),
  })
}
