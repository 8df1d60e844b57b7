import { PocaError } from '../../chain/primitives/errors.ts'

/** What can go wrong between a test and the simulated chain. */
export type HardhatPocaErrorType =
  | { readonly code: 'HARDHAT_NOT_POCA'; readonly network: string }
  | { readonly code: 'HARDHAT_NO_GENESIS'; readonly path: string }
  | { readonly code: 'HARDHAT_TIME_PAST'; readonly to: bigint; readonly now: bigint }
  | { readonly code: 'HARDHAT_BAD_COUNT'; readonly name: string; readonly value: number | bigint }
  | { readonly code: 'HARDHAT_NO_HALVING'; readonly eraSeconds: bigint }
  | { readonly code: 'HARDHAT_NO_KEY'; readonly account: string }
  | { readonly code: 'HARDHAT_STUCK'; readonly what: string }

/** A request of a test that the simulated chain cannot fulfil. */
export class HardhatPocaError extends PocaError<HardhatPocaErrorType> {}
