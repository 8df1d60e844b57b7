// An entry is a key of 5 bytes and an ordinal of 3, the latter less that of the first in its run;
// see runIndex.ts. Entries are sorted as bytes are.

/** Bytes of an entry, and of the key that it begins with. */
export const ENTRY_SIZE = 8
export const KEY_SIZE = 5
/** Ordinals of one run stay below this. */
export const ORDINAL_MAX = 2 ** 24

/** Which half of a 64-bit word in memory has its low 32 bits. */
const LOW = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1 ? 0 : 1
const HIGH = 1 - LOW

/** Entries with the first bytes of `hashes`, 32 bytes each, as keys and their places as ordinals. */
export function hashEntries(hashes: Uint8Array): Uint8Array {
  const words = new BigUint64Array(hashes.length / 32)
  const halves = new Uint32Array(words.buffer)
  const view = new DataView(hashes.buffer, hashes.byteOffset, hashes.byteLength)
  for (let i = 0; i < words.length; i++) {
    halves[2 * i + HIGH] = view.getUint32(32 * i)
    halves[2 * i + LOW] = ((view.getUint8(32 * i + 4) << 24) | i) >>> 0
  }
  return sortedBytes(words, halves)
}

/** Keys that are collected one by one. */
export type Keys = {
  /** Adds one: its first 4 bytes and its last. */
  add(high: number, low: number): void
  /** Those that were added, with ordinal 0. */
  words(): BigUint64Array
}

/** Room for `countMax` keys. */
export function createKeys(countMax: number): Keys {
  const words = new BigUint64Array(countMax)
  const halves = new Uint32Array(words.buffer)
  let count = 0
  return {
    add(high, low) {
      halves[2 * count + HIGH] = high
      halves[2 * count + LOW] = low << 24
      count++
    },
    words: () => words.subarray(0, count),
  }
}

/** Entries with these keys, each once, all of ordinal 0. */
export function keyEntries(keys: Keys): Uint8Array {
  const words = keys.words()
  const sorted = sortedBytes(words, new Uint32Array(words.buffer))
  let filled = 0
  for (let from = 0; from < sorted.length; from += ENTRY_SIZE) {
    const key = sorted.subarray(from, from + KEY_SIZE)
    if (filled > 0 && compareKey(sorted, filled - ENTRY_SIZE, key) === 0) continue
    sorted.copyWithin(filled, from, from + ENTRY_SIZE)
    filled += ENTRY_SIZE
  }
  return sorted.slice(0, filled)
}

/**
 * Entries of several runs as one. Each part is its first ordinal and its entries; the first one's
 * is also that of the result.
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
      // The sum of the ordinals stays within its 3 bytes: `ORDINAL_MAX`.
      halves[2 * at + LOW] = view.getUint32(from + 4) + first - base
      at++
    }
  }
  return sortedBytes(words, halves)
}

/** Those with an ordinal below `bound`; they stay sorted. */
export function entriesBelow(entries: Uint8Array, bound: number): Uint8Array {
  const out = new Uint8Array(entries.length)
  let filled = 0
  for (let from = 0; from < entries.length; from += ENTRY_SIZE) {
    if (ordinalAt(entries, from) >= bound) continue
    out.set(entries.subarray(from, from + ENTRY_SIZE), filled)
    filled += ENTRY_SIZE
  }
  return out.slice(0, filled)
}

/** The entry at `from`, less than, equal to or greater than a key and an ordinal. */
export function compareEntry(
  entries: Uint8Array,
  from: number,
  { key, ordinal }: { readonly key: Uint8Array; readonly ordinal: number },
): number {
  return compareKey(entries, from, key) || ordinalAt(entries, from) - ordinal
}

/** The key of the entry at `from`, less than, equal to or greater than what `key` begins with. */
export function compareKey(entries: Uint8Array, from: number, key: Uint8Array): number {
  for (let i = 0; i < KEY_SIZE; i++) {
    const difference = (entries[from + i] ?? 0) - (key[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** Ordinal of the entry at `from`. */
export function ordinalAt(entries: Uint8Array, from: number): number {
  const at = from + KEY_SIZE
  return (entries[at] ?? 0) * 65_536 + (entries[at + 1] ?? 0) * 256 + (entries[at + 2] ?? 0)
}

/** PERF: 70 ns per entry, nearly all of it in the sort. */
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
