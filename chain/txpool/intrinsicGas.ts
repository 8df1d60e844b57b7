import type { DecodedTransaction } from './decode.ts'

const TX = 21_000n
const CREATE = 32_000n // EIP-2
const DATA_TOKEN = 4n // EIP-2028: a zero byte is one token, another byte four
const DATA_TOKEN_FLOOR = 10n // EIP-7623
const INITCODE_WORD = 2n // EIP-3860
const ACCESS_LIST_ADDRESS = 2_400n // EIP-2930
const ACCESS_LIST_KEY = 1_900n // EIP-2930
const AUTHORIZATION = 25_000n // EIP-7702

/**
 * Least gas with which a transaction is valid: what it costs before its first opcode, or the floor
 * that its data sets, whichever is more.
 *
 * @source EIP-7623
 */
export function intrinsicGas(tx: DecodedTransaction): bigint {
  const tokens = BigInt(tx.dataZeros + 4 * (tx.dataSize - tx.dataZeros))
  const creation = tx.to === null ? CREATE + INITCODE_WORD * BigInt(wordCount(tx.dataSize)) : 0n
  const lists =
    ACCESS_LIST_ADDRESS * BigInt(tx.accessListAddresses) +
    ACCESS_LIST_KEY * BigInt(tx.accessListKeys) +
    AUTHORIZATION * BigInt(tx.authorizations)
  const standard = TX + DATA_TOKEN * tokens + creation + lists
  const floor = TX + DATA_TOKEN_FLOOR * tokens
  return standard > floor ? standard : floor
}

function wordCount(size: number): number {
  return Math.ceil(size / 32)
}
