import { constants } from 'node:os'
import { PocaError } from '../primitives/errors.ts'
import type { Hash } from '../primitives/hex.ts'

export type StorageErrorType =
  | { readonly code: 'STORAGE_LOCKED'; readonly path: string; readonly pid: number }
  | { readonly code: 'STORAGE_TAKEN'; readonly path: string }
  | { readonly code: 'STORAGE_NO_ACCESS'; readonly path: string }
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

/** The system does not open the file of the database: it is damaged, or not ours to write. */
export function cannotOpen(path: string, cause: unknown): StorageError {
  if (!isDenied(cause)) return corrupt(path, 'it cannot be opened', cause)
  return new StorageError(
    { code: 'STORAGE_NO_ACCESS', path },
    `The database ${path} cannot be opened for writing; are its file and its folder yours?`,
    { cause },
  )
}

const { EACCES, EPERM, EROFS } = constants.errno
/** Codes of Node, and those of LMDB, which gives the number. */
const DENIED: readonly unknown[] = ['EACCES', 'EPERM', 'EROFS', EACCES, EPERM, EROFS]

function isDenied(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && DENIED.includes(cause.code)
}
