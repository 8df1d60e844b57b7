import { corrupt } from './errors.ts'
import { collect, ENTRY_SIZE, PREFIX_SIZE } from './hashEntries.ts'
import { join, numberKey } from './records.ts'
import type { Table } from './tables.ts'

/** Sorted entries of `count` transactions from the ordinal `first` on; see `transactionIndex.ts`. */
export type Run = {
  readonly id: number
  readonly first: number
  readonly count: number
  /** All entries, of small runs that were read or made. */
  entries?: Uint8Array
}

/** Runs in a table. */
export type RunTable = {
  load(run: Run): Uint8Array
  write(run: Run, entries: Uint8Array): void
  remove(runs: readonly Run[]): void
  /** Adds the ordinals of the transactions in `run` whose hash may be this one. */
  find(run: Run, hash: Uint8Array, into: number[]): void
}

// Key: run(8) ‖ first entry of the chunk(8).
/** Bytes of entries in one record: with its key and head it fills four pages of LMDB. */
const CHUNK_SIZE = 4 * 4_096 - 24
/** Runs up to this many entries are kept in memory once they are there. */
const KEPT_COUNT_MAX = 65_536

/** Runs in `table` of the database at `path`. */
export function openRunTable(table: Table, path: string): RunTable {
  const load = (run: Run): Uint8Array => {
    if (run.entries !== undefined) return run.entries
    const out = new Uint8Array(run.count * ENTRY_SIZE)
    let filled = 0
    for (const { value } of table.getRange(rangeOf(run))) {
      if (filled + value.length > out.length) break
      out.set(value, filled)
      filled += value.length
    }
    if (filled !== out.length) throw corrupt(path, `the transactions from ${run.first} are missing`)
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
    find(run, hash, into) {
      if (run.count <= KEPT_COUNT_MAX) {
        collect(load(run), hash, run.first, into)
        return
      }
      // The last chunk that begins before every entry of this prefix, and those after it as long
      // as they go on with it.
      const lowest = new Uint8Array(2 * ENTRY_SIZE)
      lowest.set(numberKey(run.id))
      lowest.set(hash.subarray(0, PREFIX_SIZE), ENTRY_SIZE)
      const { start, end } = rangeOf(run)
      const options = { start: lowest, end: start, reverse: true, limit: 1 } as const
      const [chunk = lowest] = [...table.getKeys(options)]
      for (const { value } of table.getRange({ start: chunk, end })) {
        if (!collect(value, hash, run.first, into)) break
      }
    },
  }
}

function rangeOf({ id }: Run) {
  return { start: numberKey(id), end: numberKey(id + 1) }
}

function keep(run: Run, entries: Uint8Array): void {
  if (run.count <= KEPT_COUNT_MAX) run.entries = entries
}
