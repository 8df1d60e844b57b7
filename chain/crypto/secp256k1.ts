import { createRequire } from 'node:module'
import { bytesToHex } from '@ethereumjs/util'
import { PocaError } from '../primitives/errors.ts'
import type { Address } from '../primitives/hex.ts'
import { keccak256 } from './keccak.ts'

/** The part of the native library in use. */
type Native = {
  ecdsaSign(hash: Uint8Array, key: Uint8Array): { signature: Uint8Array; recid: number }
  ecdsaRecover(
    sig: Uint8Array,
    recid: number,
    hash: Uint8Array,
    compressed: boolean,
    output?: Uint8Array,
  ): Uint8Array
  publicKeyCreate(key: Uint8Array, compressed: boolean): Uint8Array
  privateKeyVerify(key: Uint8Array): boolean
}

// `bindings.js` throws when the binary is missing; the package's main file would fall back in
// silence to JavaScript that is thirty times slower.
const native = createRequire(import.meta.url)('secp256k1/bindings.js') as Native

export type CryptoErrorType =
  | { readonly code: 'CRYPTO_BAD_SIGNATURE' }
  | { readonly code: 'CRYPTO_BAD_PRIVATE_KEY' }

/** What may be wrong with keys and signatures that come from outside. */
export class CryptoError extends PocaError<CryptoErrorType> {}

/** A recoverable ECDSA signature; `s` is in the lower half of the order. */
export type Signature = {
  readonly r: bigint
  readonly s: bigint
  readonly yParity: 0 | 1
}

/** Size of an encoded signature: r(32) ‖ s(32) ‖ yParity(1). */
export const SIGNATURE_SIZE = 65

/**
 * Signs a 32-byte hash; nonces are deterministic, as in RFC 6979.
 * @throws CryptoError `CRYPTO_BAD_PRIVATE_KEY`
 */
export function sign(hash: Uint8Array, privateKey: Uint8Array): Uint8Array<ArrayBuffer> {
  requirePrivateKey(privateKey)
  const { signature, recid } = native.ecdsaSign(hash, privateKey)
  const out = new Uint8Array(SIGNATURE_SIZE)
  out.set(signature)
  out[64] = recid
  return out
}

/** Splits r ‖ s ‖ yParity. */
export function decodeSignature(bytes: Uint8Array): Signature {
  if (bytes.length !== SIGNATURE_SIZE || (bytes[64] !== 0 && bytes[64] !== 1)) throw badSignature()
  return {
    r: BigInt(bytesToHex(bytes.subarray(0, 32))),
    s: BigInt(bytesToHex(bytes.subarray(32, 64))),
    yParity: bytes[64],
  }
}

/**
 * The uncompressed public key, 64 bytes without its prefix, that signed `hash`.
 * @throws CryptoError `CRYPTO_BAD_SIGNATURE`
 */
export function recoverPublicKey(
  hash: Uint8Array,
  signature: Uint8Array,
  yParity: number,
): Uint8Array<ArrayBuffer> {
  if (yParity !== 0 && yParity !== 1) throw badSignature()
  try {
    return native.ecdsaRecover(signature, yParity, hash, false).slice(1) as Uint8Array<ArrayBuffer>
  } catch (cause) {
    throw badSignature(cause)
  }
}

/**
 * Writes the public key that signed `hash` to `out`, 65 bytes with its prefix.
 *
 * For many signatures in a row: allocates nothing, and says false where `recoverPublicKey` throws.
 * The arrays have exactly the sizes 32, 64 and 65; `yParity` is 0 or 1.
 */
export function recoverPublicKeyInto(
  hash: Uint8Array,
  signature: Uint8Array,
  yParity: number,
  out: Uint8Array,
): boolean {
  try {
    native.ecdsaRecover(signature, yParity, hash, false, out)
    return true
  } catch {
    return false
  }
}

/**
 * The address that made the 65-byte `signature` over `hash`.
 * @throws CryptoError `CRYPTO_BAD_SIGNATURE`
 */
export function recoverAddress(hash: Uint8Array, signature: Uint8Array): Address {
  if (signature.length !== SIGNATURE_SIZE) throw badSignature()
  const key = recoverPublicKey(hash, signature.subarray(0, 64), signature[64] ?? 2)
  return publicKeyToAddress(key)
}

/** Address of an uncompressed 64-byte public key. */
export function publicKeyToAddress(publicKey: Uint8Array): Address {
  return bytesToHex(keccak256(publicKey).slice(12))
}

/**
 * Address of a private key.
 * @throws CryptoError `CRYPTO_BAD_PRIVATE_KEY`
 */
export function privateKeyToAddress(privateKey: Uint8Array): Address {
  requirePrivateKey(privateKey)
  return publicKeyToAddress(native.publicKeyCreate(privateKey, false).slice(1))
}

function requirePrivateKey(key: Uint8Array): void {
  if (key.length === 32 && native.privateKeyVerify(key)) return
  const text = 'The private key is not 32 bytes of a number between 1 and the order of the curve.'
  throw new CryptoError({ code: 'CRYPTO_BAD_PRIVATE_KEY' }, text)
}

function badSignature(cause?: unknown): CryptoError {
  const text = 'The signature is not a valid recoverable secp256k1 signature of this hash.'
  return new CryptoError({ code: 'CRYPTO_BAD_SIGNATURE' }, text, { cause })
}
