import { keccak256 } from '../../chain/crypto/keccak.ts'

/** Numbers that follow from a seed alone. */
export type Random = {
  /** A whole number from 0 up to, not including, `bound`. */
  below(bound: number): number
  /** 32 bytes that follow from the seed and these words, whatever was drawn before. */
  bytes(...words: readonly (string | number)[]): Uint8Array<ArrayBuffer>
}

/** A source of numbers that gives the same ones for the same seed on every machine. */
export function createRandom(seed: string): Random {
  const bytes = (...words: readonly (string | number)[]) =>
    keccak256(new TextEncoder().encode([seed, ...words].join('/')))
  const start = new DataView(bytes('stream').buffer)
  let state = start.getUint32(0)
  return {
    bytes,
    below(bound) {
      // Mulberry32: fast and even enough for choosing accounts.
      state = (state + 0x6d2b79f5) >>> 0
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * bound)
    },
  }
}
