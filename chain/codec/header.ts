import { hexToBytes } from '@ethereumjs/util'
import { keccak256 } from '../crypto/keccak.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { toHex } from './bytes.ts'
import { badBlock } from './errors.ts'
import {
  headerSize,
  isAtEnd,
  openList,
  payloadOf,
  RLP_LIST,
  type RlpCursor,
  RlpFault,
  readFixed,
  readString,
  readUint,
  writeHeader,
  writeString,
  writeUint,
} from './rlp.ts'

/** The header of a block: the fields of the Osaka fork. */
export type Header = {
  readonly parentHash: Hash
  readonly ommersHash: Hash
  readonly coinbase: Address
  readonly stateRoot: Hash
  readonly transactionsRoot: Hash
  readonly receiptsRoot: Hash
  /** 256 bytes. */
  readonly logsBloom: Hex
  readonly difficulty: bigint
  readonly number: bigint
  readonly gasLimit: bigint
  readonly gasUsed: bigint
  /** Seconds since 1970. */
  readonly timestamp: bigint
  readonly extraData: Hex
  readonly mixHash: Hash
  /** 8 bytes. */
  readonly nonce: Hex
  /** Wei per gas. */
  readonly baseFeePerGas: bigint
  readonly withdrawalsRoot: Hash
  readonly blobGasUsed: bigint
  readonly excessBlobGas: bigint
  readonly parentBeaconBlockRoot: Hash
  readonly requestsHash: Hash
}

const HASH_SIZE = 32
const ADDRESS_SIZE = 20
const BLOOM_SIZE = 256
const NONCE_SIZE = 8
const EXTRA_DATA_SIZE_MAX = 32
/** More than all fields but extraData take. */
const FIXED_SIZE_MAX = 1_024
/** Hash of an empty list: there are no ommers since the merge. */
const NO_OMMERS: Hash = toHex(keccak256(Uint8Array.of(RLP_LIST)))
const NO_NONCE: Hex = `0x${'00'.repeat(NONCE_SIZE)}`

/**
 * Reads the RLP of a header: exactly the fields of Osaka, each of its size, with what EIP-3675
 * fixes.
 *
 * @source Ethereum Yellow Paper, section 4.3; EIP-3675
 * @throws CodecError `CODEC_BAD_BLOCK`
 */
export function decodeHeader(bytes: Uint8Array): Header {
  try {
    const cursor = openList(bytes)
    const header = readFields(cursor)
    if (!isAtEnd(cursor)) throw badBlock('the header has too many fields')
    checkFields(header)
    return header
  } catch (cause) {
    if (cause instanceof RlpFault) throw badBlock(`in the header, ${cause.message}`, cause)
    throw cause
  }
}

/** The RLP of a header. */
export function encodeHeader(header: Header): Uint8Array {
  const extraData = hexToBytes(header.extraData)
  const body = new Uint8Array(FIXED_SIZE_MAX + extraData.length)
  let at = 0
  const put = (value: Hex | bigint): void => {
    at =
      typeof value === 'bigint'
        ? writeUint(value, body, at)
        : writeString(hexToBytes(value), body, at)
  }
  // Each field in its place; the order of a record's keys is not looked at.
  put(header.parentHash)
  put(header.ommersHash)
  put(header.coinbase)
  put(header.stateRoot)
  put(header.transactionsRoot)
  put(header.receiptsRoot)
  put(header.logsBloom)
  put(header.difficulty)
  put(header.number)
  put(header.gasLimit)
  put(header.gasUsed)
  put(header.timestamp)
  put(header.extraData)
  put(header.mixHash)
  put(header.nonce)
  put(header.baseFeePerGas)
  put(header.withdrawalsRoot)
  put(header.blobGasUsed)
  put(header.excessBlobGas)
  put(header.parentBeaconBlockRoot)
  put(header.requestsHash)
  const out = new Uint8Array(headerSize(at) + at)
  out.set(body.subarray(0, at), writeHeader(RLP_LIST, at, out, 0))
  return out
}

/** Hash of a block: of the RLP of its header. */
export function blockHash(header: Uint8Array): Uint8Array {
  return keccak256(header)
}

function readFields(cursor: RlpCursor): Header {
  const hex = (size: number): Hex => {
    readFixed(cursor, size)
    return toHex(payloadOf(cursor))
  }
  const hash = (): Hash => hex(HASH_SIZE)
  const uint64 = (): bigint => readUint(cursor, 8)
  // Properties are evaluated in the order in which they are written.
  return {
    parentHash: hash(),
    ommersHash: hash(),
    coinbase: hex(ADDRESS_SIZE),
    stateRoot: hash(),
    transactionsRoot: hash(),
    receiptsRoot: hash(),
    logsBloom: hex(BLOOM_SIZE),
    difficulty: readUint(cursor, 32),
    number: uint64(),
    gasLimit: uint64(),
    gasUsed: uint64(),
    timestamp: uint64(),
    extraData: readExtraData(cursor),
    mixHash: hash(),
    nonce: hex(NONCE_SIZE),
    baseFeePerGas: readUint(cursor, 32),
    withdrawalsRoot: hash(),
    blobGasUsed: uint64(),
    excessBlobGas: uint64(),
    parentBeaconBlockRoot: hash(),
    requestsHash: hash(),
  }
}

function readExtraData(cursor: RlpCursor): Hex {
  readString(cursor)
  return toHex(payloadOf(cursor))
}

function checkFields(header: Header): void {
  const { ommersHash, number, difficulty, nonce, extraData, gasUsed, gasLimit } = header
  if (ommersHash !== NO_OMMERS) throw badBlock('it states ommers')
  if (gasUsed > gasLimit) throw badBlock(`it states ${gasUsed} gas used of ${gasLimit}`)
  if (number === 0n) return // a genesis file may set the rest
  if (difficulty !== 0n) throw badBlock('its difficulty is not 0')
  if (nonce !== NO_NONCE) throw badBlock('its nonce is not 0')
  const size = extraData.length / 2 - 1
  if (size > EXTRA_DATA_SIZE_MAX) throw badBlock(`its extraData has ${size} bytes`)
}
