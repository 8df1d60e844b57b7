import { Worker } from 'node:worker_threads'
import { limits } from '../../primitives/limits.ts'
import { type Arena, OWNER, releaseClaims } from './arena.ts'

/** What a worker thread is given. */
export type ThreadData = {
  readonly buffer: SharedArrayBuffer
  /** By which its claims are known; never used twice. */
  readonly thread: number
}

/** Starts a thread that runs `worker.ts`. */
export type StartThread = (data: ThreadData) => Worker

/** The threads that work on an arena. */
export type Threads = {
  /** Starts them, the first time. */
  start(): void
  /** Whether the process waits for them before it ends. */
  hold(isHeld: boolean): void
  close(): Promise<void>
}

/** The real thing. */
export const startThread: StartThread = (data) =>
  new Worker(new URL('./worker.ts', import.meta.url), { workerData: data, stdin: false })

/** What the threads take from outside. */
export type ThreadDependencies = {
  readonly startThread: StartThread
  /** Told why a thread ended that should not have. */
  readonly onThreadDeath: (cause: unknown) => void
}

/**
 * Keeps `count` threads running. One that dies is replaced and its claims are freed; when threads
 * die again and again the rest of the work is left to those that wait for it.
 */
export function createThreads(
  arena: Arena,
  count: number,
  { startThread: start, onThreadDeath }: ThreadDependencies,
): Threads {
  const running = new Set<Worker>()
  let next = OWNER + 1
  let restarts = 0
  let isStarted = false
  let isClosed = false
  let isHeld = false

  const add = (): void => {
    const thread = next++
    const worker = start({ buffer: arena.buffer, thread })
    running.add(worker)
    if (!isHeld) worker.unref()
    let cause: unknown
    worker.on('error', (error) => {
      cause = error
    })
    // Follows in any case.
    worker.on('exit', (code) => {
      running.delete(worker)
      releaseClaims(arena, thread)
      if (isClosed) return
      onThreadDeath(cause ?? new Error(`a recovery thread ended with code ${code}`))
      if (restarts >= limits.recoveryRestartsMax) return
      restarts++
      add()
    })
  }

  return {
    start() {
      if (isStarted || isClosed) return
      isStarted = true
      for (let i = 0; i < count; i++) add()
    },
    hold(held) {
      if (isClosed) return
      isHeld = held
      for (const worker of running) {
        if (held) worker.ref()
        else worker.unref()
      }
    },
    async close() {
      isClosed = true
      // Held, or the process could end before they have.
      for (const worker of running) worker.ref()
      await Promise.all([...running].map((worker) => worker.terminate()))
    },
  }
}
