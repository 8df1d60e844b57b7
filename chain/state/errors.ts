import { PocaError } from '../primitives/errors.ts'
import type { Hash } from '../primitives/hex.ts'

export type StateErrorType =
  | { readonly code: 'STATE_CORRUPT'; readonly position: number; readonly reason: string }
  | { readonly code: 'STATE_UNKNOWN_ROOT'; readonly stateRoot: Hash }
  | { readonly code: 'STATE_CODE_MISSING'; readonly codeHash: Hash }

/** What may be wrong with a state that is read from disk. */
export class StateError extends PocaError<StateErrorType> {}

/** The state has an account with this code, and the code is not there. */
export function missingCode(codeHash: Hash): StateError {
  const text = `The code ${codeHash} is not in the database; restore it from a backup.`
  return new StateError({ code: 'STATE_CODE_MISSING', codeHash }, text)
}

/** The log does not hold at `position` what its parent says. */
export function corruptNode(position: number, reason: string): StateError {
  return new StateError(
    { code: 'STATE_CORRUPT', position, reason },
    `The state is damaged at position ${position} of its log: ${reason}; ` +
      'restore the database from a backup or from other nodes.',
  )
}
