import type { Hex } from '../../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { getEvents, numberTopic } from '../events.ts'
import type { PocaClient } from '../transactions.ts'
import { getHead } from './getHead.ts'

export type GetManifestParameters = {
  readonly taskId: bigint
}

/** Undefined when there is no such task. */
export type GetManifestReturnType = Hex | undefined

/** The manifest a task was created with; the chain keeps its hash only, the rest is in the log. */
export async function getManifest(
  client: PocaClient,
  { taskId }: GetManifestParameters,
): Promise<GetManifestReturnType> {
  const { height } = await getHead(client)
  const events = await getEvents(client, {
    address: predeploys.taskMarket,
    abi: taskMarketAbi,
    eventNames: ['TaskCreated'],
    topics: [numberTopic(taskId)],
    fromBlock: 0n,
    toBlock: height,
  })
  const event = events[0]
  return event?.eventName === 'TaskCreated' ? event.args.manifest : undefined
}
