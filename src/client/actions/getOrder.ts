import { readContract } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import { type ChainEvent, findNewestEvents, numberTopic } from '../events.ts'
import type { PocaClient } from '../transactions.ts'
import { getHead } from './getHead.ts'

const contract = { address: predeploys.taskMarket, abi: taskMarketAbi } as const

export type GetOrderParameters = {
  readonly taskId: bigint
  /** A block not before that of the order, such as that of an offer; the newest when left out. */
  readonly toBlock?: bigint
}

/** Undefined when there is no such task. */
export type GetOrderReturnType =
  | (ChainEvent<typeof taskMarketAbi, 'TaskCreated'>['args'] & {
      /** The block in which the task was created. */
      readonly height: bigint
    })
  | undefined

/**
 * What the client of a task asked for; the chain keeps a part of it, the rest is in the log. It is
 * looked for from `toBlock` back, so that it takes no longer on a long chain.
 */
export async function getOrder(
  client: PocaClient,
  { taskId, toBlock }: GetOrderParameters,
): Promise<GetOrderReturnType> {
  // A task that is not there would be looked for in every block.
  if (!(await hasTask(client, taskId))) return undefined
  const events = await findNewestEvents(client, {
    ...contract,
    eventNames: ['TaskCreated'],
    topics: [numberTopic(taskId)],
    toBlock: toBlock ?? (await getHead(client)).height,
  })
  const [created] = events
  return created && { ...created.args, height: created.blockNumber }
}

async function hasTask(client: PocaClient, taskId: bigint): Promise<boolean> {
  const count = await translateErrors(() =>
    readContract(client, { ...contract, functionName: 'taskCount' }),
  )
  return 0n < taskId && taskId <= count
}
