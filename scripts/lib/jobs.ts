import { type ChildProcess, fork } from 'node:child_process'

/** What came of a task: its result, or why there is none. */
export type JobAnswer<Result> = { readonly result: Result } | { readonly error: string }

/** Tasks to spread over processes. */
export type JobsRequest<Task, Result> = {
  /** The file that calls `serveJobs` when it is started with `args`. */
  readonly script: string
  readonly args: readonly string[]
  readonly processes: number
  /** A task that takes longer is given up and its process ended. */
  readonly msMax: number
  readonly tasks: readonly Task[]
  /** Whether what is left need not be done. */
  readonly isDone?: () => boolean
  readonly onResult: (task: Task, answer: JobAnswer<Result>) => void
}

/** Gives tasks, which must survive JSON, to processes, one at a time each. */
export async function runJobs<Task, Result>(request: JobsRequest<Task, Result>): Promise<void> {
  const queue = [...request.tasks]
  const workers = Math.min(request.processes, queue.length)
  await Promise.all(Array.from({ length: workers }, () => work(request, queue)))
}

/** Answers the tasks of the process that started this one. */
export function serveJobs<Task, Result>(run: (task: Task) => Promise<Result>): void {
  process.on('message', (task) => {
    // The parent sends nothing but tasks.
    void run(task as Task).then(
      (result) => process.send?.({ result }),
      (error: unknown) => process.send?.({ error: String(error) }),
    )
  })
}

async function work<Task, Result>(
  request: JobsRequest<Task, Result>,
  queue: Task[],
): Promise<void> {
  const start = () => fork(request.script, [...request.args])
  let child = start()
  for (let task = queue.shift(); task !== undefined; task = queue.shift()) {
    if (request.isDone?.() === true) break
    const answer = await ask<Task, Result>(child, task, request.msMax)
    request.onResult(task, answer)
    if ('error' in answer) {
      child.kill('SIGKILL')
      child = start()
    }
  }
  child.kill('SIGKILL')
}

function ask<Task, Result>(
  child: ChildProcess,
  task: Task,
  msMax: number,
): Promise<JobAnswer<Result>> {
  return new Promise((resolve) => {
    const finish = (answer: JobAnswer<Result>): void => {
      clearTimeout(timer)
      child.removeAllListeners()
      resolve(answer)
    }
    const timer = setTimeout(() => finish({ error: `no answer in ${msMax / 1_000} s` }), msMax)
    // The child answers with what `serveJobs` sends.
    child.on('message', (answer) => finish(answer as JobAnswer<Result>))
    child.on('exit', (code, signal) => finish({ error: `the process ended: ${signal ?? code}` }))
    child.on('error', (error) => finish({ error: String(error) }))
    child.send(task as object)
  })
}
