import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from '@ethereumjs/util'
import { keccak256 } from '../crypto/keccak.ts'
import { recoverAddress, SIGNATURE_SIZE } from '../crypto/secp256k1.ts'
import { PocaError } from '../primitives/errors.ts'
import type { Address, Hash } from '../primitives/hex.ts'

/** First byte of a certificate. */
export const CERTIFICATE_VERSION = 1

/** What makes a block final. With one seat, that seat's signature; none for the genesis block. */
export type Certificate = {
  readonly height: bigint
  readonly round: number
  readonly blockHash: Hash
  readonly seat: number
  /** r ‖ s ‖ yParity, empty for the genesis block. */
  readonly signature: Uint8Array
}

export type CertificateErrorType =
  | { readonly code: 'CERTIFICATE_MALFORMED' }
  | {
      readonly code: 'CERTIFICATE_WRONG_SIGNER'
      readonly found: Address
      readonly expected: Address
    }

/** Why a certificate makes nothing final. */
export class CertificateError extends PocaError<CertificateErrorType> {}

const DOMAIN = utf8ToBytes('POCA commit v1')
const FIXED_SIZE = 1 + 8 + 4 + 32 + 2

/** What a seat signs: keccak256(domain ‖ chainId(8) ‖ height(8) ‖ round(4) ‖ blockHash(32)). */
export function commitDigest(
  vote: Pick<Certificate, 'height' | 'round' | 'blockHash'>,
  chainId: bigint,
): Uint8Array {
  const numbers = new DataView(new ArrayBuffer(20))
  numbers.setBigUint64(0, chainId)
  numbers.setBigUint64(8, vote.height)
  numbers.setUint32(16, vote.round)
  return keccak256(concatBytes(DOMAIN, new Uint8Array(numbers.buffer), hexToBytes(vote.blockHash)))
}

/** version(1) ‖ height(8) ‖ round(4) ‖ blockHash(32) ‖ seat(2) ‖ signature(65 or 0). */
export function encodeCertificate(certificate: Certificate): Uint8Array {
  const out = new Uint8Array(FIXED_SIZE + certificate.signature.length)
  const view = new DataView(out.buffer)
  view.setUint8(0, CERTIFICATE_VERSION)
  view.setBigUint64(1, certificate.height)
  view.setUint32(9, certificate.round)
  out.set(hexToBytes(certificate.blockHash), 13)
  view.setUint16(45, certificate.seat)
  out.set(certificate.signature, FIXED_SIZE)
  return out
}

/**
 * Undoes `encodeCertificate`.
 * @throws CertificateError `CERTIFICATE_MALFORMED`
 */
export function decodeCertificate(bytes: Uint8Array): Certificate {
  const signatureSize = bytes.length - FIXED_SIZE
  if (
    bytes[0] !== CERTIFICATE_VERSION ||
    (signatureSize !== 0 && signatureSize !== SIGNATURE_SIZE)
  ) {
    const text = 'The certificate is not one that this version can read.'
    throw new CertificateError({ code: 'CERTIFICATE_MALFORMED' }, text)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return {
    height: view.getBigUint64(1),
    round: view.getUint32(9),
    blockHash: bytesToHex(bytes.slice(13, 45)),
    seat: view.getUint16(45),
    signature: bytes.slice(FIXED_SIZE),
  }
}

/** The certificate of block 0: everybody agrees on it without a vote. */
export function genesisCertificate(blockHash: Hash): Certificate {
  return { height: 0n, round: 0, blockHash, seat: 0, signature: new Uint8Array() }
}

/** Name of a certificate; the child's parentBeaconBlockRoot. */
export function certificateHash(certificate: Certificate): Hash {
  return bytesToHex(keccak256(encodeCertificate(certificate)))
}

/** The child's mixHash. The signer can bias it by proposing another block. */
export function certificateRandomness(certificate: Certificate): Hash {
  return bytesToHex(keccak256(certificate.signature))
}

/**
 * Checks that `signer` signed the certificate.
 * @throws CertificateError `CERTIFICATE_WRONG_SIGNER`, CryptoError `CRYPTO_BAD_SIGNATURE`
 */
export function checkCertificate(certificate: Certificate, chainId: bigint, signer: Address): void {
  const found = recoverAddress(commitDigest(certificate, chainId), certificate.signature)
  if (found === signer) return
  throw new CertificateError(
    { code: 'CERTIFICATE_WRONG_SIGNER', found, expected: signer },
    `The certificate of block ${certificate.height} is signed by ${found}, not by ${signer}.`,
  )
}
