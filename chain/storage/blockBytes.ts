import { keccak256 } from '../crypto/keccak.ts'
import { badRecord } from './records.ts'

// A block in RLP is a list: header, transactions, uncles, withdrawals. What is stored was decoded
// and checked before; here only boundaries are read, and no transaction becomes an object.

/** The first of these bytes begin what RLP calls a list. */
const LIST = 0xc0
/** Place of the state root among the fields of a header. */
const STATE_ROOT_FIELD = 3
const HASH_SIZE = 32

/**
 * RLP of a raw block's header, as a view; its Keccak-256 is the block hash.
 * @throws StorageError `STORAGE_BAD_RECORD`
 */
export function headerOf(raw: Uint8Array): Uint8Array {
  const block = itemAt(raw, 0)
  return raw.subarray(block.from, itemAt(raw, block.from).to)
}

/**
 * State root in a header in RLP.
 * @throws StorageError `STORAGE_BAD_RECORD`
 */
export function stateRootOf(header: Uint8Array): Uint8Array {
  let field = itemAt(header, itemAt(header, 0).from)
  for (let i = 0; i < STATE_ROOT_FIELD; i++) field = itemAt(header, field.to)
  if (field.to - field.from !== HASH_SIZE) throw badRecord('block')
  return header.subarray(field.from, field.to)
}

/**
 * Hashes of a raw block's transactions one after another, 32 bytes each.
 * @throws StorageError `STORAGE_BAD_RECORD`
 */
export function transactionHashes(raw: Uint8Array): Uint8Array {
  const bounds = transactionBounds(raw)
  const out = new Uint8Array((bounds.length / 2) * HASH_SIZE)
  for (let i = 0; i < bounds.length; i += 2) {
    out.set(keccak256(raw.subarray(bounds[i], bounds[i + 1])), (i / 2) * HASH_SIZE)
  }
  return out
}

/**
 * Where each signed transaction begins and ends in a raw block: start, end, start, end, …
 * @throws StorageError `STORAGE_BAD_RECORD`
 */
export function transactionBounds(raw: Uint8Array): Int32Array {
  const block = itemAt(raw, 0)
  const list = itemAt(raw, itemAt(raw, block.from).to)
  const bounds: number[] = []
  for (let at = list.from; at < list.to; ) {
    const item = itemAt(raw, at)
    // A legacy transaction is a list inside the block, a typed one a string around its bytes.
    bounds.push(isList(raw, at) ? at : item.from, item.to)
    at = item.to
  }
  return Int32Array.from(bounds)
}

function isList(bytes: Uint8Array, at: number): boolean {
  return (bytes[at] ?? 0) >= LIST
}

/** Payload of the RLP item that begins at `at`. */
function itemAt(bytes: Uint8Array, at: number): { readonly from: number; readonly to: number } {
  const first = bytes[at]
  if (first === undefined) throw badRecord('block')
  if (first < 0x80) return { from: at, to: at + 1 }
  const short = first & 0x3f
  let from = at + 1
  let size = short
  if (short > 55) {
    size = 0
    for (const end = from + short - 55; from < end; from++) size = size * 256 + (bytes[from] ?? 0)
  }
  if (from + size > bytes.length) throw badRecord('block')
  return { from, to: from + size }
}
