import { bytesToHex, concatBytes, hexToBytes } from '@ethereumjs/util'
import type { Database } from 'lmdb'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import type { Receipt } from '../primitives/receipt.ts'
import { decodeHeight, encodeHeight } from './records.ts'

/** Which blocks to look into; as eth_getLogs, an empty list means any. */
export type LogQuery = {
  readonly fromHeight: bigint
  readonly toHeight: bigint
  readonly addresses: readonly Address[]
  readonly topics: readonly (readonly Hash[])[]
}

/** Heights by emitting address and by topic. */
export type LogIndex = {
  /** Keys under which a block with these receipts is found. */
  keysOf(height: bigint, receipts: readonly Receipt[]): readonly Uint8Array[]
  /** Heights, rising, of the blocks that may hold a match. Undefined: all in the range. */
  heights(query: LogQuery): readonly bigint[] | undefined
}

// Key: kind(1) ‖ value(20 or 32) ‖ height(8). Kind 0 is the address, 1 + i the topic at place i.
const ADDRESS_KIND = 0
const TOPIC_KIND = 1

/** An index in `table`; entries have no value. */
export function createLogIndex(table: Database<Uint8Array, Uint8Array>): LogIndex {
  const scan = (kind: number, value: Hex, query: LogQuery, into: Set<bigint>): void => {
    const start = keyOf(kind, value, query.fromHeight)
    const end = keyOf(kind, value, query.toHeight + 1n)
    for (const key of table.getKeys({ start, end })) into.add(decodeHeight(key, key.length - 8))
  }
  return {
    keysOf(height, receipts) {
      const keys = new Map<string, Uint8Array>()
      const add = (kind: number, value: Hex): void => {
        const key = keyOf(kind, value, height)
        keys.set(bytesToHex(key), key)
      }
      for (const receipt of receipts) {
        for (const log of receipt.logs) {
          add(ADDRESS_KIND, log.address)
          for (const [place, topic] of log.topics.entries()) add(TOPIC_KIND + place, topic)
        }
      }
      return [...keys.values()]
    },
    heights(query) {
      let result: Set<bigint> | undefined
      const narrow = (kind: number, values: readonly Hex[]): void => {
        if (values.length === 0) return
        const found = new Set<bigint>()
        for (const value of values) scan(kind, value, query, found)
        result = result === undefined ? found : intersect(result, found)
      }
      narrow(ADDRESS_KIND, query.addresses)
      for (const [place, values] of query.topics.entries()) narrow(TOPIC_KIND + place, values)
      return result && [...result].sort((a, b) => (a < b ? -1 : 1))
    },
  }
}

function keyOf(kind: number, value: Hex, height: bigint): Uint8Array {
  return concatBytes(new Uint8Array([kind]), hexToBytes(value), encodeHeight(height))
}

function intersect(a: ReadonlySet<bigint>, b: ReadonlySet<bigint>): Set<bigint> {
  return new Set([...a].filter((height) => b.has(height)))
}
