import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type FinalizeTaskParameters = {
  readonly taskId: bigint
}

export type FinalizeTaskReturnType = Included

/** Settles a task whose challenge window has passed. Anyone may. */
export function finalizeTask(
  client: PocaClient,
  { taskId }: FinalizeTaskParameters,
): Promise<FinalizeTaskReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'finalize', args: [taskId] }),
  })
}
