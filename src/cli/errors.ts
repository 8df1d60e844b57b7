import { PocaError } from '../../chain/primitives/errors.ts'

/** What can be wrong with a command. */
export type CliErrorType =
  | { readonly code: 'CLI_DEMO_NEEDS_FRESH'; readonly dataDir: string; readonly height: bigint }
  | { readonly code: 'CLI_EXIT_NEEDS_DEMO' }

/** A command that cannot be carried out as given. */
export class CliError extends PocaError<CliErrorType> {}
