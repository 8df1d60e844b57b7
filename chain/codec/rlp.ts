import {
  copyBytes,
  numberAt,
  numberSize,
  uintAt,
  uintSize,
  writeNumberBytes,
  writeUintBytes,
} from './bytes.ts'

/** First bytes of an empty string and of an empty list. */
export const RLP_STRING = 0x80
export const RLP_LIST = 0xc0

/** Thrown inside this folder when bytes are not canonical RLP, or not what is due. */
export class RlpFault extends Error {}

/**
 * A place in RLP that moves from item to item. It is moved, not copied: reading a transaction costs
 * one object, however many items it has.
 */
export type RlpCursor = {
  readonly bytes: Uint8Array
  /** One past the last byte that may be read. */
  readonly limit: number
  /** First byte of the next item; one past the payload of the item read last. */
  next: number
  /** Of the item read last: first byte of its header and of its payload. */
  start: number
  from: number
  isList: boolean
}

/* READING */

/** A cursor before the first of the items in `bytes[start, limit)`. */
export function createCursor(bytes: Uint8Array, start = 0, limit = bytes.length): RlpCursor {
  return { bytes, limit, next: start, start, from: start, isList: false }
}

/**
 * A cursor before the first item of the list that fills `bytes[start, limit)`.
 *
 * @throws RlpFault when that is not one list.
 */
export function openList(bytes: Uint8Array, start = 0, limit = bytes.length): RlpCursor {
  const cursor = createCursor(bytes, start, limit)
  readList(cursor)
  if (cursor.next !== limit) throw new RlpFault('bytes after the end')
  cursor.next = cursor.from
  return cursor
}

/**
 * Moves over one item, strictly: shortest length forms only. It does not look inside a list.
 *
 * @source Ethereum Yellow Paper, appendix B
 * @throws RlpFault when the bytes are not canonical or end too early.
 */
export function readItem(cursor: RlpCursor): void {
  const { bytes, limit, next } = cursor
  const first = bytes[next]
  if (first === undefined || next >= limit) throw new RlpFault('bytes end too early')
  cursor.start = next
  cursor.isList = first >= RLP_LIST
  if (first < RLP_STRING) {
    cursor.from = next
    cursor.next = next + 1
    return
  }
  const short = first - (cursor.isList ? RLP_LIST : RLP_STRING)
  let from = next + 1
  let size = short
  if (short > 55) {
    size = lengthAt(bytes, from, short - 55, limit)
    from += short - 55
  }
  if (from + size > limit) throw new RlpFault('bytes end too early')
  if (size === 1 && !cursor.isList && (bytes[from] ?? 0) < RLP_STRING) {
    throw new RlpFault('a small byte has a header')
  }
  cursor.from = from
  cursor.next = from + size
}

/**
 * Moves over a string; the bytes it holds.
 * @throws RlpFault
 */
export function readString(cursor: RlpCursor): number {
  readItem(cursor)
  if (cursor.isList) throw new RlpFault('a list stands where a string is due')
  return cursor.next - cursor.from
}

/**
 * Moves over a list; the bytes that its items take.
 * @throws RlpFault
 */
export function readList(cursor: RlpCursor): number {
  readItem(cursor)
  if (!cursor.isList) throw new RlpFault('a string stands where a list is due')
  return cursor.next - cursor.from
}

/**
 * Reads an unsigned integer of at most `sizeMax` bytes, without leading zeros.
 * @throws RlpFault
 */
export function readUint(cursor: RlpCursor, sizeMax: number): bigint {
  const size = readString(cursor)
  if (size > sizeMax) throw new RlpFault(`a number is longer than ${8 * sizeMax} bits`)
  if (size > 0 && cursor.bytes[cursor.from] === 0) throw new RlpFault('a number has leading zeros')
  return uintAt(cursor.bytes, cursor.from, cursor.next)
}

/**
 * Moves over a string that must hold exactly `size` bytes.
 * @throws RlpFault
 */
export function readFixed(cursor: RlpCursor, size: number): void {
  if (readString(cursor) !== size) throw new RlpFault(`a field does not have ${size} bytes`)
}

/** The payload of the item read last, as a view. */
export function payloadOf(cursor: RlpCursor): Uint8Array {
  return cursor.bytes.subarray(cursor.from, cursor.next)
}

/** Whether the last item has been read. */
export function isAtEnd(cursor: RlpCursor): boolean {
  return cursor.next >= cursor.limit
}

function lengthAt(bytes: Uint8Array, at: number, count: number, limit: number): number {
  if (at + count > limit) throw new RlpFault('bytes end too early')
  if (count > 4) throw new RlpFault('length too long')
  const size = numberAt(bytes, at, at + count)
  if (bytes[at] === 0 || size <= 55) throw new RlpFault('length is not in its shortest form')
  return size
}

/* WRITING */

/** Bytes of the header of a list, or of a string of several bytes, whose payload has `size`. */
export function headerSize(size: number): number {
  return size <= 55 ? 1 : 1 + numberSize(size)
}

/** Bytes of the string that holds `bytes[from, to)`. */
export function stringSize(bytes: Uint8Array, from = 0, to = bytes.length): number {
  const size = to - from
  return isOwnEncoding(bytes, from, size) ? 1 : headerSize(size) + size
}

/** Bytes of `value` as a string. */
export function uintStringSize(value: bigint): number {
  return value < 0x80n ? 1 : 1 + uintSize(value)
}

/** As `uintStringSize`, for a number below 2^53. */
export function numberStringSize(value: number): number {
  return value < RLP_STRING ? 1 : 1 + numberSize(value)
}

/** Writes the header of a string or list (`kind`); one past the last byte written. */
export function writeHeader(
  kind: typeof RLP_STRING | typeof RLP_LIST,
  size: number,
  target: Uint8Array,
  at: number,
): number {
  if (size <= 55) {
    target[at] = kind + size
    return at + 1
  }
  const lengthSize = numberSize(size)
  target[at] = kind + 55 + lengthSize
  return writeNumberBytes(size, lengthSize, target, at + 1)
}

/** Writes `bytes[from, to)` as a string; one past the last byte written. */
export function writeString(
  bytes: Uint8Array,
  target: Uint8Array,
  at: number,
  from = 0,
  to = bytes.length,
): number {
  const size = to - from
  const start = isOwnEncoding(bytes, from, size) ? at : writeHeader(RLP_STRING, size, target, at)
  return copyBytes(bytes, from, to, target, start)
}

/** Writes an unsigned integer below 2^256 as a string; one past the last byte written. */
export function writeUint(value: bigint, target: Uint8Array, at: number): number {
  if (value < 0x1000000000000n) return writeNumber(Number(value), target, at)
  const size = uintSize(value)
  target[at] = RLP_STRING + size
  return writeUintBytes(value, size, target, at + 1)
}

/** As `writeUint`, for a number below 2^53. */
export function writeNumber(value: number, target: Uint8Array, at: number): number {
  if (value !== 0 && value < RLP_STRING) {
    target[at] = value
    return at + 1
  }
  const size = numberSize(value)
  target[at] = RLP_STRING + size
  return writeNumberBytes(value, size, target, at + 1)
}

function isOwnEncoding(bytes: Uint8Array, from: number, size: number): boolean {
  return size === 1 && (bytes[from] ?? 0) < RLP_STRING
}
