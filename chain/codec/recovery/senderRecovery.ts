import { limits } from '../../primitives/limits.ts'
import { createClosedError } from './errors.ts'
import { mergeUnknown, readKnown } from './knownSenders.ts'
import {
  createDefaultDependencies,
  defaults,
  type RecoveryDependencies,
  type RecoveryOptions,
} from './options.ts'
import { createPieces, type Pieces, type Task } from './pieces.ts'
import {
  ADDRESS_SIZE,
  countOf,
  createRecovered,
  HASH_SIZE,
  type RawBatch,
  type Recovered,
  recoverRange,
} from './recoverBatch.ts'
import type { SenderCache } from './senderCache.ts'
import { createSingles, type RecoveredOne } from './singles.ts'
import { createTurns } from './turns.ts'

/** Recovers the senders of raw transactions on other threads. */
export type SenderRecovery = {
  /**
   * Begins a batch; waits while too many others are in flight. The bytes stay as they are until the
   * job is done.
   */
  begin(batch: RawBatch, options?: BeginOptions): Promise<RecoveryJob>
  /**
   * The sender of one transaction, undefined when it has none. What is asked within one turn of the
   * event loop becomes one batch.
   */
  recoverOne(raw: Uint8Array): Promise<RecoveredOne | undefined>
  /** Ends the threads; jobs that are not done fail with `RECOVERY_CLOSED`. */
  close(): Promise<void>
  /** Filled by every job. */
  readonly cache: SenderCache
}

export type BeginOptions = {
  /** Looks into the cache first, which costs a hash per transaction. For blocks. */
  readonly mayBeKnown?: boolean
  /** Ends the wait for other jobs. */
  readonly signal?: AbortSignal
}

/** A batch being recovered. */
export type RecoveryJob = {
  readonly count: number
  /** Whether `finish` has nothing to wait for. */
  isDone(): boolean
  /**
   * The senders. Until all are there the caller's thread takes its share of the work, a few
   * milliseconds of each turn of the event loop. `signal` ends the wait, not the job.
   */
  finish(signal?: AbortSignal): Promise<Recovered>
}

/**
 * A pool of threads for the recovery of senders. They start with the first batch that is worth it
 * and do not keep the process alive. A thread that dies costs time, never a result.
 */
export function createSenderRecovery(
  options: Partial<RecoveryOptions> = {},
  dependencies: Partial<RecoveryDependencies> = {},
): SenderRecovery {
  const { threads } = { ...defaults, ...options }
  const { cache, ...rest } = { ...createDefaultDependencies(), ...dependencies }
  const turns = createTurns()
  const pieces = createPieces(threads, rest)
  let isClosed = false

  const remember = (found: Recovered, from: number, to: number): void => {
    const { hashes, senders, ok } = found
    for (let i = from; i < to; i++) {
      if (ok[i] === 1) cache.write(hashes, HASH_SIZE * i, senders, ADDRESS_SIZE * i)
    }
  }

  const recover = async (
    batch: RawBatch,
    out: Recovered,
    signal: AbortSignal | undefined,
  ): Promise<Work> => {
    const count = countOf(batch)
    if (count <= limits.recoveryInlineTxsMax) {
      recoverRange(batch, 0, count, out)
      remember(out, 0, count)
      return { isDone: () => true, ended: undefined }
    }
    const size = batch.bytes.length
    if (!turns.tryTake(size)) await waiting(pieces, turns.take(size, signal))
    return startWork(pieces, { batch, out, onPiece: (from, to) => remember(out, from, to) }, () =>
      turns.end(size),
    )
  }

  const begin: SenderRecovery['begin'] = async (batch, { mayBeKnown = false, signal } = {}) => {
    if (isClosed) throw createClosedError()
    const count = countOf(batch)
    const out = createRecovered(count)
    if (!mayBeKnown) return createJob(count, out, pieces, await recover(batch, out, signal))

    const unknown = await readKnown(cache, batch, out)
    const found = createRecovered(unknown.indices.length)
    const work = await recover(unknown.batch, found, signal)
    const merge = (): void => mergeUnknown(unknown.indices, found, out)
    if (work.ended === undefined) merge()
    return createJob(count, out, pieces, { ...work, ended: work.ended?.then(merge) })
  }

  return {
    begin,
    recoverOne: createSingles(async (batch) => (await begin(batch)).finish()),
    cache,
    async close() {
      isClosed = true
      turns.close(createClosedError())
      await pieces.close(createClosedError())
    },
  }
}

/** What is being done; `ended` is undefined when it is done already. */
type Work = { isDone(): boolean; readonly ended: Promise<void> | undefined }

function startWork(pieces: Pieces, task: Task, onEnd: () => void): Work {
  let left = countOf(task.batch)
  const onPiece = (from: number, to: number): void => {
    left -= to - from
    task.onPiece(from, to)
  }
  const ended = pieces.add({ ...task, onPiece }).finally(onEnd)
  return {
    isDone() {
      if (left > 0) pieces.advance()
      return left === 0
    },
    ended,
  }
}

function createJob(count: number, out: Recovered, pieces: Pieces, work: Work): RecoveryJob {
  // A job that nobody waits for may fail.
  work.ended?.catch(() => undefined)
  return {
    count,
    isDone: work.isDone,
    async finish(signal) {
      signal?.throwIfAborted()
      if (work.ended !== undefined) await waiting(pieces, orAborted(work.ended, signal))
      return out
    },
  }
}

/** Waits for a promise that `pieces` makes true. */
async function waiting(pieces: Pieces, promise: Promise<void>): Promise<void> {
  const release = pieces.want()
  try {
    await promise
  } finally {
    release()
  }
}

/** The promise, unless `signal` comes first. */
async function orAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (signal === undefined) return await promise
  const { promise: aborted, reject } = Promise.withResolvers<never>()
  const onAbort = (): void => reject(signal.reason)
  signal.addEventListener('abort', onAbort, { once: true })
  try {
    await Promise.race([promise, aborted])
  } finally {
    signal.removeEventListener('abort', onAbort)
  }
}
