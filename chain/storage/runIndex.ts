import { assert } from '../primitives/assert.ts'
import { decodeNumber, numberKey } from './records.ts'
import { openRunTable, type Run, type RunQuery, type RunTable } from './runTable.ts'
import { ENTRY_SIZE, entriesBelow, mergeEntries, ORDINAL_MAX } from './sortedEntries.ts'
import type { Table } from './tables.ts'

/**
 * An index from keys to rising numbers, its **ordinals**: the height of a block, the count of
 * transactions before one. One record for each of 20,000 random keys would touch as many pages of a
 * large table with every block. So each block writes one sorted **run** of short entries, and runs
 * are merged as they pile up, like a log-structured tree: an entry is written again a few times,
 * always in order, and a search looks into a few dozen runs at most, plus one for every million
 * entries.
 *
 * Keys are pieces of what they stand for, 5 bytes: what is found are candidates, and whoever asks
 * compares the whole.
 */
export type RunIndex = {
  /** One more than the last ordinal. */
  end(): number
  /** Ordinals under a key, rising. */
  find(query: RunQuery): readonly number[]
  /**
   * Adds entries of the ordinals from `first` to below `end`, as `hashEntries` and `keyEntries` make
   * them. Call it inside a transaction of the database.
   */
  add(part: { readonly first: number; readonly end: number; readonly entries: Uint8Array }): Change
  /** Forgets ordinals from `end` on. Call it inside a transaction of the database. */
  truncate(end: number): Change
  /** The transaction was committed: from now on the index is as `change` left it. */
  accept(change: Change): void
}

/** An index as it will be. */
export type Change = {
  readonly runs: readonly Run[]
  /** Runs that are no longer part of it. Who reads may still be at work on them. */
  readonly gone: readonly Run[]
  readonly idNext: number
  /** What `openRunIndex` needs to know of all this. */
  readonly record: Uint8Array
}

/** Runs of like size that become one. */
const FAN_OUT = 4
/** A run of 4 ** 10 entries stays as it is: merging more would hold up a block. */
const TIER_MAX = 10

/** The index in `table`; `record` is what the last change left. */
export function openRunIndex(table: Table, path: string, record: Uint8Array | undefined): RunIndex {
  const runTable = openRunTable(table, path)
  let state = decodeState(record)
  return {
    end: () => state.runs.at(-1)?.end ?? 0,
    find(query) {
      const found: number[] = []
      for (const run of state.runs) runTable.find(run, query, found)
      return found
    },
    add(part) {
      // What was gone after the change before is used by nobody any more.
      runTable.remove(state.gone)
      return add(runTable, state, part)
    },
    truncate(end) {
      runTable.remove(state.gone)
      return truncate(runTable, state, end)
    },
    accept(next) {
      state = next
    },
  }
}

type State = Omit<Change, 'record'>

function add(
  table: RunTable,
  { runs, idNext }: State,
  part: Parameters<RunIndex['add']>[0],
): Change {
  assert(part.end - part.first < ORDINAL_MAX, 'a block has fewer ordinals than a run may')
  assert(part.first >= (runs.at(-1)?.end ?? 0), 'ordinals rise')
  if (part.entries.length === 0) return changeTo({ runs, gone: [], idNext })
  const { kept, merged } = plan(runs, { ...part, count: part.entries.length / ENTRY_SIZE })
  const parts = merged.map((run) => [run.first, table.load(run)] as const)
  const entries =
    parts.length === 0 ? part.entries : mergeEntries([...parts, [part.first, part.entries]])
  const run: Run = {
    id: idNext,
    first: merged[0]?.first ?? part.first,
    end: part.end,
    count: entries.length / ENTRY_SIZE,
  }
  table.write(run, entries)
  return changeTo({ runs: [...kept, run], gone: merged, idNext: idNext + 1 })
}

function truncate(table: RunTable, { runs, idNext }: State, end: number): Change {
  const kept = runs.filter((run) => run.end <= end)
  const gone = runs.slice(kept.length)
  const [cut] = gone
  if (cut === undefined || cut.first >= end) return changeTo({ runs: kept, gone, idNext })
  const entries = entriesBelow(table.load(cut), end - cut.first)
  const rest: Run = { id: idNext, first: cut.first, end, count: entries.length / ENTRY_SIZE }
  table.write(rest, entries)
  return changeTo({ runs: [...kept, rest], gone, idNext: idNext + 1 })
}

/** How often a run of this many entries was merged, were all blocks alike: log4, rounded down. */
function tierOf(count: number): number {
  return Math.floor((31 - Math.clz32(count)) / 2)
}

/**
 * Which of the newest runs become one with a new one: those of lower tiers, and whole fan-outs of
 * like tier, so that tiers only fall from old to new and no tier has four runs.
 */
function plan(runs: readonly Run[], fresh: Omit<Run, 'id'>) {
  let from = runs.length
  let sum = fresh.count
  for (;;) {
    const tier = tierOf(sum)
    if (tier >= TIER_MAX) break
    let like = from
    while (like > 0 && isAtMost(runs[like - 1], tier, fresh.end)) like--
    const alike = runs.slice(like, from)
    const lower = alike.findIndex((run) => tierOf(run.count) < tier)
    // With what is merged anyway there are as many as a fan-out.
    if (alike.length + 1 >= FAN_OUT) from = like
    else if (lower >= 0) from = like + lower
    else break
    sum = runs.slice(from).reduce((total, run) => total + run.count, fresh.count)
  }
  return { kept: runs.slice(0, from), merged: runs.slice(from) }
}

/** Whether a run is of no higher tier, and what reaches from it to `end` still fits one run. */
function isAtMost(run: Run | undefined, tier: number, end: number): boolean {
  return run !== undefined && tierOf(run.count) <= tier && end - run.first < ORDINAL_MAX
}

function changeTo(state: State): Change {
  return { ...state, record: encodeState(state) }
}

const RUN_SIZE = 32

/** idNext(8) ‖ count of runs(8) ‖ runs, then those gone: id(8) ‖ first(8) ‖ end(8) ‖ count(8). */
function encodeState({ runs, gone, idNext }: State): Uint8Array {
  const out = new Uint8Array(16 + (runs.length + gone.length) * RUN_SIZE)
  out.set(numberKey(idNext))
  out.set(numberKey(runs.length), 8)
  for (const [at, run] of [...runs, ...gone].entries()) {
    const fields = [run.id, run.first, run.end, run.count]
    for (const [place, field] of fields.entries()) {
      out.set(numberKey(field), 16 + at * RUN_SIZE + place * 8)
    }
  }
  return out
}

function decodeState(record: Uint8Array | undefined): State {
  if (record === undefined) return { runs: [], gone: [], idNext: 0 }
  const all: Run[] = []
  for (let from = 16; from < record.length; from += RUN_SIZE) {
    all.push({
      id: decodeNumber(record, from),
      first: decodeNumber(record, from + 8),
      end: decodeNumber(record, from + 16),
      count: decodeNumber(record, from + 24),
    })
  }
  const count = decodeNumber(record, 8)
  return { runs: all.slice(0, count), gone: all.slice(count), idNext: decodeNumber(record) }
}
