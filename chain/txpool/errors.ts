import { PocaError } from '../primitives/errors.ts'
import type { Address, Hash } from '../primitives/hex.ts'

/**
 * Why the pool refuses a transaction. The messages hold the words that wallets and libraries match.
 */
export type PoolErrorType =
  | { readonly code: 'TX_MALFORMED'; readonly reason: string }
  | { readonly code: 'TX_TYPE_UNSUPPORTED'; readonly type: number }
  | { readonly code: 'TX_TOO_BIG'; readonly size: number; readonly sizeMax: number }
  | { readonly code: 'TX_WRONG_CHAIN_ID'; readonly chainId: bigint; readonly expected: bigint }
  | { readonly code: 'TX_INVALID_SIGNATURE'; readonly reason: string }
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
  | { readonly code: 'TX_GAS_ABOVE_CAP'; readonly gas: bigint; readonly gasMax: bigint }
  | { readonly code: 'TX_FEE_BELOW_FLOOR'; readonly maxFee: bigint; readonly floor: bigint }
  | { readonly code: 'TX_TIP_ABOVE_FEE'; readonly maxFee: bigint; readonly tip: bigint }
  | { readonly code: 'TX_INITCODE_TOO_BIG'; readonly size: number; readonly sizeMax: number }
  | { readonly code: 'POOL_FULL'; readonly sizeMax: number }
  | { readonly code: 'POOL_SENDER_FULL'; readonly sender: Address; readonly txsMax: number }

/** A transaction that the pool does not take. */
export class PoolError extends PocaError<PoolErrorType> {}

/** Builds the error with the message that belongs to its facts. */
export function createPoolError(facts: PoolErrorType): PoolError {
  return new PoolError(facts, describe(facts))
}

/** One sentence per refusal. The first words are geth's, because clients match on them. */
function describe(facts: PoolErrorType): string {
  switch (facts.code) {
    case 'TX_MALFORMED':
      return `malformed transaction: ${facts.reason}`
    case 'TX_TYPE_UNSUPPORTED':
      return facts.type === 3
        ? 'transaction type not supported: blob transactions (type 3) are not accepted on this chain'
        : `transaction type not supported: ${facts.type}`
    case 'TX_TOO_BIG':
      return `oversized data: transaction has ${facts.size} bytes, limit ${facts.sizeMax}`
    case 'TX_WRONG_CHAIN_ID':
      return `invalid chain id for signer: have ${facts.chainId} want ${facts.expected}`
    case 'TX_INVALID_SIGNATURE':
      return `invalid signature: ${facts.reason}`
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
    default:
      return describeGasOrRoom(facts)
  }
}

/** The second half of `describe`: gas, fees, room. */
function describeGasOrRoom(
  facts: Extract<
    PoolErrorType,
    {
      code:
        | 'TX_INTRINSIC_GAS'
        | 'TX_GAS_ABOVE_BLOCK'
        | 'TX_GAS_ABOVE_CAP'
        | 'TX_FEE_BELOW_FLOOR'
        | 'TX_TIP_ABOVE_FEE'
        | 'TX_INITCODE_TOO_BIG'
        | 'POOL_FULL'
        | 'POOL_SENDER_FULL'
    }
  >,
): string {
  switch (facts.code) {
    case 'TX_INTRINSIC_GAS':
      return `intrinsic gas too low: gas ${facts.gas}, minimum needed ${facts.needed}`
    case 'TX_GAS_ABOVE_BLOCK':
      return `exceeds block gas limit: gas ${facts.gas}, at most ${facts.gasMax} per transaction`
    case 'TX_GAS_ABOVE_CAP':
      return `transaction gas limit too high (cap: ${facts.gasMax}, tx: ${facts.gas})`
    case 'TX_FEE_BELOW_FLOOR':
      return (
        'max fee per gas less than block base fee: maxFeePerGas ' +
        `${facts.maxFee}, the base fee never falls below ${facts.floor}`
      )
    case 'TX_TIP_ABOVE_FEE':
      return (
        'max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas ' +
        `${facts.tip}, maxFeePerGas ${facts.maxFee}`
      )
    case 'TX_INITCODE_TOO_BIG':
      return `max initcode size exceeded: code size ${facts.size}, limit ${facts.sizeMax}`
    case 'POOL_FULL':
      return 'txpool is full: transaction underpriced, raise the fees or try later'
    case 'POOL_SENDER_FULL':
      return `account limit exceeded: ${facts.sender} already has ${facts.txsMax} waiting`
  }
}
