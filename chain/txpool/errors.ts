import { describeTransactionError, type TransactionErrorType } from '../codec/errors.ts'
import { PocaError } from '../primitives/errors.ts'
import type { Address, Hash } from '../primitives/hex.ts'

/**
 * Why the pool refuses a transaction. The messages hold the words that wallets and libraries match.
 */
export type PoolErrorType =
  | TransactionErrorType
  | { readonly code: 'TX_TOO_BIG'; readonly size: number; readonly sizeMax: number }
  | { readonly code: 'TX_SENDER_IS_CONTRACT'; readonly sender: Address }
  | {
      readonly code: 'TX_NONCE_TOO_LOW'
      readonly sender: Address
      readonly nonce: bigint
      readonly expected: bigint
    }
  | {
      readonly code: 'TX_NONCE_TOO_HIGH'
      readonly sender: Address
      readonly nonce: bigint
      readonly expected: bigint
    }
  | {
      readonly code: 'TX_INSUFFICIENT_FUNDS'
      readonly sender: Address
      readonly balance: bigint
      readonly cost: bigint
    }
  | { readonly code: 'TX_ALREADY_KNOWN'; readonly hash: Hash }
  | {
      readonly code: 'TX_REPLACEMENT_UNDERPRICED'
      readonly hash: Hash
      readonly maxFeeMin: bigint
      readonly tipMin: bigint
    }
  | { readonly code: 'TX_INTRINSIC_GAS'; readonly gas: bigint; readonly needed: bigint }
  | { readonly code: 'TX_GAS_ABOVE_BLOCK'; readonly gas: bigint; readonly gasMax: bigint }
  | { readonly code: 'TX_FEE_BELOW_FLOOR'; readonly maxFee: bigint; readonly floor: bigint }
  | { readonly code: 'POOL_FULL'; readonly sizeMax: number }
  | { readonly code: 'POOL_SENDER_FULL'; readonly sender: Address; readonly txsMax: number }

/** A transaction that the pool does not take. */
export class PoolError extends PocaError<PoolErrorType> {}

/** Builds the error with the message that belongs to its facts. */
export function createPoolError(
  facts: PoolErrorType,
  options?: { readonly cause?: unknown },
): PoolError {
  return new PoolError(facts, describe(facts), options)
}

/** One sentence per refusal. The first words are geth's, because clients match on them. */
function describe(facts: PoolErrorType): string {
  switch (facts.code) {
    case 'TX_TOO_BIG':
      return `oversized data: transaction has ${facts.size} bytes, limit ${facts.sizeMax}`
    case 'TX_SENDER_IS_CONTRACT':
      return `sender not an eoa: ${facts.sender} has contract code`
    case 'TX_NONCE_TOO_LOW':
      return (
        `nonce too low: next nonce of ${facts.sender} is ${facts.expected}, ` +
        `transaction has ${facts.nonce}`
      )
    case 'TX_NONCE_TOO_HIGH':
      return (
        `nonce too high: gap to the next nonce of ${facts.sender}, ${facts.expected}, ` +
        `is too wide for ${facts.nonce}`
      )
    case 'TX_INSUFFICIENT_FUNDS':
      return (
        `insufficient funds for gas * price + value: address ${facts.sender} ` +
        `have ${facts.balance} want ${facts.cost}`
      )
    case 'TX_ALREADY_KNOWN':
      return `already known: ${facts.hash}`
    case 'TX_REPLACEMENT_UNDERPRICED':
      return (
        'replacement transaction underpriced: needs maxFeePerGas ' +
        `${facts.maxFeeMin} and maxPriorityFeePerGas ${facts.tipMin}`
      )
    case 'TX_INTRINSIC_GAS':
      return `intrinsic gas too low: gas ${facts.gas}, minimum needed ${facts.needed}`
    case 'TX_GAS_ABOVE_BLOCK':
      return `exceeds block gas limit: gas ${facts.gas}, at most ${facts.gasMax} per transaction`
    case 'TX_FEE_BELOW_FLOOR':
      return (
        'max fee per gas less than block base fee: maxFeePerGas ' +
        `${facts.maxFee}, the base fee never falls below ${facts.floor}`
      )
    case 'POOL_FULL':
      return 'txpool is full: transaction underpriced, raise the fees or try later'
    case 'POOL_SENDER_FULL':
      return `account limit exceeded: ${facts.sender} already has ${facts.txsMax} waiting`
    default:
      return describeTransactionError(facts)
  }
}
