import { getBlockNumber } from 'viem/actions'
import { translateErrors } from '../errors.ts'
import { sleep } from '../sleep.ts'
import type { PocaClient } from '../transactions.ts'
import { getTaskEvents, type TaskEvent } from './getTaskEvents.ts'

export type WatchTaskParameters = {
  readonly taskId: bigint
  /** Where to begin; block 0 when left out. */
  readonly fromBlock?: bigint
  /** Ends the watch; it then returns without an error. */
  readonly signal?: AbortSignal
}

export type WatchTaskReturnType = AsyncGenerator<TaskEvent, void, void>

/** All that happens to a task, oldest first, until it has ended. */
export async function* watchTask(
  client: PocaClient,
  { taskId, fromBlock = 0n, signal }: WatchTaskParameters,
): WatchTaskReturnType {
  let next = fromBlock
  while (!signal?.aborted) {
    const toBlock = await translateErrors(() => getBlockNumber(client, { cacheTime: 0 }))
    if (toBlock >= next) {
      for (const event of await getTaskEvents(client, { taskId, fromBlock: next, toBlock })) {
        yield event
        if (event.eventName === 'TaskCompleted' || event.eventName === 'TaskEnded') return
      }
      next = toBlock + 1n
    }
    await sleep(client.pollingInterval, signal)
  }
}
