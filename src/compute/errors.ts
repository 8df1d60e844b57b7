import { PocaError } from '../../chain/primitives/errors.ts'

/** What can go wrong with a piece of work. */
export type ComputeErrorType =
  | { readonly code: 'COMPUTE_MANIFEST_INVALID'; readonly reason: string }
  | { readonly code: 'COMPUTE_DATASET_MISMATCH'; readonly given: string; readonly actual: string }
  | { readonly code: 'COMPUTE_DATASET_UNREADABLE'; readonly path: string }
  | { readonly code: 'COMPUTE_ROW_UNKNOWN'; readonly row: number; readonly count: number }
  | {
      readonly code: 'COMPUTE_RESULT_MALFORMED'
      readonly sizeBytes: number
      readonly wanted: number
    }
  | { readonly code: 'COMPUTE_KERNEL_FAULT'; readonly row: number }
  | { readonly code: 'COMPUTE_THREAD_FAILED'; readonly reason: string }
  | { readonly code: 'COMPUTE_CANCELLED' }

/** A manifest, data set, result or machine that cannot be worked with. */
export class ComputeError extends PocaError<ComputeErrorType> {}
