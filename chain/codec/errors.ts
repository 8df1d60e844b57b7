import { PocaError } from '../primitives/errors.ts'

/** Why bytes are no transaction that this chain could ever hold, whatever its state. */
export type TransactionErrorType =
  | { readonly code: 'TX_MALFORMED'; readonly reason: string }
  | { readonly code: 'TX_TYPE_UNSUPPORTED'; readonly type: number }
  | { readonly code: 'TX_INVALID_SIGNATURE'; readonly reason: string }
  | { readonly code: 'TX_WRONG_CHAIN_ID'; readonly chainId: bigint; readonly expected: bigint }
  | { readonly code: 'TX_INITCODE_TOO_BIG'; readonly size: number; readonly sizeMax: number }
  | { readonly code: 'TX_GAS_ABOVE_CAP'; readonly gas: bigint; readonly gasMax: bigint }
  | { readonly code: 'TX_TIP_ABOVE_FEE'; readonly maxFee: bigint; readonly tip: bigint }

/** Bytes that are no valid transaction. */
export class TransactionError extends PocaError<TransactionErrorType> {}

/** Builds the error with the message that belongs to its facts. */
export function createTransactionError(
  facts: TransactionErrorType,
  options?: { readonly cause?: unknown },
): TransactionError {
  return new TransactionError(facts, describeTransactionError(facts), options)
}

/** One sentence per fault. The first words are geth's, because clients match on them. */
export function describeTransactionError(facts: TransactionErrorType): string {
  switch (facts.code) {
    case 'TX_MALFORMED':
      return `malformed transaction: ${facts.reason}`
    case 'TX_TYPE_UNSUPPORTED':
      return facts.type === 3
        ? 'transaction type not supported: blob transactions (type 3) are not accepted on this chain'
        : `transaction type not supported: ${facts.type}`
    case 'TX_INVALID_SIGNATURE':
      return `invalid signature: ${facts.reason}`
    case 'TX_WRONG_CHAIN_ID':
      return `invalid chain id for signer: have ${facts.chainId} want ${facts.expected}`
    case 'TX_INITCODE_TOO_BIG':
      return `max initcode size exceeded: code size ${facts.size}, limit ${facts.sizeMax}`
    case 'TX_GAS_ABOVE_CAP':
      return `transaction gas limit too high (cap: ${facts.gasMax}, tx: ${facts.gas})`
    case 'TX_TIP_ABOVE_FEE':
      return (
        'max priority fee per gas higher than max fee per gas: maxPriorityFeePerGas ' +
        `${facts.tip}, maxFeePerGas ${facts.maxFee}`
      )
  }
}

export type CodecErrorType =
  | { readonly code: 'CODEC_BAD_BLOCK'; readonly reason: string }
  | { readonly code: 'CODEC_BAD_RECEIPTS'; readonly reason: string }

/** Bytes that are no block, or no receipts of one. */
export class CodecError extends PocaError<CodecErrorType> {}

/** A block, or its header, that breaks the format. */
export function badBlock(reason: string, cause?: unknown): CodecError {
  return new CodecError(
    { code: 'CODEC_BAD_BLOCK', reason },
    `The bytes are not a block of this chain: ${reason}.`,
    { cause },
  )
}

/** Kept receipts that cannot be read. */
export function badReceipts(reason: string, cause?: unknown): CodecError {
  return new CodecError(
    { code: 'CODEC_BAD_RECEIPTS', reason },
    `The bytes are not receipts that this version can read: ${reason}.`,
    { cause },
  )
}
