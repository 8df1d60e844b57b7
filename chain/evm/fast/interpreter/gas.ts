import type { Frame } from './frame.ts'

/** From here on memory costs more than any frame may have, see `GAS_MAX`. */
const WORDS_MAX = 2 ** 26

/**
 * The most gas a frame may begin with here. `WORDS_MAX` words of memory cost more, and everything
 * below is exact in doubles.
 */
export const GAS_MAX = 2n ** 43n

/**
 * The gas for touching `length` bytes from `offset` on; the memory counts as grown. Infinity when
 * no frame could pay for it.
 *
 * @source Ethereum Yellow Paper, appendix H.1: C_mem = 3 a + floor(a^2 / 512)
 */
export function growGas(frame: Frame, offset: bigint, length: bigint): number {
  // Without a byte nothing is touched, however far away it is.
  if (length === 0n) return 0
  const words = Math.ceil(Number(offset + length) / 32)
  if (words <= frame.memoryWords) return 0
  if (words >= WORDS_MAX) return Number.POSITIVE_INFINITY
  const { costs } = frame.host
  const gas = words * costs.memoryWord + Math.floor((words * words) / costs.memoryDivisor)
  const added = gas - frame.memoryGas
  frame.memoryGas = gas
  frame.memoryWords = words
  return added
}

/** Words that `length` bytes fill; huge lengths are only as exact as it takes to be too many. */
export function wordsIn(length: bigint): number {
  return Math.ceil(Number(length) / 32)
}
