import { type ScannedBlock, scanBlock } from '../codec/block.ts'
import { CodecError, TransactionError } from '../codec/errors.ts'
import { type ByteTable, tableCount, tableRow } from '../codec/table.ts'
import { decodeTransaction, type Transaction } from '../codec/transaction.ts'
import { assert } from '../primitives/assert.ts'
import { invalidBlock } from './errors.ts'

/**
 * Where the parts of a block lie in its bytes. Both engines ask this first: what is a block at all
 * is a rule of the chain, and libraries are laxer.
 * @throws EvmError `EVM_MALFORMED_BLOCK`
 */
export function scanRawBlock(raw: Uint8Array): ScannedBlock {
  try {
    return scanBlock(raw)
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause
    const reason = cause.message
    const text = `cannot be decoded: ${reason}`
    throw invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason }, text, cause)
  }
}

/**
 * The transactions of a block, in order.
 * @throws EvmError `EVM_MALFORMED_BLOCK`, `EVM_BLOB_TRANSACTION`
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
  const text = `cannot be decoded: ${message}`
  return invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason: message }, text, cause)
}
