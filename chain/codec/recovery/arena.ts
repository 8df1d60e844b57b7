import { limits } from '../../primitives/limits.ts'
import {
  ADDRESS_SIZE,
  HASH_SIZE,
  type RawBatch,
  type Recovered,
  recoverRange,
} from './recoverBatch.ts'

/**
 * The memory that the threads share: slots, each with a piece of a batch, cut into chunks.
 *
 * A chunk is claimed by exchanging FREE for the claimer's number and given back as DONE, so what a
 * thread had when it died can be told from what is done. The cursor of a slot only says where to
 * look first. All of it is reserved at once and becomes real memory as slots are touched.
 */
export type Arena = {
  readonly buffer: SharedArrayBuffer
  /** Index by `word`. */
  readonly control: Int32Array<SharedArrayBuffer>
  readonly slots: readonly Slot[]
}

/** One piece of a batch at a time, as each thread sees it. */
export type Slot = RawBatch &
  Recovered & {
    /** Index by `field`. */
    readonly header: Int32Array<SharedArrayBuffer>
    /** FREE, DONE or the number of the thread that is at it; by chunk. */
    readonly states: Int32Array<SharedArrayBuffer>
    readonly bytes: Uint8Array<SharedArrayBuffer>
    readonly offsets: Int32Array<SharedArrayBuffer>
  }

/** A chunk that the calling thread has to do. */
export type Claim = { readonly slot: Slot; readonly chunk: number }

/** Counters on which threads sleep: new work for workers, finished pieces for the owner. */
export const word = { work: 0, done: 1 } as const

const field = { sequence: 0, count: 1, chunkTxs: 2, chunks: 3, cursor: 4, doneChunks: 5 } as const

const DONE = 0
const FREE = 1
/** Number of the thread that owns the arena; workers have higher ones. */
export const OWNER = 2

const CHUNKS_MAX = Math.ceil(limits.recoverySlotTxsMax / limits.recoveryChunkTxsMin)
const HEADER_WORDS = 16
const CONTROL_SIZE = 64

/** Sizes of a slot's parts in bytes, in the order in which they lie. */
const sizes = {
  header: 4 * HEADER_WORDS,
  states: 4 * CHUNKS_MAX,
  offsets: 4 * (limits.recoverySlotTxsMax + 1),
  ok: limits.recoverySlotTxsMax,
  hashes: HASH_SIZE * limits.recoverySlotTxsMax,
  senders: ADDRESS_SIZE * limits.recoverySlotTxsMax,
  bytes: limits.recoverySlotSizeMax,
} as const
// Whole cache lines.
const SLOT_SIZE = 64 * Math.ceil(Object.values(sizes).reduce((sum, size) => sum + size, 0) / 64)

/** Reserves an arena. */
export function createArena(): Arena {
  return openArena(new SharedArrayBuffer(CONTROL_SIZE + limits.recoverySlots * SLOT_SIZE))
}

/** The arena in memory that another thread created. */
export function openArena(buffer: SharedArrayBuffer): Arena {
  return {
    buffer,
    control: new Int32Array(buffer, 0, CONTROL_SIZE / 4),
    slots: Array.from({ length: limits.recoverySlots }, (_, index) =>
      openSlot(buffer, CONTROL_SIZE + index * SLOT_SIZE),
    ),
  }
}

function openSlot(buffer: SharedArrayBuffer, start: number): Slot {
  let at = start
  const take = (size: number): number => {
    at += size
    return at - size
  }
  return {
    header: new Int32Array(buffer, take(sizes.header), HEADER_WORDS),
    states: new Int32Array(buffer, take(sizes.states), CHUNKS_MAX),
    offsets: new Int32Array(buffer, take(sizes.offsets), limits.recoverySlotTxsMax + 1),
    ok: new Uint8Array(buffer, take(sizes.ok), sizes.ok),
    hashes: new Uint8Array(buffer, take(sizes.hashes), sizes.hashes),
    senders: new Uint8Array(buffer, take(sizes.senders), sizes.senders),
    bytes: new Uint8Array(buffer, take(sizes.bytes), sizes.bytes),
  }
}

/**
 * Where the piece that begins with transaction `from` ends: as many as a slot holds, `from` itself
 * when the first alone is too big for one.
 */
export function endOfPiece(batch: RawBatch, from: number): number {
  const last = Math.min(batch.offsets.length - 1, from + limits.recoverySlotTxsMax)
  const start = batch.offsets[from] ?? 0
  let to = last
  // Halved until it fits: pieces are rarely limited by their bytes.
  while (to > from && (batch.offsets[to] ?? 0) - start > limits.recoverySlotSizeMax) {
    to = from + ((to - from) >> 1)
  }
  return to
}

/**
 * Puts the transactions [from, to) into a slot that nobody is at, for all to claim.
 *
 * A thread that was late for the slot's last piece may claim from this one at any moment: that is
 * harmless, because no chunk is FREE before everything else is written.
 */
export function fillSlot(
  slot: Slot,
  batch: RawBatch,
  piece: { readonly from: number; readonly to: number; readonly sequence: number },
  threads: number,
): void {
  const { from, to, sequence } = piece
  const start = batch.offsets[from] ?? 0
  const count = to - from
  for (let i = 0; i <= count; i++) slot.offsets[i] = (batch.offsets[from + i] ?? 0) - start
  slot.bytes.set(batch.bytes.subarray(start, batch.offsets[to]))

  // A few chunks for each thread, so that none waits long for the last one.
  const fair = Math.ceil(count / (4 * (threads + 1)))
  const chunkTxs = Math.min(limits.recoveryChunkTxsMax, Math.max(limits.recoveryChunkTxsMin, fair))
  const chunks = Math.ceil(count / chunkTxs)
  const { header } = slot
  Atomics.store(header, field.sequence, sequence)
  Atomics.store(header, field.count, count)
  Atomics.store(header, field.chunkTxs, chunkTxs)
  Atomics.store(header, field.doneChunks, 0)
  for (let chunk = 0; chunk < chunks; chunk++) Atomics.store(slot.states, chunk, FREE)
  Atomics.store(header, field.cursor, 0)
  Atomics.store(header, field.chunks, chunks)
}

/** Claims a chunk of the oldest piece that has one left. */
export function claim(arena: Arena, thread: number): Claim | undefined {
  for (;;) {
    let oldest: Slot | undefined
    let age = 0
    for (const slot of arena.slots) {
      const chunks = Atomics.load(slot.header, field.chunks)
      if (Atomics.load(slot.header, field.cursor) >= chunks) continue
      const sequence = Atomics.load(slot.header, field.sequence)
      // The difference, because sequences wrap around.
      if (oldest !== undefined && ((sequence - age) | 0) >= 0) continue
      oldest = slot
      age = sequence
    }
    if (oldest === undefined) return undefined
    const chunk = Atomics.add(oldest.header, field.cursor, 1)
    if (chunk >= CHUNKS_MAX) continue
    if (Atomics.compareExchange(oldest.states, chunk, FREE, thread) === FREE) {
      return { slot: oldest, chunk }
    }
  }
}

/** Does a claimed chunk; wakes the owner when it seems to be the last of its piece. */
export function work(arena: Arena, { slot, chunk }: Claim): void {
  const { header } = slot
  // Read after the claim, hence of the piece that the chunk belongs to.
  const count = Atomics.load(header, field.count)
  const chunkTxs = Atomics.load(header, field.chunkTxs)
  const from = chunk * chunkTxs
  recoverRange(slot, from, Math.min(count, from + chunkTxs), slot)
  Atomics.store(slot.states, chunk, DONE)
  const done = Atomics.add(header, field.doneChunks, 1) + 1
  if (done >= Atomics.load(header, field.chunks)) wake(arena, word.done)
}

/** Wakes who sleeps on a counter. */
export function wake(arena: Arena, counter: number): void {
  Atomics.add(arena.control, counter, 1)
  Atomics.notify(arena.control, counter)
}

/** How many chunks are done from the first on, knowing that `known` are. */
export function countDone(slot: Slot, known: number): number {
  const chunks = Atomics.load(slot.header, field.chunks)
  let done = known
  while (done < chunks && Atomics.load(slot.states, done) === DONE) done++
  return done
}

/** Whether that many chunks are all. */
export function isWhole(slot: Slot, done: number): boolean {
  return done >= Atomics.load(slot.header, field.chunks)
}

/** Leaves nothing to claim in a slot whose piece is done. */
export function clearSlot(slot: Slot): void {
  Atomics.store(slot.header, field.chunks, 0)
}

/**
 * Frees what a thread that no longer runs had claimed, and lets all look from the start again: it
 * may also have moved a cursor without claiming.
 */
export function releaseClaims(arena: Arena, thread: number): void {
  for (const slot of arena.slots) {
    const chunks = Atomics.load(slot.header, field.chunks)
    for (let chunk = 0; chunk < chunks; chunk++) {
      Atomics.compareExchange(slot.states, chunk, thread, FREE)
    }
    Atomics.store(slot.header, field.cursor, 0)
  }
  wake(arena, word.work)
  wake(arena, word.done)
}
