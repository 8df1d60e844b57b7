/** Runs tasks one after another, in the order in which they came. */
export type Mutex = <T>(task: () => Promise<T>) => Promise<T>

/** A queue with one place at work; a task that fails does not stop those behind it. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task, task)
    // What a task gave is nobody's here.
    last = run.then(
      () => undefined,
      () => undefined,
    )
    return run
  }
}
