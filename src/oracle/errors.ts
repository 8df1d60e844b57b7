import { PocaError } from '../../chain/primitives/errors.ts'
import type { Address } from '../../chain/primitives/hex.ts'

/** What can keep an oracle from starting. */
export type OracleErrorType =
  | { readonly code: 'ORACLE_NO_COIN'; readonly oracle: Address; readonly balance: bigint }
  | { readonly code: 'ORACLE_NOT_ADMITTED'; readonly oracle: Address }
  | {
      readonly code: 'ORACLE_COLLATERAL_SHORT'
      readonly oracle: Address
      readonly balance: bigint
      readonly wanted: bigint
    }
  | { readonly code: 'ORACLE_NO_LOCAL_KEY'; readonly oracle: Address }

/** An oracle that cannot work. */
export class OracleError extends PocaError<OracleErrorType> {}
