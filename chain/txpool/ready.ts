import { effectiveTip, type PoolEntry } from './entry.ts'

/**
 * Ready transactions, best tip first, each sender's in the order of its nonces. `skipSender` leaves
 * out what the sender of the entry just given still has: for when it did not fit or failed.
 */
export type ReadyEntries = IterableIterator<PoolEntry> & { skipSender(): void }

type Run = { readonly entries: readonly PoolEntry[]; at: number; tip: bigint; arrival: number }

/** Merges the runs of all senders. A run ends where the fee cap is below `baseFee`. */
export function mergeReady(runs: Iterable<readonly PoolEntry[]>, baseFee: bigint): ReadyEntries {
  const heap: Run[] = []
  for (const entries of runs) pushRun(heap, { entries, at: -1, tip: 0n, arrival: 0 }, baseFee)

  let current: Run | undefined
  return {
    next() {
      if (current !== undefined) pushRun(heap, current, baseFee)
      current = popBest(heap)
      const entry = current?.entries[current.at]
      return entry === undefined ? { done: true, value: undefined } : { done: false, value: entry }
    },
    skipSender() {
      current = undefined
    },
    [Symbol.iterator]() {
      return this
    },
  }
}

/** Moves `run` to its next entry and puts it into the heap, unless it is at its end. */
function pushRun(heap: Run[], run: Run, baseFee: bigint): void {
  run.at++
  const entry = run.entries[run.at]
  if (entry === undefined) return
  run.tip = effectiveTip(entry, baseFee)
  run.arrival = entry.arrival
  if (run.tip < 0n) return

  heap.push(run)
  for (let at = heap.length - 1; at > 0; ) {
    const parent = (at - 1) >>> 1
    if (!swapIfBetter(heap, at, parent)) break
    at = parent
  }
}

function popBest(heap: Run[]): Run | undefined {
  const best = heap[0]
  const last = heap.pop()
  if (best === undefined || last === undefined || heap.length === 0) return best
  heap[0] = last
  for (let at = 0; ; ) {
    const left = 2 * at + 1
    const child = isBetter(heap[left + 1], heap[left]) ? left + 1 : left
    if (!swapIfBetter(heap, child, at)) break
    at = child
  }
  return best
}

/** Puts the better of the two nearer to the top; says whether it had to. */
function swapIfBetter(heap: Run[], lower: number, upper: number): boolean {
  const below = heap[lower]
  const above = heap[upper]
  if (below === undefined || above === undefined || !isBetter(below, above)) return false
  heap[lower] = above
  heap[upper] = below
  return true
}

function isBetter(a: Run | undefined, b: Run | undefined): boolean {
  if (a === undefined) return false
  if (b === undefined) return true
  return a.tip === b.tip ? a.arrival < b.arrival : a.tip > b.tip
}
