import { type NestedUint8Array, RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, bytesToBigInt, bytesToHex, hexToBytes } from '@ethereumjs/util'
import type { Address, Hash } from '../primitives/hex.ts'
import type { Log, Receipt } from '../primitives/receipt.ts'
import { StorageError } from './errors.ts'

/** First byte of a block's receipts on disk. */
export const RECEIPTS_VERSION = 1

type Item = Uint8Array | NestedUint8Array

/** All receipts of a block: version(1) ‖ rlp([receipt, …]). Golden vector in test/chain/storage. */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array {
  const body = RLP.encode(receipts.map(receiptFields))
  const out = new Uint8Array(1 + body.length)
  out[0] = RECEIPTS_VERSION
  out.set(body, 1)
  return out
}

/**
 * Undoes `encodeReceipts`.
 * @throws StorageError `STORAGE_BAD_RECORD`
 */
export function decodeReceipts(bytes: Uint8Array): readonly Receipt[] {
  if (bytes[0] !== RECEIPTS_VERSION) throw badRecord('receipts')
  try {
    return list(RLP.decode(bytes.subarray(1))).map(receiptFromFields)
  } catch (cause) {
    if (cause instanceof StorageError) throw cause
    throw badRecord('receipts', cause)
  }
}

/** A height or index as 8 bytes, most significant first, so that keys sort by number. */
export function encodeHeight(height: bigint): Uint8Array {
  const out = new Uint8Array(8)
  new DataView(out.buffer).setBigUint64(0, height)
  return out
}

/** Undoes `encodeHeight` at `offset`. */
export function decodeHeight(bytes: Uint8Array, offset = 0): bigint {
  if (bytes.length < offset + 8) throw badRecord('height')
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(offset)
}

/** A record that cannot be read. */
export function badRecord(kind: string, cause?: unknown): StorageError {
  return new StorageError(
    { code: 'STORAGE_BAD_RECORD', kind },
    `The database holds a ${kind} record that this version cannot read.`,
    { cause },
  )
}

function receiptFields(receipt: Receipt): Item {
  return [
    number(BigInt(receipt.type)),
    number(BigInt(receipt.status)),
    hexToBytes(receipt.from),
    receipt.to === null ? new Uint8Array() : hexToBytes(receipt.to),
    receipt.contractAddress === null ? new Uint8Array() : hexToBytes(receipt.contractAddress),
    number(receipt.gasUsed),
    number(receipt.cumulativeGasUsed),
    number(receipt.effectiveGasPrice),
    receipt.logs.map((log) => [
      hexToBytes(log.address),
      log.topics.map((topic) => hexToBytes(topic)),
      hexToBytes(log.data),
    ]),
  ]
}

function receiptFromFields(item: Item): Receipt {
  const fields = list(item)
  const [type, status, from, to, created, gasUsed, cumulative, price, logs] = fields
  if (fields.length !== 9) throw badRecord('receipts')
  return {
    type: Number(bytesToBigInt(bytes(type))),
    status: bytes(status).length === 0 ? 0 : 1,
    from: address(from),
    to: bytes(to).length === 0 ? null : address(to),
    contractAddress: bytes(created).length === 0 ? null : address(created),
    gasUsed: bytesToBigInt(bytes(gasUsed)),
    cumulativeGasUsed: bytesToBigInt(bytes(cumulative)),
    effectiveGasPrice: bytesToBigInt(bytes(price)),
    logs: list(logs).map(logFromFields),
  }
}

function logFromFields(item: Item): Log {
  const [emitter, topics, data] = list(item)
  return {
    address: address(emitter),
    topics: list(topics).map((topic): Hash => bytesToHex(bytes(topic))),
    data: bytesToHex(bytes(data)),
  }
}

function number(value: bigint): Uint8Array {
  return bigIntToUnpaddedBytes(value)
}

function address(item: Item | undefined): Address {
  const value = bytes(item)
  if (value.length !== 20) throw badRecord('receipts')
  return bytesToHex(value)
}

function bytes(item: Item | undefined): Uint8Array {
  if (item instanceof Uint8Array) return item
  throw badRecord('receipts')
}

function list(item: Item | undefined): NestedUint8Array {
  if (item === undefined || item instanceof Uint8Array) throw badRecord('receipts')
  return item
}
