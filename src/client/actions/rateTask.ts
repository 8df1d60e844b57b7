import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type RateTaskParameters = {
  readonly taskId: bigint
  /** 1 to 5; 3 changes nothing. */
  readonly rating: number
}

export type RateTaskReturnType = Included

/** Says how good the work of a completed task was, once; moves its workers’ comment. */
export function rateTask(
  client: PocaClient,
  { taskId, rating }: RateTaskParameters,
): Promise<RateTaskReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'rate', args: [taskId, rating] }),
  })
}
