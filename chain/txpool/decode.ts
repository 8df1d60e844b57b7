import type { Address, Hash } from '../primitives/hex.ts'
import { createPoolError, type PoolError } from './errors.ts'
import { encodeListHeader, encodeUint, RlpFault, type RlpItem, readRlp } from './rlp.ts'

/** What admission needs to know of a signed transaction, read from its bytes once. */
export type DecodedTransaction = {
  readonly type: 0 | 1 | 2 | 4
  /** Absent on legacy transactions without EIP-155 protection. */
  readonly chainId?: bigint
  readonly nonce: bigint
  readonly gas: bigint
  /** Legacy and EIP-2930 price; else the cap of the price. */
  readonly maxFee: bigint
  /** Cap of the tip; for priced types the price itself. */
  readonly maxTip: bigint
  /** Null: creates a contract. */
  readonly to: Address | null
  readonly value: bigint
  readonly dataSize: number
  readonly dataZeros: number
  readonly accessListAddresses: number
  readonly accessListKeys: number
  readonly authorizations: number
  readonly signature: Signature
  /** What was signed, before hashing. */
  readonly signedBytes: Uint8Array
}

/** A secp256k1 signature in parts. */
export type Signature = { readonly r: bigint; readonly s: bigint; readonly yParity: 0 | 1 }

/** Fields before the signature, in the order of each type's RLP list. */
type Layout = {
  readonly type: 1 | 2 | 4
  readonly count: number
  readonly maxTip: number
  readonly maxFee: number
}

const LAYOUTS: Readonly<Record<number, Layout>> = {
  1: { type: 1, count: 11, maxTip: 2, maxFee: 2 },
  2: { type: 2, count: 12, maxTip: 2, maxFee: 3 },
  4: { type: 4, count: 13, maxTip: 2, maxFee: 3 },
}

const NONCE_MAX = (1n << 64n) - 2n // EIP-2681
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/**
 * Reads a signed transaction of type 0, 1, 2 or 4, strictly.
 *
 * @source EIP-2718, EIP-155, EIP-2930, EIP-1559, EIP-7702
 * @throws PoolError `TX_MALFORMED`, `TX_TYPE_UNSUPPORTED` or `TX_INVALID_SIGNATURE`.
 */
export function decodeTransaction(raw: Uint8Array): DecodedTransaction {
  const first = raw[0]
  if (first === undefined) throw malformed('it is empty')
  try {
    if (first >= 0xc0) return decodeLegacy(raw)
    const layout = LAYOUTS[first]
    if (layout === undefined) throw createPoolError({ code: 'TX_TYPE_UNSUPPORTED', type: first })
    return decodeTyped(raw, layout)
  } catch (cause) {
    if (cause instanceof RlpFault) throw malformed(`RLP: ${cause.message}`)
    throw cause
  }
}

function decodeLegacy(raw: Uint8Array): DecodedTransaction {
  const fields = readFields(raw, 9)
  const v = readUint(fields, 6, 'v', 64)
  const unprotected = v === 27n || v === 28n
  if (!unprotected && v < 35n) throw invalidSignature(`v is ${v}`)

  const chainId = unprotected ? undefined : (v - 35n) / 2n
  const yParity = unprotected ? v - 27n : (v - 35n) % 2n
  const body = raw.subarray(field(fields, 0).start, field(fields, 5).end)
  const tail = chainId === undefined ? [] : [encodeUint(chainId), encodeUint(0n), encodeUint(0n)]
  const price = readUint(fields, 1, 'gasPrice')
  return {
    type: 0,
    ...(chainId === undefined ? {} : { chainId }),
    ...readCommon(fields, 0, 2),
    maxFee: price,
    maxTip: price,
    accessListAddresses: 0,
    accessListKeys: 0,
    authorizations: 0,
    signature: readSignature(fields, 7, yParity),
    signedBytes: listOf(undefined, [body, ...tail]),
  }
}

function decodeTyped(raw: Uint8Array, layout: Layout): DecodedTransaction {
  const { type, count, maxTip, maxFee } = layout
  const bytes = raw.subarray(1)
  const fields = readFields(bytes, count)
  const common = readCommon(fields, 1, maxFee + 1)
  const accessListAt = maxFee + 5
  const { addresses, keys } = readAccessList(field(fields, accessListAt))
  if (type === 4 && common.to === null) throw malformed('a type 4 transaction needs `to`')
  const body = bytes.subarray(field(fields, 0).start, field(fields, count - 4).end)
  return {
    type,
    chainId: readUint(fields, 0, 'chainId', 256),
    ...common,
    maxFee: readUint(fields, maxFee, 'maxFeePerGas'),
    maxTip: readUint(fields, maxTip, 'maxPriorityFeePerGas'),
    accessListAddresses: addresses,
    accessListKeys: keys,
    authorizations: type === 4 ? readAuthorizations(field(fields, accessListAt + 1)) : 0,
    signature: readSignature(fields, count - 2, readUint(fields, count - 3, 'yParity')),
    signedBytes: listOf(type, [body]),
  }
}

/** Nonce at `nonceAt`; gas, to, value and data from `gasAt` on. */
function readCommon(fields: readonly RlpItem[], nonceAt: number, gasAt: number) {
  const nonce = readUint(fields, nonceAt, 'nonce', 64)
  if (nonce > NONCE_MAX) throw malformed('nonce has max value')
  const to = readString(field(fields, gasAt + 1), 'to')
  if (to.length !== 0 && to.length !== 20) throw malformed('`to` is not 20 bytes')
  const data = readString(field(fields, gasAt + 3), 'data')
  let dataZeros = 0
  for (const byte of data) if (byte === 0) dataZeros++
  return {
    nonce,
    gas: readUint(fields, gasAt, 'gas', 64),
    to: to.length === 0 ? null : toHex(to),
    value: readUint(fields, gasAt + 2, 'value'),
    dataSize: data.length,
    dataZeros,
  }
}

function readAccessList(list: RlpItem): { addresses: number; keys: number } {
  let keys = 0
  const entries = readList(list, 'accessList')
  for (const entry of entries) {
    const pair = readList(entry, 'accessList')
    if (pair.length !== 2) throw malformed('accessList entry is not a pair')
    readSized(field(pair, 0), 20, 'accessList address')
    for (const key of readList(field(pair, 1), 'accessList')) {
      readSized(key, 32, 'accessList key')
      keys++
    }
  }
  return { addresses: entries.length, keys }
}

function readAuthorizations(list: RlpItem): number {
  const entries = readList(list, 'authorizationList')
  if (entries.length === 0) throw malformed('authorizationList is empty')
  for (const entry of entries) {
    const parts = readList(entry, 'authorizationList')
    if (parts.length !== 6) throw malformed('authorization does not have 6 fields')
    readUint(parts, 0, 'authorization chainId')
    readSized(field(parts, 1), 20, 'authorization address')
    readUint(parts, 2, 'authorization nonce', 64)
    readUint(parts, 3, 'authorization yParity', 8)
    readUint(parts, 4, 'authorization r')
    readUint(parts, 5, 'authorization s')
  }
  return entries.length
}

/** Refuses what `ecrecover` cannot take, and the upper half of `s` (EIP-2). */
function readSignature(fields: readonly RlpItem[], at: number, parity: bigint): Signature {
  const r = readUint(fields, at, 'r')
  const s = readUint(fields, at + 1, 's')
  if (parity !== 0n && parity !== 1n) throw invalidSignature(`yParity is ${parity}`)
  if (r === 0n || r >= CURVE_ORDER) throw invalidSignature('r is out of range')
  if (s === 0n || s > CURVE_ORDER / 2n) throw invalidSignature('s is out of range')
  return { r, s, yParity: parity === 0n ? 0 : 1 }
}

function readFields(bytes: Uint8Array, count: number): readonly RlpItem[] {
  const { items } = readRlp(bytes)
  if (items === undefined) throw malformed('it is not a list')
  if (items.length !== count) throw malformed(`it has ${items.length} fields, not ${count}`)
  return items
}

function readUint(fields: readonly RlpItem[], at: number, name: string, bits = 256): bigint {
  const bytes = readString(field(fields, at), name)
  if (bytes.length > bits / 8) throw malformed(`${name} is longer than ${bits} bits`)
  if (bytes[0] === 0) throw malformed(`${name} has leading zeros`)
  return bytes.length === 0 ? 0n : BigInt(toHex(bytes))
}

function readString(item: RlpItem, name: string): Uint8Array {
  if (item.items !== undefined) throw malformed(`${name} is a list`)
  return item.payload
}

function readSized(item: RlpItem, size: number, name: string): Uint8Array {
  const bytes = readString(item, name)
  if (bytes.length !== size) throw malformed(`${name} is not ${size} bytes`)
  return bytes
}

function readList(item: RlpItem, name: string): readonly RlpItem[] {
  if (item.items === undefined) throw malformed(`${name} is not a list`)
  return item.items
}

function field(fields: readonly RlpItem[], at: number): RlpItem {
  const item = fields[at]
  if (item === undefined) throw malformed('a field is missing')
  return item
}

/** An RLP list out of encoded parts, behind its type byte. */
function listOf(type: number | undefined, parts: readonly Uint8Array[]): Uint8Array {
  const size = parts.reduce((sum, part) => sum + part.length, 0)
  const head = encodeListHeader(size)
  const prefix = type === undefined ? [] : [Uint8Array.of(type)]
  return new Uint8Array(Buffer.concat([...prefix, head, ...parts]))
}

function toHex(bytes: Uint8Array): Hash {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`
}

function malformed(reason: string): PoolError {
  return createPoolError({ code: 'TX_MALFORMED', reason })
}

function invalidSignature(reason: string): PoolError {
  return createPoolError({ code: 'TX_INVALID_SIGNATURE', reason })
}
