import type { Transaction } from './transaction.ts'

const TX = 21_000
const CREATE = 32_000 // EIP-2
const DATA_TOKEN = 4 // EIP-2028: a zero byte is one token, another byte four
const DATA_TOKEN_FLOOR = 10 // EIP-7623
const INITCODE_WORD = 2 // EIP-3860
const ACCESS_LIST_ADDRESS = 2_400 // EIP-2930
const ACCESS_LIST_KEY = 1_900 // EIP-2930
const AUTHORIZATION = 25_000 // EIP-7702

const PLAIN = BigInt(TX)

/** The part of a transaction that decides what it costs before its first opcode. */
export type IntrinsicParts = Pick<
  Transaction,
  'to' | 'data' | 'dataTokens' | 'accessListAddresses' | 'accessListKeys' | 'authorizations'
>

/**
 * Gas that a transaction costs before its first opcode.
 *
 * @source EIP-2930; EIP-3860; EIP-7702
 */
export function intrinsicGas(tx: IntrinsicParts): bigint {
  const { to, data, dataTokens, accessListAddresses, accessListKeys, authorizations } = tx
  if (to !== null && dataTokens + accessListAddresses + authorizations === 0) return PLAIN
  const creation = to === null ? CREATE + INITCODE_WORD * Math.ceil(data.length / 32) : 0
  const lists =
    ACCESS_LIST_ADDRESS * accessListAddresses +
    ACCESS_LIST_KEY * accessListKeys +
    AUTHORIZATION * authorizations
  // Each factor is below 2^32 and so small that the sum is exact.
  return BigInt(TX + DATA_TOKEN * dataTokens + creation + lists)
}

/**
 * Least gas that a transaction with this much data uses, whatever it does.
 *
 * @source EIP-7623
 */
export function floorGas({ dataTokens }: Pick<IntrinsicParts, 'dataTokens'>): bigint {
  return dataTokens === 0 ? PLAIN : BigInt(TX + DATA_TOKEN_FLOOR * dataTokens)
}

/** Least gas limit with which a transaction is valid: the more of the two. */
export function minimumGas(tx: IntrinsicParts): bigint {
  const intrinsic = intrinsicGas(tx)
  const floor = floorGas(tx)
  return intrinsic > floor ? intrinsic : floor
}
