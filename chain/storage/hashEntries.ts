// An entry is the first 5 bytes of a transaction's hash and 3 bytes of its place in the run; see
// transactionIndex.ts. They are sorted as bytes are.

/** Bytes of an entry, and of the piece of the hash that it begins with. */
export const ENTRY_SIZE = 8
export const PREFIX_SIZE = 5

/** Which half of a 64-bit word in memory has its low 32 bits. */
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1
const HIGH = 1 - LOW

/** Entries of a block, sorted. `hashes` are 32 bytes each. */
export function sortedEntries(hashes: Uint8Array): Uint8Array {
  const count = hashes.length / 32
  const words = new BigUint64Array(count)
  const halves = new Uint32Array(words.buffer)
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength)
  for (let i = 0; i < count; i++) {
    halves[2 * i + HIGH] = view.getUint32(32 * i)
    halves[2 * i + LOW] = ((view.getUint8(32 * i + 4) << 24) | i) >>> 0
  }
  return sortedBytes(words, halves)
}

/**
 * One run of several that follow each other. Each part is its first ordinal and its entries; the
 * first one's is also that of the result.
 */
export function mergeEntries(
  parts: readonly (readonly [first: number, entries: Uint8Array])[],
): Uint8Array {
  const size = parts.reduce((sum, [, entries]) => sum + entries.length, 0)
  const words = new BigUint64Array(size / ENTRY_SIZE)
  const halves = new Uint32Array(words.buffer)
  const base = parts[0]?.[0] ?? 0
  let at = 0
  for (const [first, entries] of parts) {
    const view = new DataView(entries.buffer, entries.byteOffset, entries.byteLength)
    for (let from = 0; from < entries.length; from += ENTRY_SIZE) {
      halves[2 * at + HIGH] = view.getUint32(from)
      // The sum stays within the low 3 bytes: a run has fewer than 2 ** 24 entries.
      halves[2 * at + LOW] = view.getUint32(from + 4) + first - base
      at++
    }
  }
  return sortedBytes(words, halves)
}

/** PERF: 70 ns per entry and merge, all but a few of them in the sort. */
function sortedBytes(words: BigUint64Array, halves: Uint32Array): Uint8Array {
  words.sort()
  const out = new Uint8Array(words.length * ENTRY_SIZE)
  const view = new DataView(out.buffer)
  for (let i = 0; i < words.length; i++) {
    view.setUint32(8 * i, halves[2 * i + HIGH] ?? 0)
    view.setUint32(8 * i + 4, halves[2 * i + LOW] ?? 0)
  }
  return out
}

/** Those of the first `count` transactions of a run; they stay sorted. */
export function entriesBelow(entries: Uint8Array, count: number): Uint8Array {
  const out = new Uint8Array(count * ENTRY_SIZE)
  let filled = 0
  for (let from = 0; from < entries.length; from += ENTRY_SIZE) {
    if (ordinalAt(entries, from) >= count) continue
    out.set(entries.subarray(from, from + ENTRY_SIZE), filled)
    filled += ENTRY_SIZE
  }
  return out
}

function ordinalAt(entries: Uint8Array, from: number): number {
  return (
    (entries[from + 5] ?? 0) * 65_536 + (entries[from + 6] ?? 0) * 256 + (entries[from + 7] ?? 0)
  )
}

/**
 * Adds the ordinals of entries with the prefix of `hash`, those of the run beginning at `first`;
 * false when entries after them came into sight.
 */
export function collect(
  entries: Uint8Array,
  hash: Uint8Array,
  first: number,
  into: number[],
): boolean {
  let low = 0
  let high = entries.length / ENTRY_SIZE
  while (low < high) {
    const middle = (low + high) >>> 1
    if (comparePrefix(entries, middle * ENTRY_SIZE, hash) < 0) low = middle + 1
    else high = middle
  }
  for (let from = low * ENTRY_SIZE; from < entries.length; from += ENTRY_SIZE) {
    if (comparePrefix(entries, from, hash) !== 0) return false
    into.push(first + ordinalAt(entries, from))
  }
  return true
}

function comparePrefix(entries: Uint8Array, from: number, hash: Uint8Array): number {
  for (let i = 0; i < PREFIX_SIZE; i++) {
    const difference = (entries[from + i] ?? 0) - (hash[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}
