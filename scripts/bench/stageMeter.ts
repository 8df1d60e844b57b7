import type { Stage, StageClock } from '../../chain/primitives/stageClock.ts'

/** Adds up processor time by stage. */
export type StageMeter = {
  /** To hand to who works. */
  readonly onStage: StageClock
  /** Ends the running stage. */
  pause(): void
  /** Forgets what was measured so far. */
  reset(): void
  /** Microseconds of processor time of this thread, by stage. */
  totals(): Readonly<Partial<Record<Stage, number>>>
}

/**
 * A meter that counts the processor time of the thread that calls it.
 *
 * Linux brings a thread's time up to date at its ticks only, a few milliseconds apart. What a stage
 * shorter than that gets too much in one block it gets too little in another; one block tells
 * nothing, a few dozen do.
 */
export function createStageMeter(): StageMeter {
  const totals = new Map<Stage, number>()
  let running: Stage | undefined
  let since = 0
  const turn = (next: Stage | undefined): void => {
    const now = threadMicroseconds()
    if (running !== undefined) totals.set(running, (totals.get(running) ?? 0) + now - since)
    running = next
    since = now
  }
  return {
    onStage: turn,
    pause: () => turn(undefined),
    reset: () => totals.clear(),
    totals: () => Object.fromEntries(totals),
  }
}

function threadMicroseconds(): number {
  const { user, system } = process.threadCpuUsage()
  return user + system
}
