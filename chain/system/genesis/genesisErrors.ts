import { PocaError } from '../../primitives/errors.ts'

export type GenesisErrorFacts =
  | { readonly code: 'GENESIS_MALFORMED'; readonly issues: readonly string[] }
  | { readonly code: 'GENESIS_NO_ARTIFACT'; readonly contract: string }
  | {
      readonly code: 'GENESIS_CONSTRUCTOR_FAILED'
      readonly contract: string
      readonly data: string
    }
  | { readonly code: 'GENESIS_CODE_INVALID'; readonly contract: string; readonly size: number }
  | { readonly code: 'GENESIS_SUPPLY_MISMATCH'; readonly sum: bigint; readonly cap: bigint }
  | { readonly code: 'GENESIS_WRONG_CHAIN'; readonly given: bigint; readonly expected: bigint }
  | { readonly code: 'GENESIS_DEV_KEY'; readonly address: string }
  | { readonly code: 'GENESIS_DEPLOYMENT_MALFORMED'; readonly issues: readonly string[] }

/** A genesis that cannot be built or loaded. */
export class GenesisError extends PocaError<GenesisErrorFacts> {}
