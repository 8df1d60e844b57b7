import { keccak256 } from '../crypto/keccak.ts'
import type { RawLog } from './logs.ts'

/** Bytes of a bloom filter: 2048 bits. */
export const BLOOM_SIZE = 256

/** The filter of what has no logs. Shared: never written to. */
export const EMPTY_BLOOM: Uint8Array = new Uint8Array(BLOOM_SIZE)

/**
 * Puts an address or a topic into `bloom`: three bits, out of the first six bytes of its hash.
 *
 * @source Ethereum Yellow Paper, section 4.3.1
 */
export function addToBloom(bloom: Uint8Array, item: Uint8Array): void {
  const hash = keccak256(item)
  for (let i = 0; i < 6; i += 2) {
    const bit = (((hash[i] ?? 0) << 8) | (hash[i + 1] ?? 0)) & 2047
    const at = BLOOM_SIZE - 1 - (bit >> 3)
    bloom[at] = (bloom[at] ?? 0) | (1 << (bit & 7))
  }
}

/** The filter of some logs; the shared empty one when there are none. */
export function bloomOf(logs: readonly RawLog[]): Uint8Array {
  if (logs.length === 0) return EMPTY_BLOOM
  const bloom = new Uint8Array(BLOOM_SIZE)
  for (const [address, topics] of logs) {
    addToBloom(bloom, address)
    for (const topic of topics) addToBloom(bloom, topic)
  }
  return bloom
}

/** Puts everything that is in `added` into `bloom`. */
export function mergeBloom(bloom: Uint8Array, added: Uint8Array): void {
  for (let i = 0; i < BLOOM_SIZE; i++) bloom[i] = (bloom[i] ?? 0) | (added[i] ?? 0)
}
