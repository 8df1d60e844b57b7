import { type ScannedBlock, scanBlock } from '../../codec/block.ts'
import { CodecError, TransactionError } from '../../codec/errors.ts'
import type { SenderRecovery } from '../../codec/recovery/senderRecovery.ts'
import { type ByteTable, tableCount, tableRow } from '../../codec/table.ts'
import { decodeTransaction, type Transaction } from '../../codec/transaction.ts'
import { assert } from '../../primitives/assert.ts'
import type { PreparedBlock } from '../engine.ts'
import { invalidBlock } from '../errors.ts'

/**
 * Finds the transactions of a block and begins to recover their senders, beside what runs now.
 * @throws EvmError `EVM_MALFORMED_BLOCK`
 */
export function prepareBlock(
  recovery: SenderRecovery,
  raw: Uint8Array,
): NonNullable<PreparedBlock> {
  const scanned = scan(raw)
  const senders = recovery.begin(batchOf(scanned.transactions), { mayBeKnown: true })
  // Whoever verifies the block waits for it; a block that nobody verifies may fail in silence.
  senders.catch(() => undefined)
  return { scanned, senders }
}

/**
 * The transactions of a block, in order.
 * @throws EvmError `EVM_MALFORMED_BLOCK`, `EVM_BLOB_TRANSACTION`, `EVM_BAD_TRANSACTIONS`
 */
export function decodeTransactions(table: ByteTable): readonly Transaction[] {
  const out: Transaction[] = []
  const count = tableCount(table)
  for (let index = 0; index < count; index++) {
    const raw = tableRow(table, index)
    assert(raw !== undefined, 'a table has as many rows as it counts')
    try {
      out.push(decodeTransaction(raw))
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause
      throw faultOf(cause, index)
    }
  }
  return out
}

function faultOf(cause: TransactionError, index: number): Error {
  const { facts, message } = cause
  if (facts.code === 'TX_TYPE_UNSUPPORTED' && facts.type === 3) {
    const text = 'carries a blob transaction'
    return invalidBlock({ code: 'EVM_BLOB_TRANSACTION', index }, text, cause)
  }
  if (facts.code === 'TX_INVALID_SIGNATURE') {
    const text = `holds a transaction that cannot be executed: ${message}`
    return invalidBlock({ code: 'EVM_BAD_TRANSACTIONS', reason: message }, text, cause)
  }
  const text = `cannot be decoded: ${message}`
  return invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason: message }, text, cause)
}

function scan(raw: Uint8Array): ScannedBlock {
  try {
    return scanBlock(raw)
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause
    const reason = cause.message
    const text = `cannot be decoded: ${reason}`
    throw invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason }, text, cause)
  }
}

/** The transactions one behind another, as recovery takes them. */
function batchOf({ bytes, spans }: ByteTable) {
  const count = spans.length >> 1
  const offsets = new Int32Array(count + 1)
  let size = 0
  for (let i = 0; i < count; i++) {
    size += (spans[2 * i + 1] ?? 0) - (spans[2 * i] ?? 0)
    offsets[i + 1] = size
  }
  const out = new Uint8Array(size)
  for (let i = 0; i < count; i++) {
    out.set(bytes.subarray(spans[2 * i], spans[2 * i + 1]), offsets[i])
  }
  return { bytes: out, offsets }
}
