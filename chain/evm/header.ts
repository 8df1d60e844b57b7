import type { Block } from '@ethereumjs/block'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import type { Header } from '../codec/header.ts'
import type { Hex } from '../primitives/hex.ts'
import type { ParentBlock, Proposer } from './engine.ts'
import { type HeaderField, invalidBlock } from './errors.ts'

/** First byte of extraData. */
export const EXTRA_DATA_VERSION = 1

/** extraData of a block: version(1) ‖ round(4) ‖ seat(2). */
export function encodeExtraData(proposer: Proposer): Hex {
  const out = new DataView(new ArrayBuffer(7))
  out.setUint8(0, EXTRA_DATA_VERSION)
  out.setUint32(1, proposer.round)
  out.setUint16(5, proposer.seat)
  return bytesToHex(new Uint8Array(out.buffer))
}

/**
 * Round and seat in extraData.
 * @throws EvmError `EVM_BAD_HEADER`
 */
export function decodeExtraData(extraData: Hex): { readonly round: number; readonly seat: number } {
  const bytes = hexToBytes(extraData)
  if (bytes.length !== 7 || bytes[0] !== EXTRA_DATA_VERSION) {
    const facts = {
      field: 'extraData',
      found: extraData,
      expected: '7 bytes, the first 1',
    } as const
    throw invalidBlock({ code: 'EVM_BAD_HEADER', ...facts }, `has extraData ${extraData}`)
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  return { round: view.getUint32(1), seat: view.getUint16(5) }
}

/** Header fields that follow from the parent and the proposer, in the form the library takes. */
export function headerDataOf(facts: {
  readonly parent: ParentBlock
  readonly proposer: Proposer
  readonly timestamp: bigint
  readonly baseFeePerGas: bigint
}) {
  const { parent, proposer, timestamp, baseFeePerGas } = facts
  return {
    parentHash: hexToBytes(parent.hash),
    number: parent.height + 1n,
    timestamp,
    gasLimit: parent.gasLimit,
    baseFeePerGas,
    coinbase: proposer.coinbase,
    extraData: hexToBytes(encodeExtraData(proposer)),
    mixHash: hexToBytes(parent.certificate.randomness),
    parentBeaconBlockRoot: hexToBytes(parent.certificate.hash),
    blobGasUsed: 0n,
    excessBlobGas: 0n,
    difficulty: 0n,
  }
}

/** What of a header follows from the parent and the proposer. */
export type HeaderFacts = Pick<Header, HeaderField>

/** Those facts of a block of the library. */
export function headerFactsOf({ header }: Block): HeaderFacts {
  return {
    parentHash: bytesToHex(header.parentHash),
    number: header.number,
    gasLimit: header.gasLimit,
    baseFeePerGas: header.baseFeePerGas ?? 0n,
    timestamp: header.timestamp,
    coinbase: bytesToHex(header.coinbase.bytes),
    extraData: bytesToHex(header.extraData),
    mixHash: bytesToHex(header.mixHash),
    parentBeaconBlockRoot: bytesToHex(header.parentBeaconBlockRoot ?? new Uint8Array()),
    blobGasUsed: header.blobGasUsed ?? 0n,
    excessBlobGas: header.excessBlobGas ?? 0n,
  }
}

/**
 * Compares each header field that follows from the parent.
 * @throws EvmError `EVM_BAD_HEADER` with the first that differs.
 */
export function checkHeader(
  header: HeaderFacts,
  expected: {
    readonly parent: ParentBlock
    readonly proposer: Proposer
    readonly baseFeePerGas: bigint
  },
): void {
  const { parent, proposer, baseFeePerGas } = expected
  const must = (field: HeaderField, found: unknown, wanted: unknown): void => {
    if (found === wanted) return
    const facts = { field, found: String(found), expected: String(wanted) }
    const text = `has ${field} ${facts.found} where ${facts.expected} is due`
    throw invalidBlock({ code: 'EVM_BAD_HEADER', ...facts }, text)
  }
  must('parentHash', header.parentHash, parent.hash)
  must('number', header.number, parent.height + 1n)
  must('gasLimit', header.gasLimit, parent.gasLimit)
  must('baseFeePerGas', header.baseFeePerGas, baseFeePerGas)
  if (header.timestamp <= parent.timestamp) {
    must('timestamp', header.timestamp, `more than ${parent.timestamp}`)
  }
  must('coinbase', header.coinbase, proposer.coinbase)
  must('extraData', header.extraData, encodeExtraData(proposer))
  must('mixHash', header.mixHash, parent.certificate.randomness)
  must('parentBeaconBlockRoot', header.parentBeaconBlockRoot, parent.certificate.hash)
  must('blobGasUsed', header.blobGasUsed, 0n)
  must('excessBlobGas', header.excessBlobGas, 0n)
}
