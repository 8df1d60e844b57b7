import { keccak256 } from '../crypto/keccak.ts'
import type { Signature } from '../crypto/secp256k1.ts'
import { copyBytes, uintAt } from './bytes.ts'
import { headerSize, RLP_LIST, RLP_STRING, uintStringSize, writeHeader, writeUint } from './rlp.ts'
import type { Transaction } from './transaction.ts'

/** What is signed of an ordinary transaction fits; a bigger one gets an array of its own. */
const SCRATCH_SIZE = 4_096

// One per thread; nothing is kept in it between calls.
const scratch = new Uint8Array(SCRATCH_SIZE)

/**
 * The hash that the sender signed.
 *
 * @source EIP-155; EIP-2718
 */
export function signingHash(tx: Transaction): Uint8Array {
  const { signedFrom, signedTo } = tx.layout
  const isProtected = tx.type === 0 && tx.chainId !== undefined
  const tailSize = isProtected ? uintStringSize(tx.chainId) + 2 : 0
  const body = signedTo - signedFrom + tailSize
  const size = (tx.type === 0 ? 0 : 1) + headerSize(body) + body
  const out = size > SCRATCH_SIZE ? new Uint8Array(size) : scratch
  let at = 0
  if (tx.type !== 0) out[at++] = tx.type
  at = writeHeader(RLP_LIST, body, out, at)
  at = copyBytes(tx.raw, signedFrom, signedTo, out, at)
  if (isProtected) {
    at = writeUint(tx.chainId, out, at)
    out[at++] = RLP_STRING
    out[at++] = RLP_STRING
  }
  return keccak256(out.subarray(0, at))
}

/** The signature in numbers. */
export function signatureOf(tx: Transaction): Signature {
  const { raw, yParity, layout } = tx
  return {
    r: uintAt(raw, layout.rFrom, layout.rTo),
    s: uintAt(raw, layout.sFrom, raw.length),
    yParity,
  }
}

/** Writes r ‖ s, 64 bytes, as what recovers senders takes them; one past the last byte written. */
export function writeSignature(tx: Transaction, target: Uint8Array, at = 0): number {
  const { raw, layout } = tx
  const { rFrom, rTo, sFrom } = layout
  target.fill(0, at, at + 64)
  copyBytes(raw, rFrom, rTo, target, at + 32 - (rTo - rFrom))
  return copyBytes(raw, sFrom, raw.length, target, at + 64 - (raw.length - sFrom))
}
