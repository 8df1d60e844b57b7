import { sleep } from './sleep.ts'

/** A loop that runs until it is stopped. */
export type PollLoop = {
  /** Ends the loop and waits for the step that runs. */
  stop(): Promise<void>
}

/**
 * Runs `step` again and again, `intervalMs` after it ended. A failed step is handed to `onError`
 * and the next one waits longer, up to 16 intervals.
 */
export function startPollLoop(options: {
  readonly step: (signal: AbortSignal) => Promise<void>
  readonly intervalMs: number
  readonly onError: (error: unknown) => void
}): PollLoop {
  const controller = new AbortController()
  const { signal } = controller
  const done = run()
  return {
    async stop() {
      controller.abort()
      await done
    },
  }

  async function run(): Promise<void> {
    let failures = 0
    while (!signal.aborted) {
      try {
        await options.step(signal)
        failures = 0
      } catch (error) {
        if (!signal.aborted) options.onError(error)
        failures = Math.min(failures + 1, failuresMax)
      }
      await sleep(options.intervalMs * 2 ** failures, signal)
    }
  }
}

const failuresMax = 4
