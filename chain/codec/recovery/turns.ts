import { limits } from '../../primitives/limits.ts'

/** Lets jobs in while there is room, first come first served. */
export type Turns = {
  /** Whether a job of that many bytes has its turn at once; it is then counted. */
  tryTake(size: number): boolean
  /** Waits for the turn; whoever gets it is counted. */
  take(size: number, signal?: AbortSignal): Promise<void>
  /** A job of that many bytes is over. */
  end(size: number): void
  /** Fails those that wait, and all to come. */
  close(cause: unknown): void
}

type Waiting = { readonly size: number; resolve(): void; reject(cause: unknown): void }

/** Room for `recoveryJobsMax` jobs and `recoveryJobsSizeMax` bytes; a job alone has any size. */
export function createTurns(): Turns {
  const waiting: Waiting[] = []
  let closed: { readonly cause: unknown } | undefined
  let jobs = 0
  let total = 0

  const hasRoom = (size: number): boolean =>
    jobs === 0 || (jobs < limits.recoveryJobsMax && total + size <= limits.recoveryJobsSizeMax)

  const count = (size: number): void => {
    jobs++
    total += size
  }

  return {
    tryTake(size) {
      if (closed !== undefined || waiting.length > 0 || !hasRoom(size)) return false
      count(size)
      return true
    },
    async take(size, signal) {
      if (closed !== undefined) throw closed.cause
      signal?.throwIfAborted()
      const { promise, resolve, reject } = Promise.withResolvers<void>()
      const entry = { size, resolve, reject }
      waiting.push(entry)
      const onAbort = (): void => {
        const at = waiting.indexOf(entry)
        if (at < 0) return
        waiting.splice(at, 1)
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', onAbort, { once: true })
      try {
        await promise
      } finally {
        signal?.removeEventListener('abort', onAbort)
      }
    },
    end(size) {
      jobs--
      total -= size
      for (;;) {
        const [next] = waiting
        if (next === undefined || !hasRoom(next.size)) return
        waiting.shift()
        count(next.size)
        next.resolve()
      }
    },
    close(cause) {
      closed = { cause }
      for (const entry of waiting.splice(0)) entry.reject(cause)
    },
  }
}
