import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ExpireTaskParameters = {
  readonly taskId: bigint
}

export type ExpireTaskReturnType = Included

/** Ends a task that has missed a deadline. Anyone may. */
export function expireTask(
  client: PocaClient,
  { taskId }: ExpireTaskParameters,
): Promise<ExpireTaskReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'expire', args: [taskId] }),
  })
}
