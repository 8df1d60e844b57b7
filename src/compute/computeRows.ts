import { Worker } from 'node:worker_threads'
import type { ComputeReport, ComputeRequest } from './computeThread.ts'
import type { DigitsRow } from './digits.ts'
import { ComputeError } from './errors.ts'

/**
 * Works on rows of a task in a thread of its own, so that the caller stays responsive.
 *
 * @throws ComputeError of the work itself; `COMPUTE_THREAD_FAILED` when the thread dies;
 *   `COMPUTE_CANCELLED` when `signal` is aborted.
 */
export function computeRows(
  request: ComputeRequest,
  options: {
    readonly signal?: AbortSignal
    readonly onProgress?: (done: number, total: number) => void
  } = {},
): Promise<readonly DigitsRow[]> {
  return new Promise((resolve, reject) => {
    // Sources run as .ts, the published package as .js.
    const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
    const thread = new Worker(new URL(`./computeThread.${ending}`, import.meta.url), {
      workerData: request,
    })
    const cancel = () => {
      reject(new ComputeError({ code: 'COMPUTE_CANCELLED' }, 'The work was called off.'))
      void thread.terminate()
    }
    if (options.signal?.aborted) return cancel()
    options.signal?.addEventListener('abort', cancel, { once: true })
    // The thread's own protocol: nobody else posts.
    thread.on('message', (report: ComputeReport) => {
      if (report.type === 'progress') options.onProgress?.(report.done, report.total)
      else if (report.type === 'done') resolve(report.rows)
      else reject(new ComputeError(report.facts, report.message))
    })
    thread.on('error', (cause) => reject(threadFailed(String(cause), cause)))
    thread.on('exit', (exitCode) => {
      options.signal?.removeEventListener('abort', cancel)
      reject(threadFailed(`it ended with code ${exitCode}`))
    })
  })
}

function threadFailed(reason: string, cause?: unknown): ComputeError {
  return new ComputeError(
    { code: 'COMPUTE_THREAD_FAILED', reason },
    `The thread that does the work failed: ${reason}.`,
    { cause },
  )
}
