// Signed transactions as bytes, without the checks of a library: what is wrong on purpose must come
// through as it is.
import { type Input, RLP } from '@ethereumjs/rlp'
import { bytesToBigInt, hexToBytes } from '@ethereumjs/util'
import { keccak256 } from '../../../../chain/crypto/keccak.ts'
import { sign } from '../../../../chain/crypto/secp256k1.ts'
import type { Address, Hash } from '../../../../chain/primitives/hex.ts'

/** Fields of a transaction that is yet to be signed. */
export type TransactionFields = {
  /** Type 3 carries one blob that nobody has: no block may hold it. */
  readonly type: 0 | 1 | 2 | 3 | 4
  readonly chainId: bigint
  /** Legacy only: whether the signature covers the chain id (EIP-155). */
  readonly isProtected: boolean
  readonly nonce: bigint
  /** Wei per gas; the gas price of types 0 and 1. */
  readonly maxFee: bigint
  /** Wei per gas; types 2 to 4. */
  readonly maxTip: bigint
  readonly gas: bigint
  /** Null: creates a contract. */
  readonly to: Address | null
  readonly value: bigint
  readonly data: Uint8Array
  readonly accessList: readonly AccessListItem[]
  readonly authorizations: readonly SignedAuthorization[]
}

export type AccessListItem = { readonly address: Address; readonly storageKeys: readonly Hash[] }

/** An EIP-7702 authorization with its signature. */
export type SignedAuthorization = {
  readonly chainId: bigint
  readonly address: Address
  readonly nonce: bigint
  readonly yParity: bigint
  readonly r: bigint
  readonly s: bigint
}

/** Order of secp256k1. */
export const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n

/** Signs a transaction and encodes it as the network does. */
export function encodeTransaction(fields: TransactionFields, key: Uint8Array): Uint8Array {
  const unsigned = payloadOf(fields)
  const { type, chainId, isProtected } = fields
  if (type === 0) {
    const signed = isProtected ? [...unsigned, chainId, 0n, 0n] : unsigned
    const { r, s, yParity } = signatureOf(keccak256(encode(signed)), key)
    const v = isProtected ? 35n + 2n * chainId + yParity : 27n + yParity
    return encode([...unsigned, v, r, s])
  }
  const { r, s, yParity } = signatureOf(keccak256(typed(type, encode(unsigned))), key)
  return typed(type, encode([...unsigned, yParity, r, s]))
}

/** Signs an authorization to run the code at `address`. */
export function signAuthorization(
  fields: Pick<SignedAuthorization, 'chainId' | 'address' | 'nonce'>,
  key: Uint8Array,
): SignedAuthorization {
  const { chainId, address, nonce } = fields
  const message = typed(5, encode([chainId, hexToBytes(address), nonce]))
  return { ...fields, ...signatureOf(keccak256(message), key) }
}

function payloadOf(fields: TransactionFields): Input[] {
  const { type, chainId, nonce, maxFee, maxTip, gas, value, data } = fields
  const to = fields.to === null ? new Uint8Array() : hexToBytes(fields.to)
  if (type === 0) return [nonce, maxFee, gas, to, value, data]
  const accessList = fields.accessList.map(({ address, storageKeys }) => [
    hexToBytes(address),
    storageKeys.map((slot) => hexToBytes(slot)),
  ])
  if (type === 1) return [chainId, nonce, maxFee, gas, to, value, data, accessList]
  const common: Input[] = [chainId, nonce, maxTip, maxFee, gas, to, value, data, accessList]
  if (type === 2) return common
  if (type === 3) return [...common, 1n, [new Uint8Array(32).fill(1)]]
  return [
    ...common,
    fields.authorizations.map((one) => [
      one.chainId,
      hexToBytes(one.address),
      one.nonce,
      one.yParity,
      one.r,
      one.s,
    ]),
  ]
}

function signatureOf(
  hash: Uint8Array,
  key: Uint8Array,
): { readonly r: bigint; readonly s: bigint; readonly yParity: bigint } {
  const signature = sign(hash, key)
  return {
    r: bytesToBigInt(signature.subarray(0, 32)),
    s: bytesToBigInt(signature.subarray(32, 64)),
    yParity: BigInt(signature[64] ?? 0),
  }
}

function encode(items: Input[]): Uint8Array {
  return RLP.encode(items)
}

function typed(type: number, payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(payload.length + 1)
  out[0] = type
  out.set(payload, 1)
  return out
}
