import { assert } from '../primitives/assert.ts'
import { entriesBelow, mergeEntries, sortedEntries } from './hashEntries.ts'
import { decodeNumber, numberKey } from './records.ts'
import type { Table } from './tables.ts'
import { openRunTable, type Run, type RunTable } from './transactionRuns.ts'

/**
 * Where transactions are, by hash. One record for each of 20,000 random hashes would touch as many
 * pages of a large table with every block. So each block writes one sorted **run** of short entries,
 * and runs are merged as they pile up, like a log-structured tree: a transaction is written again a
 * few times, always in order, and a search looks into a few dozen runs at most, plus one for every
 * million transactions.
 *
 * A transaction's **ordinal** is the count of those before it in the whole chain. An entry is the
 * first 5 bytes of the hash and the ordinal less that of the run's first, 3 bytes. Two hashes may
 * share 5 bytes: what is found are candidates, and whoever asks compares whole hashes.
 */
export type TransactionIndex = {
  /** Count of all transactions. */
  count(): number
  /** Ordinals of the transactions whose hash may be this one. */
  find(hash: Uint8Array): readonly number[]
  /** Adds the hashes of a block, 32 bytes each. Call it inside a transaction of the database. */
  add(hashes: Uint8Array): Change
  /** Forgets all but the first `count`. Call it inside a transaction of the database. */
  truncate(count: number): Change
  /** The transaction was committed: from now on the index is as `change` left it. */
  accept(change: Change): void
}

/** An index as it will be. */
export type Change = {
  readonly runs: readonly Run[]
  /** Runs that are no longer part of it. Who reads may still be at work on them. */
  readonly gone: readonly Run[]
  readonly idNext: number
  /** What `openTransactionIndex` needs to know of all this. */
  readonly record: Uint8Array
}

/** Runs of like size that become one. */
const FAN_OUT = 4
/** A run this big stays as it is: 4 ** 10 entries. Four a little smaller still fit 3 bytes. */
const TIER_MAX = 10

/** The index in `table`; `record` is what the last change left. */
export function openTransactionIndex(
  table: Table,
  path: string,
  record: Uint8Array | undefined,
): TransactionIndex {
  const runTable = openRunTable(table, path)
  let state = decodeState(record)
  return {
    count: () => endOf(state.runs),
    find(hash) {
      const found: number[] = []
      for (const run of state.runs) runTable.find(run, hash, found)
      return found
    },
    add(hashes) {
      // What was gone after the change before is used by nobody any more.
      runTable.remove(state.gone)
      return add(runTable, state, hashes)
    },
    truncate(count) {
      runTable.remove(state.gone)
      return truncate(runTable, state, count)
    },
    accept(next) {
      state = next
    },
  }
}

type State = Omit<Change, 'record'>

function add(table: RunTable, { runs, idNext }: State, hashes: Uint8Array): Change {
  const count = hashes.length / 32
  assert(Number.isInteger(count) && count < 2 ** 24, 'a block has whole hashes, and not so many')
  if (count === 0) return changeTo({ runs, gone: [], idNext })
  const { kept, merged } = plan(runs, count)
  const end = endOf(runs)
  const fresh = sortedEntries(hashes)
  const first = merged[0]?.first ?? end
  const run: Run = { id: idNext, first, count: end + count - first }
  const parts = merged.map((part) => [part.first, table.load(part)] as const)
  table.write(run, parts.length === 0 ? fresh : mergeEntries([...parts, [end, fresh]]))
  return changeTo({ runs: [...kept, run], gone: merged, idNext: idNext + 1 })
}

function truncate(table: RunTable, { runs, idNext }: State, count: number): Change {
  const kept = runs.filter((run) => run.first + run.count <= count)
  const gone = runs.slice(kept.length)
  const [cut] = gone
  if (cut === undefined || cut.first >= count) return changeTo({ runs: kept, gone, idNext })
  const rest: Run = { id: idNext, first: cut.first, count: count - cut.first }
  table.write(rest, entriesBelow(table.load(cut), rest.count))
  return changeTo({ runs: [...kept, rest], gone, idNext: idNext + 1 })
}

function endOf(runs: readonly Run[]): number {
  const last = runs.at(-1)
  return last === undefined ? 0 : last.first + last.count
}

/** How often a run of this many entries was merged, were all blocks alike: log4, rounded down. */
function tierOf(count: number): number {
  return Math.floor((31 - Math.clz32(count)) / 2)
}

/**
 * Which of the newest runs become one with a new one of `count` entries: those of lower tiers, and
 * whole fan-outs of like tier, so that tiers only fall from old to new and no tier has four runs.
 */
function plan(runs: readonly Run[], count: number) {
  let from = runs.length
  let sum = count
  for (;;) {
    const tier = tierOf(sum)
    if (tier >= TIER_MAX) break
    let like = from
    while (like > 0 && tierOf(runs[like - 1]?.count ?? 0) <= tier) like--
    const alike = runs.slice(like, from)
    const lower = alike.findIndex((run) => tierOf(run.count) < tier)
    // With what is merged anyway there are as many as a fan-out.
    if (alike.length + 1 >= FAN_OUT) from = like
    else if (lower >= 0) from = like + lower
    else break
    sum = runs.slice(from).reduce((total, run) => total + run.count, count)
  }
  return { kept: runs.slice(0, from), merged: runs.slice(from) }
}

function changeTo(state: State): Change {
  return { ...state, record: encodeState(state) }
}

const RUN_SIZE = 24

/** idNext(8) ‖ count of runs(8) ‖ the runs, then those that are gone, as id(8) ‖ first(8) ‖ count(8). */
function encodeState({ runs, gone, idNext }: State): Uint8Array {
  const out = new Uint8Array(16 + (runs.length + gone.length) * RUN_SIZE)
  out.set(numberKey(idNext))
  out.set(numberKey(runs.length), 8)
  for (const [at, run] of [...runs, ...gone].entries()) {
    const from = 16 + at * RUN_SIZE
    out.set(numberKey(run.id), from)
    out.set(numberKey(run.first), from + 8)
    out.set(numberKey(run.count), from + 16)
  }
  return out
}

function decodeState(record: Uint8Array | undefined): State {
  if (record === undefined) return { runs: [], gone: [], idNext: 0 }
  const all: Run[] = []
  for (let from = 16; from < record.length; from += RUN_SIZE) {
    const [id, first, count] = [0, 8, 16].map((at) => decodeNumber(record, from + at))
    all.push({ id: id ?? 0, first: first ?? 0, count: count ?? 0 })
  }
  const count = decodeNumber(record, 8)
  return { runs: all.slice(0, count), gone: all.slice(count), idNext: decodeNumber(record) }
}
