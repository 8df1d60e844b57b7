import { limits } from '../../primitives/limits.ts'
import { ADDRESS_SIZE, HASH_SIZE } from './recoverBatch.ts'

/**
 * Senders by the hash of the whole raw transaction, so that a block finds those that were recovered
 * at admission. A twin with another signature has another hash and is not found.
 */
export type SenderCache = {
  /** Writes the sender of the 32-byte hash at `hashAt` to `out` at `at`; false when unknown. */
  read(hashes: Uint8Array, hashAt: number, out: Uint8Array, at: number): boolean
  /** Remembers the 20 bytes at `senderAt` for the hash at `hashAt`; forgets some older one. */
  write(hashes: Uint8Array, hashAt: number, senders: Uint8Array, senderAt: number): void
}

/** Places that a hash may be at; the oldest of them is overwritten. */
const WAYS = 8

/**
 * A cache of at least `capacity` senders, 53 bytes each.
 *
 * Flat memory, because a map of this many strings costs the garbage collector a pause. Sets of a
 * few places bound the search whatever hashes somebody grinds: only their own set is forgotten.
 */
export function createSenderCache(capacity: number = limits.senderCacheMax): SenderCache {
  const sets = 2 ** Math.ceil(Math.log2(Math.max(1, capacity / WAYS)))
  const hashes = new Uint8Array(sets * WAYS * HASH_SIZE)
  const senders = new Uint8Array(sets * WAYS * ADDRESS_SIZE)
  const oldest = new Uint8Array(sets)

  /** First place of a hash's set; the end of a hash is as random as its beginning. */
  const placeOf = (bytes: Uint8Array, at: number): number => {
    let bits = 0
    for (let i = 28; i < 32; i++) bits = (bits << 8) | (bytes[at + i] ?? 0)
    return ((bits >>> 0) % sets) * WAYS
  }

  const find = (bytes: Uint8Array, at: number): number => {
    const first = placeOf(bytes, at)
    for (let place = first; place < first + WAYS; place++) {
      const start = HASH_SIZE * place
      let i = 0
      while (i < HASH_SIZE && hashes[start + i] === bytes[at + i]) i++
      if (i === HASH_SIZE) return place
    }
    return -1
  }

  return {
    read(bytes, hashAt, out, at) {
      const place = find(bytes, hashAt)
      if (place < 0) return false
      const start = ADDRESS_SIZE * place
      for (let i = 0; i < ADDRESS_SIZE; i++) out[at + i] = senders[start + i] ?? 0
      return true
    },
    write(bytes, hashAt, from, senderAt) {
      let place = find(bytes, hashAt)
      if (place < 0) {
        const first = placeOf(bytes, hashAt)
        const way = oldest[first / WAYS] ?? 0
        oldest[first / WAYS] = (way + 1) % WAYS
        place = first + way
      }
      for (let i = 0; i < HASH_SIZE; i++) hashes[HASH_SIZE * place + i] = bytes[hashAt + i] ?? 0
      const start = ADDRESS_SIZE * place
      for (let i = 0; i < ADDRESS_SIZE; i++) senders[start + i] = from[senderAt + i] ?? 0
    },
  }
}
