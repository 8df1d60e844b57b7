/** Runs tasks one after another, in the order in which they came. */
export type Mutex = <T>(task: () => Promise<T>) => Promise<T>

/** A queue with one place at work; a task that fails does not stop those behind it. */
export function createMutex(): Mutex {
  let last: Promise<unknown> = Promise.resolve()
  return (task) => {
    const run = last.then(task, task)
    last = run.catch(() => undefined)
    return run
  }
}
