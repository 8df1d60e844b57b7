import { hexToBytes } from '@ethereumjs/util'
import { assert } from '../primitives/assert.ts'
import type { Address } from '../primitives/hex.ts'
import type { Log, Receipt } from '../primitives/receipt.ts'
import { numberAt, toHex, uintAt } from './bytes.ts'
import { badReceipts, CodecError } from './errors.ts'
import { formatLog, type RawLog, readLogs } from './logs.ts'
import {
  ADDRESS_SIZE,
  FLAGS_UNUSED,
  HAS_CREATED,
  HAS_LOGS,
  HAS_TO,
  HEADER_SIZE,
  RECEIPTS_VERSION,
  STATUS_SHIFT,
  TYPE_MASK,
} from './receiptsFormat.ts'
import { createReceiptsWriter } from './receiptsWriter.ts'
import { createCursor, isAtEnd, type RlpCursor, readItem, readList } from './rlp.ts'

/** Receipts of a block as bytes, decoded when somebody asks. */
export type LazyReceipts = {
  /** The form that is kept. */
  readonly bytes: Uint8Array
  readonly count: number
  /** Logs of all receipts. */
  readonly logCount: number
  /**
   * Every receipt; computed once.
   * @throws CodecError `CODEC_BAD_RECEIPTS`
   */
  decode(): readonly Receipt[]
  /**
   * One receipt, without decoding the others; undefined when there is none.
   * @throws CodecError `CODEC_BAD_RECEIPTS`
   */
  at(index: number): Receipt | undefined
  /**
   * Place in the block of a receipt's first log: how many logs those before it have.
   * @throws CodecError `CODEC_BAD_RECEIPTS`
   */
  logsBefore(index: number): number
  /**
   * Calls `visit` with each log, in order, as views. Costs nothing when the block has none.
   * @throws CodecError `CODEC_BAD_RECEIPTS`
   */
  forEachLog(visit: (log: RawLog) => void): void
}

/** All receipts of a block in the form that is kept. Golden vector in test/chain/codec. */
export function encodeReceipts(receipts: readonly Receipt[]): Uint8Array {
  const writer = createReceiptsWriter()
  for (const receipt of receipts) {
    const { to, contractAddress } = receipt
    writer.add({
      ...receipt,
      from: hexToBytes(receipt.from),
      to: to === null ? null : hexToBytes(to),
      contractAddress: contractAddress === null ? null : hexToBytes(contractAddress),
      logs: receipt.logs.map(rawLogOf),
    })
    const isSum = writer.gasUsed === receipt.cumulativeGasUsed
    assert(isSum, 'cumulative gas is the sum of what transactions used')
  }
  return writer.toBytes()
}

/** As `lazyReceipts` of `encodeReceipts`, without decoding what is at hand. */
export function keepReceipts(receipts: readonly Receipt[]): LazyReceipts {
  return createLazy(encodeReceipts(receipts), receipts)
}

/**
 * Reads what `encodeReceipts` or a `ReceiptsWriter` wrote.
 *
 * @throws CodecError `CODEC_BAD_RECEIPTS` when version or sizes cannot be right; what is inside is
 *   checked when it is asked for.
 */
export function lazyReceipts(bytes: Uint8Array): LazyReceipts {
  return createLazy(bytes, undefined)
}

/** Flags, sender, and two numbers that are 0. */
const RECEIPT_SIZE_MIN = 1 + ADDRESS_SIZE + 2

/** Where receipts lie, and what comes before each. One entry more than there are receipts. */
type Places = {
  readonly starts: Int32Array
  readonly gas: Float64Array
  readonly logs: Int32Array
}

function createLazy(bytes: Uint8Array, known: readonly Receipt[] | undefined): LazyReceipts {
  const { count, logCount } = readHeader(bytes)
  let decoded = known
  let scanned: Places | undefined
  const places = (): Places => {
    scanned ??= scan(bytes, count, logCount)
    return scanned
  }
  const at = (index: number): Receipt | undefined => {
    if (decoded !== undefined) return decoded[index]
    return index >= 0 && index < count ? readReceipt(bytes, index, places()) : undefined
  }
  return {
    bytes,
    count,
    logCount,
    at,
    decode() {
      if (decoded !== undefined) return decoded
      const found = places()
      decoded = Array.from({ length: count }, (_, index) => readReceipt(bytes, index, found))
      return decoded
    },
    logsBefore: (index) => (logCount === 0 ? 0 : (places().logs[index] ?? logCount)),
    forEachLog(visit) {
      if (logCount === 0) return
      const { starts, logs } = places()
      for (let index = 0; index < count; index++) {
        if (logs[index] === logs[index + 1]) continue
        const end = starts[index + 1] ?? 0
        for (const log of rawLogs(bytes, fieldsAt(bytes, starts[index] ?? 0).end, end)) visit(log)
      }
    },
  }
}

function readHeader(bytes: Uint8Array): { readonly count: number; readonly logCount: number } {
  if (bytes.length < HEADER_SIZE) throw badReceipts('they are too short')
  if (bytes[0] !== RECEIPTS_VERSION) throw badReceipts(`their version is ${bytes[0]}`)
  const count = numberAt(bytes, 1, 5)
  const logCount = numberAt(bytes, 5, 9)
  // So that a damaged count asks for no memory.
  if (HEADER_SIZE + count * RECEIPT_SIZE_MIN > bytes.length) throw badReceipts('they end too early')
  return { count, logCount }
}

/** Finds each receipt and checks every size on the way. */
function scan(bytes: Uint8Array, count: number, logCount: number): Places {
  const starts = new Int32Array(count + 1)
  const gas = new Float64Array(count + 1)
  const logs = new Int32Array(count + 1)
  let at = HEADER_SIZE
  for (let index = 0; index < count; index++) {
    starts[index] = at
    const fields = fieldsAt(bytes, at)
    const gasUsed = numberAt(bytes, fields.gasFrom, fields.gasTo)
    gas[index + 1] = (gas[index] ?? 0) + gasUsed
    at = fields.end
    let found = 0
    if ((fields.flags & HAS_LOGS) !== 0) {
      const cursor = createCursor(bytes, at)
      found = guard(() => countItems(cursor))
      if (found === 0) throw badReceipts('a list of logs is empty')
      at = cursor.next
    }
    logs[index + 1] = (logs[index] ?? 0) + found
  }
  starts[count] = at
  if (at !== bytes.length) throw badReceipts('there are bytes after the end')
  if (logs[count] !== logCount) throw badReceipts('the number of logs is wrong')
  return { starts, gas, logs }
}

/** Where the parts of the receipt at `at` lie. */
function fieldsAt(bytes: Uint8Array, at: number) {
  const flags = bytes[at] ?? FLAGS_UNUSED
  if ((flags & FLAGS_UNUSED) !== 0) throw badReceipts('unknown flags, or they end too early')
  const toFrom = at + 1 + ADDRESS_SIZE
  const createdFrom = toFrom + ((flags & HAS_TO) === 0 ? 0 : ADDRESS_SIZE)
  const gasFrom = createdFrom + ((flags & HAS_CREATED) === 0 ? 0 : ADDRESS_SIZE) + 1
  const gasTo = numberEnd(bytes, gasFrom, 6)
  const priceFrom = gasTo + 1
  const end = numberEnd(bytes, priceFrom, 32)
  return { flags, toFrom, createdFrom, gasFrom, gasTo, priceFrom, end }
}

/** One past a number whose size stands before `from`. */
function numberEnd(bytes: Uint8Array, from: number, sizeMax: number): number {
  const size = bytes[from - 1] ?? sizeMax + 1
  if (size > sizeMax || from + size > bytes.length) throw badReceipts('a number does not fit')
  if (size > 0 && bytes[from] === 0) throw badReceipts('a number has leading zeros')
  return from + size
}

function readReceipt(bytes: Uint8Array, index: number, places: Places): Receipt {
  const start = places.starts[index] ?? 0
  const { flags, toFrom, createdFrom, gasFrom, gasTo, priceFrom, end } = fieldsAt(bytes, start)
  const address = (from: number): Address => toHex(bytes.subarray(from, from + ADDRESS_SIZE))
  const hasLogs = (flags & HAS_LOGS) !== 0
  return {
    type: flags & TYPE_MASK,
    status: ((flags >> STATUS_SHIFT) & 1) === 1 ? 1 : 0,
    from: address(start + 1),
    to: (flags & HAS_TO) === 0 ? null : address(toFrom),
    contractAddress: (flags & HAS_CREATED) === 0 ? null : address(createdFrom),
    gasUsed: uintAt(bytes, gasFrom, gasTo),
    cumulativeGasUsed: BigInt(places.gas[index + 1] ?? 0),
    effectiveGasPrice: uintAt(bytes, priceFrom, end),
    logs: hasLogs ? rawLogs(bytes, end, places.starts[index + 1] ?? 0).map(formatLog) : [],
  }
}

function rawLogs(bytes: Uint8Array, from: number, to: number): readonly RawLog[] {
  return guard(() => readLogs(bytes, from, to))
}

function rawLogOf(log: Log): RawLog {
  return [
    hexToBytes(log.address),
    log.topics.map((topic) => hexToBytes(topic)),
    hexToBytes(log.data),
  ]
}

/** Moves over a list; the items that it has. */
function countItems(cursor: RlpCursor): number {
  readList(cursor)
  const items = createCursor(cursor.bytes, cursor.from, cursor.next)
  let count = 0
  for (; !isAtEnd(items); count++) readItem(items)
  return count
}

/** Runs what reads RLP and gives its faults the code of this file. */
function guard<T>(read: () => T): T {
  try {
    return read()
  } catch (cause) {
    if (cause instanceof CodecError) throw cause
    throw badReceipts('their logs are not canonical RLP', cause)
  }
}
