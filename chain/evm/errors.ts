import { TransactionError } from '../codec/errors.ts'
import { PocaError } from '../primitives/errors.ts'
import type { Address, Hash } from '../primitives/hex.ts'

/** A header field that a verifier recomputes. */
export type HeaderField =
  | 'parentHash'
  | 'number'
  | 'gasLimit'
  | 'baseFeePerGas'
  | 'timestamp'
  | 'coinbase'
  | 'extraData'
  | 'mixHash'
  | 'parentBeaconBlockRoot'
  | 'blobGasUsed'
  | 'excessBlobGas'

/** A result of execution that the header must state. */
export type ResultField =
  | 'stateRoot'
  | 'receiptsRoot'
  | 'logsBloom'
  | 'gasUsed'
  | 'requestsHash'
  | 'transactionsRoot'

export type EvmErrorType =
  | { readonly code: 'EVM_MALFORMED_BLOCK'; readonly reason: string }
  | {
      readonly code: 'EVM_BAD_HEADER'
      readonly field: HeaderField
      readonly found: string
      readonly expected: string
    }
  | { readonly code: 'EVM_BLOB_TRANSACTION'; readonly index: number }
  | { readonly code: 'EVM_SYSTEM_TX_MISSING'; readonly height: bigint }
  | { readonly code: 'EVM_SYSTEM_TX_WRONG'; readonly field: string }
  | { readonly code: 'EVM_SYSTEM_TX_EXTRA'; readonly index: number }
  | { readonly code: 'EVM_SYSTEM_TX_FAILED_AFTER_END'; readonly height: bigint }
  | { readonly code: 'EVM_BAD_TRANSACTIONS'; readonly reason: string }
  | { readonly code: 'EVM_WRONG_RESULT'; readonly field: ResultField }
  | {
      readonly code: 'EVM_SUPPLY_NOT_CONSERVED'
      readonly height: bigint
      /** Wei by which all balances together changed, and by which they had to. */
      readonly change: bigint
      readonly expected: bigint
    }
  | {
      readonly code: 'EVM_NO_GAS_FLOAT'
      readonly proposer: Address
      readonly balance: bigint
      readonly required: bigint
    }
  | { readonly code: 'EVM_NO_SYSTEM_HUB'; readonly hub: Address }
  | { readonly code: 'EVM_UNKNOWN_STATE'; readonly stateRoot: Hash }
  | {
      readonly code: 'EVM_INSUFFICIENT_FUNDS'
      readonly from: Address
      readonly balance: bigint
      readonly required: bigint
    }
  | { readonly code: 'EVM_ENGINES_DIFFER'; readonly height: bigint; readonly reason: string }
  | { readonly code: 'EVM_BAD_CALL'; readonly reason: string }
  | { readonly code: 'EVM_CALL_TOO_LONG'; readonly msMax: number }
  | { readonly code: 'EVM_TRANSACTION_TOO_LONG'; readonly msMax: number }
  | { readonly code: 'EVM_BLOCK_TOO_LONG'; readonly msMax: number }
  | { readonly code: 'EVM_CALLS_TOO_MANY'; readonly max: number }
  | { readonly code: 'EVM_TRACE_TOO_BIG'; readonly sizeMax: number }

/** Why a block, a call or a build cannot be executed. */
export class EvmError extends PocaError<EvmErrorType> {}

/** A block that breaks a rule; `what` finishes the sentence "The block …". */
export function invalidBlock(facts: EvmErrorType, what: string, cause?: unknown): EvmError {
  return new EvmError(facts, `The block ${what}.`, { cause })
}

/**
 * Whether an exception says that this node is damaged, as a state that cannot be read does: nothing
 * is wrong with the transaction, nor with the block that holds it.
 */
export function isFaultOfNode(error: unknown): boolean {
  const isOurs = error instanceof TransactionError || error instanceof EvmError
  return error instanceof PocaError && !isOurs
}
