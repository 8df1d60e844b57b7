import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type ChainEvent, getEvents, numberTopic } from '../events.ts'
import type { PocaClient } from '../transactions.ts'
import { getHead } from './getHead.ts'

export type GetOrderParameters = {
  readonly taskId: bigint
}

/** Undefined when there is no such task. */
export type GetOrderReturnType = ChainEvent<typeof taskMarketAbi, 'TaskCreated'>['args'] | undefined

/** What the client of a task asked for; the chain keeps a part of it, the rest is in the log. */
export async function getOrder(
  client: PocaClient,
  { taskId }: GetOrderParameters,
): Promise<GetOrderReturnType> {
  const { height } = await getHead(client)
  const events = await getEvents(client, {
    address: predeploys.taskMarket,
    abi: taskMarketAbi,
    eventNames: ['TaskCreated'],
    topics: [numberTopic(taskId)],
    fromBlock: 0n,
    toBlock: height,
  })
  return events[0]?.args
}
