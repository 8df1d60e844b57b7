import { PocaError } from '../primitives/errors.ts'
import type { Hash } from '../primitives/hex.ts'

export type StorageErrorType =
  | { readonly code: 'STORAGE_LOCKED'; readonly path: string; readonly pid: number }
  | { readonly code: 'STORAGE_TAKEN'; readonly path: string }
  | { readonly code: 'STORAGE_CORRUPT'; readonly path: string; readonly reason: string }
  | { readonly code: 'STORAGE_FORMAT'; readonly path: string; readonly found: number }
  | {
      readonly code: 'STORAGE_WRONG_GENESIS'
      readonly path: string
      readonly found: Hash
      readonly expected: Hash
    }
  | { readonly code: 'STORAGE_BAD_RECORD'; readonly kind: string }
  | { readonly code: 'STORAGE_WRITE_FAILED'; readonly path: string }

/** What may be wrong with the database on disk. Nothing is ever recreated in silence. */
export class StorageError extends PocaError<StorageErrorType> {}

/** The database at `path` does not hold what it must. */
export function corrupt(path: string, reason: string, cause?: unknown): StorageError {
  return new StorageError(
    { code: 'STORAGE_CORRUPT', path, reason },
    `The database ${path} is damaged (${reason}); ` +
      'restore it from a copy, or move it away to start from genesis.',
    { cause },
  )
}
