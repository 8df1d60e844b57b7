import { setImmediate as nextTurn } from 'node:timers/promises'
import { keccak256Into } from '../../crypto/keccak.ts'
import { limits } from '../../primitives/limits.ts'
import { ADDRESS_SIZE, countOf, HASH_SIZE, type RawBatch, type Recovered } from './recoverBatch.ts'
import type { SenderCache } from './senderCache.ts'

/** The part of a batch that a cache does not know. */
export type Unknown = {
  readonly batch: RawBatch
  /** Where each of its transactions is in the whole batch. */
  readonly indices: Int32Array
}

/** Fills in the senders that the cache knows, and gives the rest as a batch of its own. */
export async function readKnown(
  cache: SenderCache,
  batch: RawBatch,
  out: Recovered,
): Promise<Unknown> {
  const { bytes, offsets } = batch
  const count = countOf(batch)
  const indices = new Int32Array(count)
  let unknown = 0
  let size = 0
  for (let i = 0; i < count; i++) {
    if (i > 0 && i % limits.recoverySlotTxsMax === 0) await nextTurn()
    const start = offsets[i] ?? 0
    const end = offsets[i + 1] ?? 0
    keccak256Into(bytes.subarray(start, end), out.hashes, HASH_SIZE * i)
    if (cache.read(out.hashes, HASH_SIZE * i, out.senders, ADDRESS_SIZE * i)) {
      out.ok[i] = 1
    } else {
      indices[unknown++] = i
      size += end - start
    }
  }
  const rest = indices.slice(0, unknown)
  return { batch: unknown === count ? batch : select(batch, rest, size), indices: rest }
}

/** Writes what was found for the rest to its place in the whole. */
export function mergeUnknown(indices: Int32Array, found: Recovered, out: Recovered): void {
  for (const [i, index] of indices.entries()) {
    out.ok[index] = found.ok[i] ?? 0
    for (let byte = 0; byte < ADDRESS_SIZE; byte++) {
      out.senders[ADDRESS_SIZE * index + byte] = found.senders[ADDRESS_SIZE * i + byte] ?? 0
    }
  }
}

function select({ bytes, offsets }: RawBatch, indices: Int32Array, size: number): RawBatch {
  const selected = new Uint8Array(size)
  const ends = new Int32Array(indices.length + 1)
  let at = 0
  for (const [i, index] of indices.entries()) {
    const raw = bytes.subarray(offsets[index], offsets[index + 1])
    selected.set(raw, at)
    at += raw.length
    ends[i + 1] = at
  }
  return { bytes: selected, offsets: ends }
}
