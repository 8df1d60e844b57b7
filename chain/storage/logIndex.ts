import { hexToBytes } from '@ethereumjs/util'
import type { LazyReceipts } from '../codec/receipts.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { decodeHeight } from './records.ts'
import type { Table } from './tables.ts'

/** Which blocks to look into; as eth_getLogs, an empty list means any. */
export type LogQuery = {
  readonly fromHeight: bigint
  readonly toHeight: bigint
  readonly addresses: readonly Address[]
  readonly topics: readonly (readonly Hash[])[]
}

/** The logs of a block, as the index reads them. */
export type BlockLogs = Pick<LazyReceipts, 'forEachLog'>

/** Heights by emitting address and by topic. */
export type LogIndex = {
  /** Keys under which a block with these logs is found, sorted. */
  keysOf(height: bigint, logs: BlockLogs): readonly Uint8Array[]
  /** Heights, rising, of the blocks that may hold a match. Undefined: all in the range. */
  heights(query: LogQuery): readonly bigint[] | undefined
}

// Key: kind(1) ‖ digest of the value(8) ‖ height(8). Kind 0 is the address, 1 + i the topic at place
// i. Two values may have one digest: what is found are candidates, and shorter keys are cheaper.
const ADDRESS_KIND = 0
const TOPIC_KIND = 1
const KIND_COUNT = 5
const DIGEST_SIZE = 8
const KEY_SIZE = 1 + DIGEST_SIZE + 8

/** An index in `table`; entries have no value. */
export function createLogIndex(table: Table): LogIndex {
  const scan = (kind: number, value: Hex, query: LogQuery, into: Set<bigint>): void => {
    const digest = digestOf(hexToBytes(value))
    const start = keyOf(kind, digest, query.fromHeight)
    const end = keyOf(kind, digest, query.toHeight + 1n)
    for (const key of table.getKeys({ start, end })) into.add(decodeHeight(key, KEY_SIZE - 8))
  }
  return {
    keysOf(height, logs) {
      const kinds = Array.from({ length: KIND_COUNT }, () => new Set<bigint>())
      logs.forEachLog(([address, topics]) => {
        kinds[ADDRESS_KIND]?.add(digestOf(address))
        for (const [place, topic] of topics.entries())
          kinds[TOPIC_KIND + place]?.add(digestOf(topic))
      })
      // In order they touch each page of the table once.
      return kinds.flatMap((values, kind) =>
        [...BigUint64Array.from(values).sort()].map((digest) => keyOf(kind, digest, height)),
      )
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

/** First and last 8 bytes together: numbers begin with zeros, and short strings end with them. */
function digestOf(value: Uint8Array): bigint {
  const view = new DataView(value.buffer, value.byteOffset, value.byteLength)
  return view.getBigUint64(0) ^ view.getBigUint64(value.length - DIGEST_SIZE)
}

function keyOf(kind: number, digest: bigint, height: bigint): Uint8Array {
  const out = new Uint8Array(KEY_SIZE)
  const view = new DataView(out.buffer)
  view.setUint8(0, kind)
  view.setBigUint64(1, digest)
  view.setBigUint64(1 + DIGEST_SIZE, height)
  return out
}

function intersect(a: ReadonlySet<bigint>, b: ReadonlySet<bigint>): Set<bigint> {
  return new Set([...a].filter((height) => b.has(height)))
}
