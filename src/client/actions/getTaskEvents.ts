import { getBlockNumber } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import { type ChainEvent, getEvents, numberTopic } from '../events.ts'
import type { PocaClient } from '../transactions.ts'

export type GetTaskEventsParameters = {
  readonly taskId: bigint
  /** Block 0 when left out. */
  readonly fromBlock?: bigint
  /** The newest block when left out. */
  readonly toBlock?: bigint
}

/** An event of the task market, decoded. */
export type TaskEvent = ChainEvent<typeof taskMarketAbi>

export type GetTaskEventsReturnType = readonly TaskEvent[]

/** All that happened to a task, oldest first. */
export async function getTaskEvents(
  client: PocaClient,
  { taskId, fromBlock = 0n, toBlock }: GetTaskEventsParameters,
): Promise<GetTaskEventsReturnType> {
  return getEvents(client, {
    address: predeploys.taskMarket,
    abi: taskMarketAbi,
    // Every event of the market has the task's id as its first indexed argument.
    topics: [numberTopic(taskId)],
    fromBlock,
    toBlock: toBlock ?? (await translateErrors(() => getBlockNumber(client, { cacheTime: 0 }))),
  })
}
