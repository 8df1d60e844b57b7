import { PocaError } from '../../primitives/errors.ts'

export type RecoveryErrorType = { readonly code: 'RECOVERY_CLOSED' }

/** Why senders are not recovered. */
export class RecoveryError extends PocaError<RecoveryErrorType> {}

export function createClosedError(): RecoveryError {
  return new RecoveryError(
    { code: 'RECOVERY_CLOSED' },
    'The recovery of senders was closed before this job was done.',
  )
}
