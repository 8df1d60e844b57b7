import { encodeFunctionData, parseEventLogs } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type TaskOrder, taskSpecOf } from '../taskSpec.ts'
import { firstEvent, type Included, type PocaClient, send } from '../transactions.ts'
import { quoteTask } from './quoteTask.ts'

export type CreateTaskParameters = TaskOrder

export type CreateTaskReturnType = Included & {
  readonly taskId: bigint
  /** Wei, for work in time. */
  readonly price: bigint
  /** Wei that were escrowed. */
  readonly collateral: bigint
}

/** Creates a task and escrows what it may cost at most. */
export async function createTask(
  client: PocaClient,
  order: CreateTaskParameters,
): Promise<CreateTaskReturnType> {
  const { collateral: value } = await quoteTask(client, order)
  const included = await send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({
      abi: taskMarketAbi,
      functionName: 'createTask',
      args: [taskSpecOf(order), order.manifest],
    }),
    value,
  })
  const { logs } = included.receipt
  const events = parseEventLogs({ abi: taskMarketAbi, logs, eventName: 'TaskCreated' })
  const { taskId, price, collateral } = firstEvent(events, 'TaskCreated', included).args
  return { ...included, taskId, price, collateral }
}
