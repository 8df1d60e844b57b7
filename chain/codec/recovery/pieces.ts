import { setImmediate as nextTurn } from 'node:timers/promises'
import { assert } from '../../primitives/assert.ts'
import { limits } from '../../primitives/limits.ts'
import {
  type Arena,
  claim,
  clearSlot,
  countDone,
  createArena,
  endOfPiece,
  fillSlot,
  isWhole,
  OWNER,
  type Slot,
  wake,
  word,
  work,
} from './arena.ts'
import {
  ADDRESS_SIZE,
  countOf,
  HASH_SIZE,
  type RawBatch,
  type Recovered,
  recoverRange,
} from './recoverBatch.ts'
import { createThreads, type ThreadDependencies, type Threads } from './threads.ts'

/** A batch on its way through the arena. */
export type Task = {
  readonly batch: RawBatch
  readonly out: Recovered
  /** Told when the transactions [from, to) are in `out`. */
  readonly onPiece: (from: number, to: number) => void
}

/** Cuts batches into pieces, hands these to the threads and collects what they find. */
export type Pieces = {
  /** Queues a task; the promise ends with its last piece. */
  add(task: Task): Promise<void>
  /** Collects what is done, for those who ask without waiting. */
  advance(): void
  /**
   * Says that somebody waits: until the function given back is called, the caller's thread works
   * too and the process does not end.
   */
  want(): () => void
  close(cause: unknown): Promise<void>
}

/** A task and how far it is. */
type Entry = Task & {
  readonly count: number
  /** First transaction that is in no slot yet. */
  next: number
  /** Transactions that are not done. */
  left: number
  resolve(): void
  reject(cause: unknown): void
}

/** What is in a slot. */
type Piece = { readonly entry: Entry; readonly from: number; readonly to: number; done: number }

type State = {
  readonly arena: Arena
  readonly threadCount: number
  readonly queue: Entry[]
  readonly inSlots: Map<Slot, Piece>
  sequence: number
}

/** @throws whatever `startThread` throws when the first task is added. */
export function createPieces(threadCount: number, dependencies: ThreadDependencies): Pieces {
  let opened: { readonly state: State; readonly threads: Threads } | undefined
  let wanted = 0
  let isPumping = false
  let closed: { readonly cause: unknown } | undefined

  const open = () => {
    if (opened !== undefined) return opened
    const arena = createArena()
    const threads = createThreads(arena, threadCount, dependencies)
    const state = { arena, threadCount, queue: [], inSlots: new Map(), sequence: 0 }
    opened = { state, threads }
    threads.start()
    return opened
  }

  const failAll = (cause: unknown): void => {
    if (opened === undefined) return
    const { queue, inSlots } = opened.state
    for (const entry of queue.splice(0)) entry.reject(cause)
    for (const { entry } of inSlots.values()) entry.reject(cause)
  }

  const pump = async (): Promise<void> => {
    const { state, threads } = open()
    isPumping = true
    threads.hold(true)
    try {
      while (wanted > 0 && closed === undefined) {
        const seen = Atomics.load(state.arena.control, word.done)
        advance(state)
        // Whoever waited for this says so before there is more to do.
        await nextTurn()
        if (wanted === 0) break
        const claimed = claim(state.arena, OWNER)
        if (claimed !== undefined) work(state.arena, claimed)
        else await nextDone(state.arena, seen)
      }
    } finally {
      isPumping = false
      threads.hold(false)
    }
  }

  return {
    add(task) {
      if (closed !== undefined) return Promise.reject(closed.cause)
      const { state } = open()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const count = countOf(task.batch)
      state.queue.push({ ...task, count, next: 0, left: count, resolve, reject })
      advance(state)
      return promise
    },
    advance() {
      if (opened !== undefined && closed === undefined) advance(opened.state)
    },
    want() {
      wanted++
      if (!isPumping && closed === undefined) pump().catch(failAll)
      let isOver = false
      return () => {
        if (!isOver) wanted--
        isOver = true
      }
    },
    async close(cause) {
      if (closed !== undefined) return
      closed = { cause }
      failAll(cause)
      if (opened === undefined) return
      wake(opened.state.arena, word.done)
      await opened.threads.close()
    },
  }
}

/** Sleeps until a piece seems to be done; for a short time only, since who died says nothing. */
async function nextDone(arena: Arena, seen: number): Promise<void> {
  const wait = Atomics.waitAsync(arena.control, word.done, seen, limits.recoveryLookMs)
  if (wait.async) await wait.value
}

/** Takes what is done out of the slots and fills them again. */
function advance(state: State): void {
  for (const [slot, piece] of state.inSlots) {
    piece.done = countDone(slot, piece.done)
    if (isWhole(slot, piece.done)) collect(state, slot, piece)
  }
  let isFilled = false
  for (;;) {
    const [entry] = state.queue
    if (entry === undefined) break
    const slot = state.arena.slots.find((candidate) => !state.inSlots.has(candidate))
    if (slot === undefined) break
    isFilled = true
    place(state, slot, entry)
  }
  if (isFilled) wake(state.arena, word.work)
}

function place(state: State, slot: Slot, entry: Entry): void {
  const from = entry.next
  const to = endOfPiece(entry.batch, from)
  if (to === from) {
    // Bigger than a slot, hence rare.
    recoverRange(entry.batch, from, from + 1, entry.out)
    entry.next = from + 1
    finishPart(entry, from, from + 1)
  } else {
    const sequence = state.sequence++
    fillSlot(slot, entry.batch, { from, to, sequence }, state.threadCount)
    state.inSlots.set(slot, { entry, from, to, done: 0 })
    entry.next = to
  }
  if (entry.next === entry.count) {
    const first = state.queue.shift()
    assert(first === entry, 'pieces are placed from the front of the queue')
  }
}

function collect(state: State, slot: Slot, { entry, from, to }: Piece): void {
  const count = to - from
  entry.out.hashes.set(slot.hashes.subarray(0, HASH_SIZE * count), HASH_SIZE * from)
  entry.out.senders.set(slot.senders.subarray(0, ADDRESS_SIZE * count), ADDRESS_SIZE * from)
  entry.out.ok.set(slot.ok.subarray(0, count), from)
  clearSlot(slot)
  state.inSlots.delete(slot)
  finishPart(entry, from, to)
}

function finishPart(entry: Entry, from: number, to: number): void {
  entry.left -= to - from
  entry.onPiece(from, to)
  if (entry.left === 0) entry.resolve()
}
