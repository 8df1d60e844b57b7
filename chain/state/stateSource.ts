import type { Hash } from '../primitives/hex.ts'
import type { NodeLog } from './nodeLog.ts'

/** What states are read from; `chain/node` hands in the database. */
export type StateSource = NodeLog & {
  /** Where the root node of a state lies; undefined when the state is not there. */
  rootPosition(stateRoot: Hash): number | undefined
  code(codeHash: Hash): Uint8Array | undefined
}
