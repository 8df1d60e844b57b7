import { bloomOf, EMPTY_BLOOM } from './bloom.ts'
import { copyBytes } from './bytes.ts'
import { logsSize, type RawLog, writeLogs } from './logs.ts'
import {
  headerSize,
  numberStringSize,
  RLP_LIST,
  writeHeader,
  writeNumber,
  writeString,
} from './rlp.ts'

/** What the receipts root commits to of one transaction. */
export type ConsensusReceipt = {
  readonly type: number
  readonly status: 0 | 1
  /** Gas of the block up to and with this transaction; below 2^53. */
  readonly cumulativeGasUsed: number
  readonly bloom: Uint8Array
  /** The RLP list of logs: `source[from, to)`. */
  readonly logs: Span
}

/** Part of an array. */
export type Span = { readonly source: Uint8Array; readonly from: number; readonly to: number }

/** No logs, in RLP. */
export const NO_LOGS: Span = { source: Uint8Array.of(RLP_LIST), from: 0, to: 1 }

const BLOOM_STRING = 3 + EMPTY_BLOOM.length

/**
 * A receipt as the receipts trie holds it: type ‖ rlp([status, cumulative gas, bloom, logs]).
 *
 * @source EIP-2718; Ethereum Yellow Paper, section 4.3.1
 */
export function encodeConsensusReceipt(receipt: {
  readonly type: number
  readonly status: 0 | 1
  readonly cumulativeGasUsed: number
  readonly logs: readonly RawLog[]
}): Uint8Array {
  const source = new Uint8Array(logsSize(receipt.logs))
  writeLogs(receipt.logs, source, 0)
  const logs = { source, from: 0, to: source.length }
  const whole = { ...receipt, bloom: bloomOf(receipt.logs), logs }
  const out = new Uint8Array(consensusReceiptSize(whole))
  writeConsensusReceipt(whole, out, 0)
  return out
}

/** Bytes that `writeConsensusReceipt` writes. */
export function consensusReceiptSize(receipt: ConsensusReceipt): number {
  const body = bodySize(receipt)
  return (receipt.type === 0 ? 0 : 1) + headerSize(body) + body
}

/** Writes `encodeConsensusReceipt`'s bytes; one past the last byte written. */
export function writeConsensusReceipt(
  receipt: ConsensusReceipt,
  target: Uint8Array,
  at: number,
): number {
  const { type, status, cumulativeGasUsed, bloom, logs } = receipt
  let next = at
  if (type !== 0) target[next++] = type
  next = writeHeader(RLP_LIST, bodySize(receipt), target, next)
  next = writeNumber(status, target, next)
  next = writeNumber(cumulativeGasUsed, target, next)
  next = writeString(bloom, target, next)
  return copyBytes(logs.source, logs.from, logs.to, target, next)
}

function bodySize({ cumulativeGasUsed, logs }: ConsensusReceipt): number {
  return 1 + numberStringSize(cumulativeGasUsed) + BLOOM_STRING + logs.to - logs.from
}
