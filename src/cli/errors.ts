import { PocaError } from '../../chain/primitives/errors.ts'

/** What can be wrong with a command. */
export type CliErrorType =
  | {
      readonly code: 'CLI_REFUSED'
      /** Name of the contract's error. */
      readonly error: string
      readonly args: Readonly<Record<string, unknown>>
    }
  | { readonly code: 'CLI_COLLATERAL_MISSING'; readonly wanted: bigint; readonly free: bigint }
  | { readonly code: 'CLI_NOTHING_ASKED'; readonly disputeId: bigint; readonly state: number }
  | { readonly code: 'CLI_NO_RESULT'; readonly data: string; readonly taskId: bigint }
  | { readonly code: 'CLI_NOTHING_DUE'; readonly deadline: number }
  | { readonly code: 'CLI_DEMO_NEEDS_FRESH'; readonly dataDir: string; readonly height: bigint }
  | { readonly code: 'CLI_EXIT_NEEDS_DEMO' }
  | { readonly code: 'CLI_AUDIT_NEEDS_FAST' }

/** A command that cannot be carried out as given. */
export class CliError extends PocaError<CliErrorType> {}
