import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type AdvanceTaskParameters = {
  readonly taskId: bigint
}

export type AdvanceTaskReturnType = Included

/** Does what is due with a task, if anything is: draws workers, takes back offers, ends it. */
export function advanceTask(
  client: PocaClient,
  { taskId }: AdvanceTaskParameters,
): Promise<AdvanceTaskReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'advance', args: [taskId] }),
  })
}
