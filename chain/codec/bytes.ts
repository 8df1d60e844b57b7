import type { Hex } from '../primitives/hex.ts'

// The functions of this folder that run several times per transaction take their arguments one by
// one: an options object for each call would cost more than the call.

/** No bytes, for all who have none. */
export const EMPTY_BYTES: Uint8Array = new Uint8Array(0)

/** Below this many bytes a loop copies faster than `set` with the view that it needs. */
const LOOP_SIZE_MAX = 48

// One per thread; nothing is kept in it between calls.
const words = new Uint8Array(32)
const wordsView = new DataView(words.buffer)

/** Bytes as 0x-prefixed hex. */
export function toHex(bytes: Uint8Array): Hex {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`
}

/** Copies `source[from, to)` to `target` at `at`; one past the last byte written. */
export function copyBytes(
  source: Uint8Array,
  from: number,
  to: number,
  target: Uint8Array,
  at: number,
): number {
  const size = to - from
  if (size > LOOP_SIZE_MAX) target.set(source.subarray(from, to), at)
  else for (let i = 0; i < size; i++) target[at + i] = source[from + i] ?? 0
  return at + size
}

/** The unsigned integer in `bytes[from, to)`, most significant byte first; at most 32 bytes. */
export function uintAt(bytes: Uint8Array, from: number, to: number): bigint {
  const size = to - from
  if (size <= 6) return size === 0 ? 0n : BigInt(numberAt(bytes, from, to))
  const wordCount = (size + 7) >> 3
  const start = 8 * wordCount - size
  words.fill(0, 0, start)
  for (let i = 0; i < size; i++) words[start + i] = bytes[from + i] ?? 0
  let value = wordsView.getBigUint64(0)
  for (let word = 1; word < wordCount; word++) {
    value = (value << 64n) | wordsView.getBigUint64(8 * word)
  }
  return value
}

/** The unsigned integer in `bytes[from, to)`; at most 6 bytes, so that it is exact. */
export function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let i = from; i < to; i++) value = value * 256 + (bytes[i] ?? 0)
  return value
}

/** Bytes that `value` takes without leading zeros; 0 for 0. */
export function uintSize(value: bigint): number {
  if (value < 0x1000000000000n) return numberSize(Number(value))
  let size = 6
  for (let rest = value >> 48n; rest > 0n; rest >>= 8n) size++
  return size
}

/** Bytes that `value`, below 2^53, takes without leading zeros; 0 for 0. */
export function numberSize(value: number): number {
  let size = 0
  for (let rest = value; rest >= 1; rest /= 256) size++
  return size
}

/** Writes `value` in `size` bytes, most significant first; one past the last byte written. */
export function writeUintBytes(
  value: bigint,
  size: number,
  target: Uint8Array,
  at: number,
): number {
  if (size <= 6) return writeNumberBytes(Number(value), size, target, at)
  let rest = value
  for (let i = at + size - 1; i >= at; i--) {
    target[i] = Number(rest & 0xffn)
    rest >>= 8n
  }
  return at + size
}

/** As `writeUintBytes`, for a number below 2^53. */
export function writeNumberBytes(
  value: number,
  size: number,
  target: Uint8Array,
  at: number,
): number {
  let rest = value
  for (let i = at + size - 1; i >= at; i--) {
    target[i] = rest % 256
    rest = Math.floor(rest / 256)
  }
  return at + size
}
