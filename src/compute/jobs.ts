/** Long work beside the steps of a loop, one piece at a time. */
export type Jobs = {
  /** Starts a job unless one is running; who asks again later gets its turn. */
  start(key: string, job: (signal: AbortSignal) => Promise<void>): void
  /** Calls off the job of that key if it runs. */
  stop(key: string): void
  /** Calls off what runs, and refuses what comes. */
  close(): void
  /** Resolves once the job of that key, or any without one, does not run. */
  settled(key?: string): Promise<void>
}

/** Makes the place where a worker's or an oracle's jobs run. */
export function createJobs(onError: (error: unknown) => void): Jobs {
  let isClosed = false
  let running:
    | {
        readonly key: string
        readonly controller: AbortController
        readonly done: Promise<void>
      }
    | undefined
  return {
    start(key, job) {
      if (running || isClosed) return
      const controller = new AbortController()
      const done = job(controller.signal)
        .catch((error: unknown) => {
          if (!controller.signal.aborted) onError(error)
        })
        .finally(() => {
          running = undefined
        })
      running = { key, controller, done }
    },
    stop(key) {
      if (running?.key === key) running.controller.abort()
    },
    close() {
      isClosed = true
      running?.controller.abort()
    },
    async settled(key) {
      if (key === undefined || running?.key === key) await running?.done
    },
  }
}
