import { parentPort, workerData } from 'node:worker_threads'
import { assert } from '../../chain/primitives/assert.ts'
import { createDigitsEngine, type DigitsRow, digitsBlockRows } from './digits.ts'
import type { DigitsManifest } from './digitsManifest.ts'
import { ComputeError, type ComputeErrorType } from './errors.ts'

/** What the thread is started with. */
export type ComputeRequest = {
  readonly manifest: DigitsManifest
  readonly rows: readonly number[]
}

/** What the thread reports. */
export type ComputeReport =
  | { readonly type: 'progress'; readonly done: number; readonly total: number }
  | { readonly type: 'done'; readonly rows: readonly DigitsRow[] }
  | { readonly type: 'failed'; readonly facts: ComputeErrorType; readonly message: string }

const port = parentPort
assert(port, 'this module is the entry of a worker thread')
// computeRows.ts is the only one to start this thread.
const request = workerData as ComputeRequest

try {
  const engine = await createDigitsEngine(request.manifest)
  const results: DigitsRow[] = []
  for (let start = 0; start < request.rows.length; start += digitsBlockRows) {
    results.push(...engine.compute(request.rows.slice(start, start + digitsBlockRows)))
    report({ type: 'progress', done: results.length, total: request.rows.length })
  }
  report({ type: 'done', rows: results })
} catch (error) {
  if (!(error instanceof ComputeError)) throw error
  report({ type: 'failed', facts: error.facts, message: error.message })
}

function report(message: ComputeReport): void {
  port?.postMessage(message)
}
