import { corrupt } from './errors.ts'
import { join, numberKey } from './records.ts'
import { compareEntry, compareKey, ENTRY_SIZE, KEY_SIZE, ordinalAt } from './sortedEntries.ts'
import type { Table } from './tables.ts'

/** Sorted entries of the ordinals from `first` to below `end`. */
export type Run = {
  readonly id: number
  readonly first: number
  readonly end: number
  /** How many entries. */
  readonly count: number
  /** All of them, of small runs that were read or made. */
  entries?: Uint8Array
}

/** What is looked for: a key of 5 bytes, with ordinals from `from` to below `to`. */
export type RunQuery = { readonly key: Uint8Array; readonly from: number; readonly to: number }

/** Runs in a table. */
export type RunTable = {
  /** @throws StorageError `STORAGE_CORRUPT` when there are not as many entries as there must be. */
  load(run: Run): Uint8Array
  write(run: Run, entries: Uint8Array): void
  remove(runs: readonly Run[]): void
  /** Adds the ordinals that match, rising. */
  find(run: Run, query: RunQuery, into: number[]): void
}

// Key: run(8) ‖ first entry of the chunk(8).
/** Bytes of entries in one record: it fills four pages of LMDB, as `NODE_PAGE_SIZE`. */
const CHUNK_SIZE = 4 * 4_096 - 24
/** Runs up to this many entries are kept in memory once they are there: at most 3 of each tier. */
const KEPT_COUNT_MAX = 65_536

/** Runs in `table` of the database at `path`. */
export function openRunTable(table: Table, path: string): RunTable {
  const load = (run: Run): Uint8Array => {
    if (run.entries !== undefined) return run.entries
    const out = new Uint8Array(run.count * ENTRY_SIZE)
    let filled = 0
    for (const { value } of table.getRange(rangeOf(run))) {
      if (filled + value.length > out.length) throw damaged(path, run)
      out.set(value, filled)
      filled += value.length
    }
    if (filled !== out.length) throw damaged(path, run)
    keep(run, out)
    return out
  }
  return {
    load,
    write(run, entries) {
      for (let from = 0; from < entries.length; from += CHUNK_SIZE) {
        const chunk = entries.subarray(from, from + CHUNK_SIZE)
        table.put(join(numberKey(run.id), chunk.subarray(0, ENTRY_SIZE)), chunk)
      }
      keep(run, entries)
    },
    remove(runs) {
      for (const run of runs) {
        for (const key of [...table.getKeys(rangeOf(run))]) table.remove(key)
      }
    },
    find(run, query, into) {
      if (query.to <= run.first || query.from >= run.end) return
      if (run.count <= KEPT_COUNT_MAX) {
        collect(load(run), run, query, into)
        return
      }
      // The last chunk that begins at or before what is looked for, and those after it as long as
      // they go on with it.
      const { start, end } = rangeOf(run)
      const lowest = join(start, entryOf(run, query))
      const options = { start: lowest, end: start, reverse: true, limit: 1 } as const
      const [chunk = lowest] = [...table.getKeys(options)]
      for (const { value } of table.getRange({ start: chunk, end })) {
        if (!collect(value, run, query, into)) break
      }
    },
  }
}

/** Adds the ordinals of entries that match; false when entries behind them came into sight. */
function collect(entries: Uint8Array, { first }: Run, query: RunQuery, into: number[]): boolean {
  const { key, from, to } = query
  const lowest = { key, ordinal: from - first }
  let low = 0
  let high = entries.length / ENTRY_SIZE
  while (low < high) {
    const middle = (low + high) >>> 1
    if (compareEntry(entries, middle * ENTRY_SIZE, lowest) < 0) low = middle + 1
    else high = middle
  }
  for (let at = low * ENTRY_SIZE; at < entries.length; at += ENTRY_SIZE) {
    const ordinal = first + ordinalAt(entries, at)
    if (compareKey(entries, at, key) !== 0 || ordinal >= to) return false
    into.push(ordinal)
  }
  return true
}

/** The lowest entry that matches. */
function entryOf({ first }: Run, { key, from }: RunQuery): Uint8Array {
  const out = new Uint8Array(ENTRY_SIZE)
  new DataView(out.buffer).setUint32(ENTRY_SIZE - 4, Math.max(0, from - first))
  out.set(key.subarray(0, KEY_SIZE))
  return out
}

function rangeOf({ id }: Run) {
  return { start: numberKey(id), end: numberKey(id + 1) }
}

function keep(run: Run, entries: Uint8Array): void {
  if (run.count <= KEPT_COUNT_MAX) run.entries = entries
}

function damaged(path: string, { first, end }: Run) {
  return corrupt(path, `the index of ${first} to ${end} is damaged`)
}
