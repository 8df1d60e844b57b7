import { copyBytes } from './bytes.ts'
import { badBlock } from './errors.ts'
import { decodeHeader, type Header } from './header.ts'
import {
  createCursor,
  headerSize,
  isAtEnd,
  openList,
  RLP_LIST,
  RLP_STRING,
  type RlpCursor,
  RlpFault,
  readItem,
  readList,
  stringSize,
  writeHeader,
  writeString,
} from './rlp.ts'
import { type ByteTable, tableCount } from './table.ts'

/** Where the parts of a block lie in its bytes. */
export type ScannedBlock = {
  /** The RLP of the header, a view. Its hash is the block's. */
  readonly header: Uint8Array
  /** The signed bytes of each transaction, as `decodeTransaction` takes them. */
  readonly transactions: ByteTable
}

/** Empty lists of ommers and of withdrawals. */
const TAIL_SIZE = 2
/** Least bytes of a transaction: nine fields of one byte, and a header. */
const TRANSACTION_SIZE_MIN = 10

/**
 * Finds the header and the transactions in the RLP of a block, strictly: four fields, no ommers, an
 * empty list of withdrawals, each transaction in its one form. What is inside of header and
 * transactions is for `decodeHeader` and `decodeTransaction`. No object per transaction.
 *
 * @source Ethereum Yellow Paper, section 4.3; EIP-2718; EIP-4895
 * @throws CodecError `CODEC_BAD_BLOCK`
 */
export function scanBlock(raw: Uint8Array): ScannedBlock {
  try {
    const cursor = openList(raw)
    readList(cursor)
    const header = raw.subarray(cursor.start, cursor.next)
    readList(cursor)
    const transactions = createCursor(raw, cursor.from, cursor.next)
    if (readList(cursor) !== 0) throw badBlock('it has ommers')
    if (readList(cursor) !== 0) throw badBlock('it has withdrawals')
    if (!isAtEnd(cursor)) throw badBlock('it has too many fields')
    return { header, transactions: { bytes: raw, spans: scanTransactions(transactions) } }
  } catch (cause) {
    if (cause instanceof RlpFault) throw badBlock(cause.message, cause)
    throw cause
  }
}

/**
 * The header in the RLP of a block, without looking at its transactions.
 * @throws CodecError `CODEC_BAD_BLOCK`
 */
export function headerOfBlock(raw: Uint8Array): Header {
  return decodeHeader(headerBytesOf(raw))
}

/**
 * The RLP of the header in that of a block, as a view.
 * @throws CodecError `CODEC_BAD_BLOCK`
 */
export function headerBytesOf(raw: Uint8Array): Uint8Array {
  try {
    const cursor = openList(raw)
    readList(cursor)
    return raw.subarray(cursor.start, cursor.next)
  } catch (cause) {
    if (cause instanceof RlpFault) throw badBlock(cause.message, cause)
    throw cause
  }
}

/** The RLP of a block out of that of its header and the signed bytes of its transactions. */
export function encodeBlock(
  header: Uint8Array,
  transactions: readonly Uint8Array[] | ByteTable,
): Uint8Array {
  const table = 'spans' in transactions ? transactions : undefined
  const list = 'spans' in transactions ? [] : transactions
  const count = table === undefined ? list.length : tableCount(table)
  let listSize = 0
  for (let index = 0; index < count; index++) {
    const { bytes, from, to } = spanAt(list, table, index)
    listSize += isLegacy(bytes, from) ? to - from : stringSize(bytes, from, to)
  }
  const size = header.length + headerSize(listSize) + listSize + TAIL_SIZE
  const out = new Uint8Array(headerSize(size) + size)
  let at = writeHeader(RLP_LIST, size, out, 0)
  at = copyBytes(header, 0, header.length, out, at)
  at = writeHeader(RLP_LIST, listSize, out, at)
  for (let index = 0; index < count; index++) {
    const { bytes, from, to } = spanAt(list, table, index)
    at = isLegacy(bytes, from)
      ? copyBytes(bytes, from, to, out, at)
      : writeString(bytes, out, at, from, to)
  }
  out.fill(RLP_LIST, at)
  return out
}

/** First and last byte of each transaction: two numbers, one after another. */
function scanTransactions(cursor: RlpCursor): Int32Array {
  const start = cursor.next
  let count = 0
  for (; !isAtEnd(cursor); count++) readItem(cursor)
  // Before memory is taken for as many as there seem to be.
  if (count * TRANSACTION_SIZE_MIN > cursor.limit - start) throw badBlock('transactions too short')
  const spans = new Int32Array(2 * count)
  cursor.next = start
  for (let at = 0; at < spans.length; at += 2) {
    readItem(cursor)
    // A legacy transaction is a list, header included; a typed one is what a string holds.
    if (!cursor.isList && !isTyped(cursor)) throw badBlock('a string is no typed transaction')
    spans[at] = cursor.isList ? cursor.start : cursor.from
    spans[at + 1] = cursor.next
  }
  return spans
}

/** EIP-2718: the type is below 0x80. */
function isTyped({ bytes, from, next }: RlpCursor): boolean {
  return next > from && (bytes[from] ?? RLP_STRING) < RLP_STRING
}

function isLegacy(bytes: Uint8Array, from: number): boolean {
  return (bytes[from] ?? 0) >= RLP_LIST
}

function spanAt(list: readonly Uint8Array[], table: ByteTable | undefined, index: number) {
  if (table !== undefined) {
    const { bytes, spans } = table
    return { bytes, from: spans[2 * index] ?? 0, to: spans[2 * index + 1] ?? 0 }
  }
  const bytes = list[index] ?? new Uint8Array()
  return { bytes, from: 0, to: bytes.length }
}
