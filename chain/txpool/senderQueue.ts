import type { PoolEntry, SenderState } from './entry.ts'

/**
 * The waiting transactions of one sender, sorted by nonce. The first `readyCount` can run now:
 * their
 * nonces follow the account's without a gap and its balance pays for all of them.
 */
export type SenderQueue = {
  state: SenderState
  entries: PoolEntry[]
  readyCount: number
  /** Cost of the ready ones together. */
  readyCost: bigint
}

/** A queue without entries. */
export function createSenderQueue(state: SenderState): SenderQueue {
  return { state, entries: [], readyCount: 0, readyCost: 0n }
}

/** Where `nonce` is or would be. */
export function findNonce(queue: SenderQueue, nonce: bigint): { at: number; found: boolean } {
  let low = 0
  let high = queue.entries.length
  while (low < high) {
    const middle = (low + high) >>> 1
    const entry = queue.entries[middle]
    if (entry !== undefined && entry.nonce < nonce) low = middle + 1
    else high = middle
  }
  return { at: low, found: queue.entries[low]?.nonce === nonce }
}

/** Nonce after the last one that follows without a gap, whether or not it can be paid. */
export function nextNonce(queue: SenderQueue): bigint {
  // The ready ones have no gap, so only what comes after them is looked at.
  let at = queue.readyCount
  while (queue.entries[at]?.nonce === queue.state.nonce + BigInt(at)) at++
  return queue.state.nonce + BigInt(at)
}

/**
 * What the sender must own for `nonce` to run at `cost`: the cost of every transaction before it,
 * when they form one run with it, and its own.
 */
export function costUpTo(queue: SenderQueue, nonce: bigint, cost: bigint): bigint {
  const isNext = nonce === queue.state.nonce + BigInt(queue.readyCount)
  if (isNext) return queue.readyCost + cost

  let expected = queue.state.nonce
  let sum = cost
  for (const entry of queue.entries) {
    if (entry.nonce >= nonce) break
    if (entry.nonce !== expected) return cost
    sum += entry.cost
    expected++
  }
  return expected === nonce ? sum : cost
}

/** Counts the ready ones again from `from` on; everything before it is known to be ready. */
export function updateReady(queue: SenderQueue, from = 0): void {
  let count = from
  let cost = 0n
  if (from > 0 && from === queue.readyCount) cost = queue.readyCost
  else count = 0
  for (;;) {
    const entry = queue.entries[count]
    if (entry === undefined || entry.nonce !== queue.state.nonce + BigInt(count)) break
    if (cost + entry.cost > queue.state.balance) break
    cost += entry.cost
    count++
  }
  queue.readyCount = count
  queue.readyCost = cost
}
