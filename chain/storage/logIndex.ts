import { hexToBytes } from '@ethereumjs/util'
import type { LazyReceipts } from '../codec/receipts.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import type { RunIndex } from './runIndex.ts'
import { createKeys, KEY_SIZE, type Keys, keyEntries } from './sortedEntries.ts'

/** Which blocks to look into; as eth_getLogs, an empty list means any. */
export type LogQuery = {
  readonly fromHeight: bigint
  readonly toHeight: bigint
  readonly addresses: readonly Address[]
  readonly topics: readonly (readonly Hash[])[]
}

/** Heights by emitting address and by topic. */
export type LogIndex = {
  /** Heights, rising, of the blocks that may hold a match. Undefined: all in the range. */
  heights(query: LogQuery): readonly bigint[] | undefined
}

// Kind 0 is the address, 1 + i the topic at place i.
const ADDRESS_KIND = 0
const TOPIC_KIND = 1
const KIND_COUNT = 5

/** What `index`, whose ordinals are heights, tells of logs. */
export function createLogIndex(index: RunIndex): LogIndex {
  return {
    heights({ fromHeight, toHeight, addresses, topics }) {
      const from = Number(fromHeight)
      const to = Number(toHeight) + 1
      let result: Set<number> | undefined
      const narrow = (kind: number, values: readonly Hex[]): void => {
        if (values.length === 0) return
        const found = new Set<number>()
        for (const value of values) {
          const key = keyBytes(kind, hexToBytes(value))
          for (const height of index.find({ key, from, to })) found.add(height)
        }
        result = result === undefined ? found : intersect(result, found)
      }
      narrow(ADDRESS_KIND, addresses)
      for (const [place, values] of topics.entries()) narrow(TOPIC_KIND + place, values)
      return result && [...result].sort((a, b) => a - b).map(BigInt)
    },
  }
}

/** Entries under which a block with these logs is found. Blocks without logs cost nothing. */
export function logEntries(receipts: Pick<LazyReceipts, 'forEachLog' | 'logCount'>): Uint8Array {
  const keys = createKeys(receipts.logCount * KIND_COUNT)
  receipts.forEachLog(([address, topics]) => {
    addKey(keys, ADDRESS_KIND, address)
    let kind = TOPIC_KIND
    for (const topic of topics) addKey(keys, kind++, topic)
  })
  return keyEntries(keys)
}

/**
 * Adds the key of an address or a topic. Numbers begin with zeros and short strings end with them,
 * so both ends of the value go in.
 */
function addKey(keys: Keys, kind: number, value: Uint8Array): void {
  const high = wordAt(value, 0) ^ wordAt(value, value.length - 8)
  const low = wordAt(value, 4) ^ wordAt(value, value.length - 4)
  keys.add((high ^ low) >>> 0, ((high >>> 24) ^ kind) & 255)
}

function keyBytes(kind: number, value: Uint8Array): Uint8Array {
  const keys = createKeys(1)
  addKey(keys, kind, value)
  return keyEntries(keys).slice(0, KEY_SIZE)
}

function wordAt(bytes: Uint8Array, at: number): number {
  const high = ((bytes[at] ?? 0) << 24) | ((bytes[at + 1] ?? 0) << 16)
  return high | ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0)
}

function intersect(a: ReadonlySet<number>, b: ReadonlySet<number>): Set<number> {
  return new Set([...a].filter((height) => b.has(height)))
}
