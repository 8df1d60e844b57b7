import { hexToBytes } from '@ethereumjs/util'
import { EMPTY_BYTES } from './bytes.ts'
import { createTransactionError, type TransactionError } from './errors.ts'
import {
  isAtEnd,
  openList,
  payloadOf,
  RLP_LIST,
  type RlpCursor,
  RlpFault,
  readString,
  readUint,
} from './rlp.ts'
import { scanAccessList, scanAuthorizations } from './transactionLists.ts'

/**
 * A signed transaction, read from its bytes once. What has many parts stays in `raw` until it is
 * asked for: `accessListOf`, `authorizationsOf`, `signatureOf`, `signingHash`.
 */
export type Transaction = {
  /** The signed bytes. `to` and `data` are views of them. */
  readonly raw: Uint8Array
  readonly type: 0 | 1 | 2 | 4
  /** Undefined on legacy transactions without EIP-155 protection. */
  readonly chainId: bigint | undefined
  readonly nonce: bigint
  readonly gas: bigint
  /** Legacy and EIP-2930 price; else the cap of the price. Wei per gas. */
  readonly maxFee: bigint
  /** Cap of the tip; for priced types the price itself. Wei per gas. */
  readonly maxTip: bigint
  /** Null: creates a contract. */
  readonly to: Uint8Array | null
  readonly value: bigint
  readonly data: Uint8Array
  /** What `data` counts in EIP-7623: a zero byte one, another byte four. */
  readonly dataTokens: number
  readonly accessListAddresses: number
  readonly accessListKeys: number
  readonly authorizations: number
  readonly yParity: 0 | 1
  readonly layout: TransactionLayout
}

/** Where parts lie in the bytes; for the functions of this folder. */
export type TransactionLayout = {
  /** First byte of the first field, and one past the last field that was signed. */
  readonly signedFrom: number
  readonly signedTo: number
  /** The access list and the authorization list; 0 when the type has none. */
  readonly accessListFrom: number
  readonly authorizationsFrom: number
  /** Payloads of r and s; the latter ends the transaction. */
  readonly rFrom: number
  readonly rTo: number
  readonly sFrom: number
}

const NONCE_MAX = (1n << 64n) - 2n // EIP-2681
const UINT_MAX = (1n << 256n) - 1n
/** Above this, gas * fee may not fit in 256 bits. */
const FEE_SURE = (1n << 192n) - 1n
const ADDRESS_SIZE = 20

// The order of secp256k1, and its half: `s` above it is the malleated twin (EIP-2).
const ORDER = hexToBytes('0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141')
const HALF_ORDER = hexToBytes('0x7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0')

/**
 * Reads a signed transaction of type 0, 1, 2 or 4, strictly: whatever is accepted has one encoding
 * only. What the chain demands besides is in `checkTransaction`.
 *
 * @source EIP-2718; EIP-155; EIP-2930; EIP-1559; EIP-7702
 * @throws TransactionError `TX_MALFORMED`, `TX_TYPE_UNSUPPORTED` or `TX_INVALID_SIGNATURE`.
 */
export function decodeTransaction(raw: Uint8Array): Transaction {
  const first = raw[0]
  if (first === undefined) throw malformed('it is empty')
  try {
    if (first >= RLP_LIST) return decodeLegacy(raw)
    if (first !== 1 && first !== 2 && first !== 4) {
      throw createTransactionError({ code: 'TX_TYPE_UNSUPPORTED', type: first })
    }
    return decodeTyped(raw, first)
  } catch (cause) {
    if (cause instanceof RlpFault) throw malformed(`RLP: ${cause.message}`, cause)
    throw cause
  }
}

function decodeLegacy(raw: Uint8Array): Transaction {
  const cursor = openList(raw)
  const signedFrom = cursor.next
  const nonce = readNonce(cursor)
  const price = readUint(cursor, 32)
  const gas = readGas(cursor, price)
  const to = readTo(cursor)
  const value = readUint(cursor, 32)
  const data = readData(cursor)
  const signedTo = cursor.next
  const v = readUint(cursor, 8)
  const isUnprotected = v === 27n || v === 28n
  if (!isUnprotected && v < 35n) throw invalidSignature(`v is ${v}`)
  const yParity = (isUnprotected ? v === 28n : (v & 1n) === 0n) ? 1 : 0
  const before = { signedFrom, signedTo, accessListFrom: 0, authorizationsFrom: 0 }
  const layout = readSignature(cursor, before)
  return {
    raw,
    type: 0,
    chainId: isUnprotected ? undefined : (v - 35n) >> 1n,
    nonce,
    gas,
    maxFee: price,
    maxTip: price,
    to,
    value,
    data,
    dataTokens: tokensOf(data),
    accessListAddresses: 0,
    accessListKeys: 0,
    authorizations: 0,
    yParity,
    layout,
  }
}

function decodeTyped(raw: Uint8Array, type: 1 | 2 | 4): Transaction {
  const cursor = openList(raw, 1)
  const signedFrom = cursor.next
  const chainId = readUint(cursor, 32)
  const nonce = readNonce(cursor)
  const maxTip = readUint(cursor, 32)
  const maxFee = type === 1 ? maxTip : readUint(cursor, 32)
  const gas = readGas(cursor, maxFee)
  const to = readTo(cursor)
  if (type === 4 && to === null) throw malformed('a type 4 transaction needs `to`')
  const value = readUint(cursor, 32)
  const data = readData(cursor)
  const accessListFrom = cursor.next
  const { addresses, keys } = scanAccessList(cursor)
  const authorizationsFrom = type === 4 ? cursor.next : 0
  const authorizations = type === 4 ? scanAuthorizations(cursor) : 0
  const signedTo = cursor.next
  const parity = readUint(cursor, 32)
  if (parity > 1n) throw invalidSignature(`yParity is ${parity}`)
  const before = { signedFrom, signedTo, accessListFrom, authorizationsFrom }
  const layout = readSignature(cursor, before)
  return {
    raw,
    type,
    chainId,
    nonce,
    gas,
    maxFee,
    maxTip,
    to,
    value,
    data,
    dataTokens: tokensOf(data),
    accessListAddresses: addresses,
    accessListKeys: keys,
    authorizations,
    yParity: parity === 1n ? 1 : 0,
    layout,
  }
}

function readNonce(cursor: RlpCursor): bigint {
  const nonce = readUint(cursor, 8)
  if (nonce > NONCE_MAX) throw malformed('nonce has max value')
  return nonce
}

/** Gas, of which the whole price must be a number of 256 bits. */
function readGas(cursor: RlpCursor, maxFee: bigint): bigint {
  const gas = readUint(cursor, 8)
  if (maxFee > FEE_SURE && gas * maxFee > UINT_MAX) throw malformed('gas * price overflows')
  return gas
}

function readTo(cursor: RlpCursor): Uint8Array | null {
  const size = readString(cursor)
  if (size === 0) return null
  if (size !== ADDRESS_SIZE) throw malformed('`to` is not 20 bytes')
  return payloadOf(cursor)
}

function readData(cursor: RlpCursor): Uint8Array {
  return readString(cursor) === 0 ? EMPTY_BYTES : payloadOf(cursor)
}

/**
 * Reads r and s, the last fields. Refuses what no key can have made, and the upper half of `s`.
 *
 * @source EIP-1559; Ethereum Yellow Paper, appendix F
 */
function readSignature(
  cursor: RlpCursor,
  before: Omit<TransactionLayout, 'rFrom' | 'rTo' | 'sFrom'>,
): TransactionLayout {
  const { signedFrom, signedTo, accessListFrom, authorizationsFrom } = before
  if (readScalar(cursor, ORDER) >= 0) throw invalidSignature('r is out of range')
  const rFrom = cursor.from
  const rTo = cursor.next
  if (readScalar(cursor, HALF_ORDER) > 0) throw invalidSignature('s is out of range')
  if (!isAtEnd(cursor)) throw malformed('it has too many fields')
  const sFrom = cursor.from
  return { signedFrom, signedTo, accessListFrom, authorizationsFrom, rFrom, rTo, sFrom }
}

/** Reads a number that is not 0; its sign when `bound`, of 32 bytes, is taken from it. */
function readScalar(cursor: RlpCursor, bound: Uint8Array): number {
  const size = readString(cursor)
  if (size > bound.length) throw malformed('r or s is longer than 256 bits')
  if (size === 0) throw invalidSignature('r or s is 0')
  const { bytes, from } = cursor
  if (bytes[from] === 0) throw malformed('r or s has leading zeros')
  if (size < bound.length) return -1
  for (let i = 0; i < size; i++) {
    const difference = (bytes[from + i] ?? 0) - (bound[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function tokensOf(data: Uint8Array): number {
  let zeros = 0
  for (let i = 0; i < data.length; i++) if (data[i] === 0) zeros++
  return 4 * data.length - 3 * zeros
}

function malformed(reason: string, cause?: unknown): TransactionError {
  return createTransactionError({ code: 'TX_MALFORMED', reason }, { cause })
}

function invalidSignature(reason: string): TransactionError {
  return createTransactionError({ code: 'TX_INVALID_SIGNATURE', reason })
}
