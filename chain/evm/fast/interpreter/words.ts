const scratch = new Uint8Array(32)
const scratchView = new DataView(scratch.buffer)
const scratchUnits = new Uint16Array(scratch.buffer)

const TWO_64 = 1n << 64n

/** The 32 bytes at `at` as a number, big-endian. */
export function readWord(view: DataView, at: number): bigint {
  // Lengths and offsets, the most frequent words of compiled code, fit into the last 64 bits.
  const low = view.getBigUint64(at + 24)
  if (isZero64(view, at + 16) && isZero64(view, at + 8) && isZero64(view, at)) return low
  const high = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8)
  return (high << 128n) | (view.getBigUint64(at + 16) << 64n) | low
}

/** Writes a number below 2^256 as 32 bytes, big-endian. */
export function writeWord(view: DataView, at: number, word: bigint): void {
  view.setBigUint64(at + 24, word)
  if (word < TWO_64) {
    view.setFloat64(at, 0)
    view.setFloat64(at + 8, 0)
    view.setFloat64(at + 16, 0)
    return
  }
  // The view keeps the lowest 64 bits of what it is given.
  view.setBigUint64(at + 16, word >> 64n)
  const high = word >> 128n
  view.setBigUint64(at + 8, high)
  view.setBigUint64(at, high >> 64n)
}

/** At most 32 bytes as a number, big-endian. */
export function wordOf(bytes: Uint8Array): bigint {
  scratch.fill(0, 0, 32 - bytes.length)
  scratch.set(bytes, 32 - bytes.length)
  return readWord(scratchView, 0)
}

/** A number below 2^256 as 32 fresh bytes. */
export function bytesOf(word: bigint): Uint8Array<ArrayBuffer> {
  writeWord(scratchView, 0, word)
  return scratch.slice()
}

/** A number below 2^256 as the fewest bytes; none for zero. */
export function shortBytesOf(word: bigint): Uint8Array<ArrayBuffer> {
  writeWord(scratchView, 0, word)
  let start = 0
  while (start < 32 && scratch[start] === 0) start++
  return scratch.slice(start)
}

/**
 * A name for at most 32 bytes, for the keys of maps: the bytes, padded in front, two in one unit.
 * Names of equal length are equal when the bytes are.
 */
export function nameOf(bytes: Uint8Array): string {
  scratch.fill(0, 0, 32 - bytes.length)
  scratch.set(bytes, 32 - bytes.length)
  return nameOfScratch()
}

/** `nameOf(bytesOf(word))`. */
export function nameOfWord(word: bigint): string {
  writeWord(scratchView, 0, word)
  return nameOfScratch()
}

function nameOfScratch(): string {
  const u = scratchUnits
  // Sixteen arguments written out: spreading an array costs five times as much.
  // biome-ignore format: one line for four units.
  return String.fromCharCode(
    u[0] ?? 0, u[1] ?? 0, u[2] ?? 0, u[3] ?? 0,
    u[4] ?? 0, u[5] ?? 0, u[6] ?? 0, u[7] ?? 0,
    u[8] ?? 0, u[9] ?? 0, u[10] ?? 0, u[11] ?? 0,
    u[12] ?? 0, u[13] ?? 0, u[14] ?? 0, u[15] ?? 0,
  )
}

function isZero64(view: DataView, at: number): boolean {
  return view.getInt32(at) === 0 && view.getInt32(at + 4) === 0
}
