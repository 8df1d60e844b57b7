import { keccak256Input, keccak256Into, keccakInput } from '../crypto/keccak.ts'
import { numberAt } from './bytes.ts'

/** What the signer of a transaction signed, and the signature. Filled anew for each transaction. */
export type SignedParts = {
  /** 32 bytes. */
  readonly hash: Uint8Array<ArrayBuffer>
  /** r ‖ s, 64 bytes. */
  readonly signature: Uint8Array<ArrayBuffer>
  yParity: 0 | 1
}

/** Fields of each type's list; the last three are the signature. Undefined: not taken here. */
const FIELD_COUNTS: readonly (number | undefined)[] = [undefined, 11, 12, undefined, 13]
const LEGACY_FIELD_COUNT = 9

/** Bytes in which an integer fits a JavaScript number exactly. */
const EXACT_SIZE = 6

/** Bytes up to which a loop copies faster than a call. */
const SHORT_SIZE = 48

/** Largest `s`: half of the order of the curve, rounded down. EIP-2. */
const S_MAX = Uint8Array.from(
  Buffer.from('7fffffffffffffffffffffffffffffff5d576e7357a4501ddfe92f46681b20a0', 'hex'),
)

// The item read last: where its payload begins and ends. One per thread.
let payloadStart = 0
let payloadEnd = 0
let isList = false

// Where a legacy transaction's chain id is encoded, with the two zeros behind it.
const legacyTail = new Uint8Array(11)

/** A place for the parts of one transaction at a time. */
export function createSignedParts(): SignedParts {
  return { hash: new Uint8Array(32), signature: new Uint8Array(64), yParity: 0 }
}

/**
 * Reads the raw transaction of type 0, 1, 2 or 4 in `bytes[start, end)` just far enough to say who
 * signed it.
 *
 * Assumes nothing and never throws: false when no signature over anything can be found. Strict
 * about lengths, about the number of fields and about the signature, which may have no twin: `s` is
 * in the lower half. Fields before the signature are the decoder's business.
 *
 * @source EIP-155; EIP-2718; EIP-2930; EIP-1559; EIP-7702; EIP-2
 */
export function readSignedParts(
  bytes: Uint8Array,
  start: number,
  end: number,
  out: SignedParts,
): boolean {
  const first = start < end ? (bytes[start] ?? 0) : 0
  if (first >= 0xc0) return readLegacy(bytes, start, end, out)
  const count = FIELD_COUNTS[first]
  return count !== undefined && readTyped(bytes, start + 1, end, count, out)
}

function readTyped(
  bytes: Uint8Array,
  start: number,
  end: number,
  count: number,
  out: SignedParts,
): boolean {
  if (!readList(bytes, start, end)) return false
  const bodyStart = payloadStart
  const bodyEnd = skipItems(bytes, bodyStart, end, count - 3)
  if (bodyEnd < 0 || !readItem(bytes, bodyEnd, end) || isList) return false
  const size = payloadEnd - payloadStart
  if (size > 1 || (size === 1 && bytes[payloadStart] !== 1)) return false
  out.yParity = size === 1 ? 1 : 0
  if (!readSignature(bytes, payloadEnd, end, out)) return false
  hashList(bytes, start - 1, bodyStart, bodyEnd, 0, out.hash)
  return true
}

function readLegacy(bytes: Uint8Array, start: number, end: number, out: SignedParts): boolean {
  if (!readList(bytes, start, end)) return false
  const bodyStart = payloadStart
  const bodyEnd = skipItems(bytes, bodyStart, end, LEGACY_FIELD_COUNT - 3)
  if (bodyEnd < 0 || !readItem(bytes, bodyEnd, end) || isList) return false
  const vStart = payloadStart
  const vEnd = payloadEnd
  const size = vEnd - vStart
  if (size === 0 || size > 8 || bytes[vStart] === 0) return false
  if (!readSignature(bytes, vEnd, end, out)) return false
  const isOdd = ((bytes[vEnd - 1] ?? 0) & 1) === 1
  out.yParity = isOdd ? 0 : 1
  const v = size <= EXACT_SIZE ? numberAt(bytes, vStart, vEnd) : Number.POSITIVE_INFINITY
  if (v === 27 || v === 28) {
    hashList(bytes, -1, bodyStart, bodyEnd, 0, out.hash)
    return true
  }
  if (v < 35) return false
  const tailSize =
    v === Number.POSITIVE_INFINITY
      ? encodeTail((readBigint(bytes, vStart, vEnd) - 35n) >> 1n)
      : encodeTail(Math.floor((v - 35) / 2))
  hashList(bytes, -1, bodyStart, bodyEnd, tailSize, out.hash)
  return true
}

/** Reads `r` and `s`, which end the list. */
function readSignature(bytes: Uint8Array, at: number, end: number, out: SignedParts): boolean {
  if (!readItem(bytes, at, end) || !copyScalar(bytes, out.signature, 0)) return false
  if (!readItem(bytes, payloadEnd, end) || !copyScalar(bytes, out.signature, 32)) return false
  if (payloadEnd !== end) return false
  for (let i = 0; i < 32; i++) {
    const difference = (out.signature[32 + i] ?? 0) - (S_MAX[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}

/** Copies the item read last to 32 bytes at `to`; false unless it is a positive integer. */
function copyScalar(bytes: Uint8Array, out: Uint8Array, to: number): boolean {
  const size = payloadEnd - payloadStart
  if (isList || size === 0 || size > 32 || bytes[payloadStart] === 0) return false
  const zeros = 32 - size
  for (let i = 0; i < zeros; i++) out[to + i] = 0
  for (let i = 0; i < size; i++) out[to + zeros + i] = bytes[payloadStart + i] ?? 0
  return true
}

/**
 * Hashes type ‖ list(bytes[bodyStart, bodyEnd) ‖ tail), the type being the byte at `typeAt`.
 * Without a type `typeAt` is negative.
 */
function hashList(
  bytes: Uint8Array,
  typeAt: number,
  bodyStart: number,
  bodyEnd: number,
  tailSize: number,
  out: Uint8Array,
): void {
  const bodySize = bodyEnd - bodyStart
  const payloadSize = bodySize + tailSize
  const sizeMax = payloadSize + 1 + 5
  const target = sizeMax <= keccakInput.length ? keccakInput : new Uint8Array(sizeMax)
  let at = 0
  if (typeAt >= 0) target[at++] = bytes[typeAt] ?? 0
  if (payloadSize < 56) {
    target[at++] = 0xc0 + payloadSize
  } else {
    const lengthSize =
      payloadSize < 1 << 8 ? 1 : payloadSize < 1 << 16 ? 2 : payloadSize < 1 << 24 ? 3 : 4
    target[at++] = 0xf7 + lengthSize
    for (let i = lengthSize - 1; i >= 0; i--) target[at++] = payloadSize >>> (8 * i)
  }
  if (bodySize > SHORT_SIZE) target.set(bytes.subarray(bodyStart, bodyEnd), at)
  else for (let i = 0; i < bodySize; i++) target[at + i] = bytes[bodyStart + i] ?? 0
  at += bodySize
  for (let i = 0; i < tailSize; i++) target[at++] = legacyTail[i] ?? 0
  if (target === keccakInput) keccak256Input(at, out, 0)
  else keccak256Into(target.subarray(0, at), out, 0)
}

/** Encodes chainId ‖ 0 ‖ 0 into `legacyTail`; its size. */
function encodeTail(chainId: number | bigint): number {
  let size = 0
  if (chainId === 0 || chainId === 0n) {
    legacyTail[size++] = 0x80
  } else if (chainId < 0x80) {
    legacyTail[size++] = Number(chainId)
  } else {
    const digits = chainId.toString(16)
    const byteCount = (digits.length + 1) >> 1
    const padded = digits.padStart(2 * byteCount, '0')
    legacyTail[size++] = 0x80 + byteCount
    for (let i = 0; i < byteCount; i++) {
      legacyTail[size++] = Number.parseInt(padded.slice(2 * i, 2 * i + 2), 16)
    }
  }
  legacyTail[size++] = 0x80
  legacyTail[size++] = 0x80
  return size
}

/** Reads a list that takes all of `bytes[at, end)`. */
function readList(bytes: Uint8Array, at: number, end: number): boolean {
  return readItem(bytes, at, end) && isList && payloadEnd === end
}

/** Where `count` items from `at` on end, or -1. */
function skipItems(bytes: Uint8Array, at: number, end: number, count: number): number {
  let next = at
  for (let i = 0; i < count; i++) {
    if (!readItem(bytes, next, end)) return -1
    next = payloadEnd
  }
  return next
}

/**
 * Reads the header of the RLP item at `at` into the variables above; false unless it is the
 * shortest form of its length and ends by `end`.
 */
function readItem(bytes: Uint8Array, at: number, end: number): boolean {
  if (at >= end) return false
  const first = bytes[at] ?? 0
  isList = first >= 0xc0
  if (first < 0x80) {
    payloadStart = at
    payloadEnd = at + 1
    return true
  }
  const short = isList ? first - 0xc0 : first - 0x80
  if (short < 56) {
    payloadStart = at + 1
    payloadEnd = payloadStart + short
    if (payloadEnd > end) return false
    return isList || short !== 1 || (bytes[payloadStart] ?? 0) >= 0x80
  }
  const lengthSize = short - 55
  payloadStart = at + 1 + lengthSize
  // No array is longer than 2^48, so six bytes of length say enough.
  if (lengthSize > EXACT_SIZE || payloadStart > end || bytes[at + 1] === 0) return false
  const size = numberAt(bytes, at + 1, payloadStart)
  payloadEnd = payloadStart + size
  return size >= 56 && payloadEnd <= end
}

function readBigint(bytes: Uint8Array, from: number, to: number): bigint {
  let value = 0n
  for (let i = from; i < to; i++) value = (value << 8n) | BigInt(bytes[i] ?? 0)
  return value
}
