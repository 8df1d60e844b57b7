import {
  type Abi,
  type ContractEventName,
  formatLog,
  type Log,
  numberToHex,
  type ParseEventLogsReturnType,
  pad,
  parseEventLogs,
  toEventSelector,
} from 'viem'
import { assert } from '../../chain/primitives/assert.ts'
import type { Address, Hash } from '../../chain/primitives/hex.ts'
import { limits } from '../../chain/primitives/limits.ts'
import { translateErrors } from './errors.ts'
import type { PocaClient } from './transactions.ts'

/** A decoded event that is in a block. */
export type ChainEvent<
  T extends Abi,
  N extends ContractEventName<T> = ContractEventName<T>,
> = ParseEventLogsReturnType<T, N[], true>[number] & {
  readonly blockNumber: bigint
  readonly blockHash: Hash
}

/** Events of one system contract in a range of blocks, both ends included, in their order. */
export function getEvents<const T extends Abi, N extends ContractEventName<T>>(
  client: PocaClient,
  filter: {
    readonly address: Address
    readonly abi: T
    /** All events of the contract when left out. */
    readonly eventNames?: readonly N[]
    /** Indexed arguments by their position; `null` for any. */
    readonly topics?: readonly (Hash | null)[]
    readonly fromBlock: bigint
    readonly toBlock: bigint
  },
): Promise<readonly ChainEvent<T, N>[]> {
  const selectors = filter.eventNames?.map((eventName) => selectorOf(filter.abi, eventName))
  return translateErrors(async () => {
    const span = BigInt(limits.logRangeMax)
    const logs: Log[] = []
    for (let start = filter.fromBlock; start <= filter.toBlock; start += span) {
      const end = start + span - 1n < filter.toBlock ? start + span - 1n : filter.toBlock
      const found = await client.request({
        method: 'eth_getLogs',
        params: [
          {
            address: filter.address,
            topics: [selectors ?? null, ...(filter.topics ?? [])],
            fromBlock: numberToHex(start),
            toBlock: numberToHex(end),
          },
        ],
      })
      logs.push(...found.map((log) => formatLog(log)))
    }
    const events = parseEventLogs({ abi: filter.abi as Abi, logs })
    // The node was asked for these events only, in blocks that exist; viem cannot know.
    return events as unknown as readonly ChainEvent<T, N>[]
  })
}

/** Blocks that the first look back covers; each further look covers twice as many. */
const firstLookBlocks = 256n

/**
 * The events in the newest blocks that have any, looking back from `toBlock`. What it costs grows
 * with how long ago they were, not with the chain.
 */
export async function findNewestEvents<const T extends Abi, N extends ContractEventName<T>>(
  client: PocaClient,
  filter: Omit<Parameters<typeof getEvents<T, N>>[1], 'fromBlock'>,
): Promise<readonly ChainEvent<T, N>[]> {
  let toBlock = filter.toBlock
  for (let span = firstLookBlocks; toBlock >= 0n; span *= 2n) {
    const fromBlock = toBlock >= span ? toBlock - span + 1n : 0n
    const found = await getEvents(client, { ...filter, fromBlock, toBlock })
    if (found.length > 0) return found
    toBlock = fromBlock - 1n
  }
  return []
}

/** The topic of an indexed number. */
export function numberTopic(value: bigint): Hash {
  return numberToHex(value, { size: 32 })
}

/** The topic of an indexed address. */
export function addressTopic(address: Address): Hash {
  return pad(address, { size: 32 })
}

function selectorOf(abi: Abi, eventName: string): Hash {
  const item = abi.find((entry) => entry.type === 'event' && entry.name === eventName)
  assert(item?.type === 'event', 'the event is in the ABI')
  return toEventSelector(item)
}
