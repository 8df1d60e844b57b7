import { hexToBytes } from '@ethereumjs/util'
import { headerBytesOf, scanBlock } from '../codec/block.ts'
import { bloomOf } from '../codec/bloom.ts'
import { EMPTY_BYTES, toHex } from '../codec/bytes.ts'
import { blockHash, decodeHeader } from '../codec/header.ts'
import type { LazyReceipts } from '../codec/receipts.ts'
import { type ByteTable, tableRow } from '../codec/table.ts'
import { keccak256 } from '../crypto/keccak.ts'
import { assert } from '../primitives/assert.ts'
import type { Hash, Hex } from '../primitives/hex.ts'
import type { Log, Receipt } from '../primitives/receipt.ts'
import type {
  BlockView,
  LogView,
  ReceiptList,
  ReceiptView,
  TransactionList,
  TransactionView,
} from '../rpc/backend.ts'
import { transactionHashes } from '../storage/blockBytes.ts'
import type { PoolEntry } from '../txpool/entry.ts'
import { transactionViewOf } from './transactionView.ts'

/** A block in bytes, with what is kept beside it. */
export type BlockBytes = {
  /** The block in RLP. */
  readonly raw: Uint8Array
  readonly receipts: LazyReceipts
  /** Hashes of its transactions, 32 bytes each, when they are at hand. */
  readonly transactionHashes?: Uint8Array
}

/** A block as RPC shows it: its header at once, its transactions when somebody asks. */
export type StoredBlock = { readonly view: BlockView; readonly receipts: ReceiptList }

const HASH_SIZE = 32
const NO_LOGS_BLOOM: Hex = `0x${'00'.repeat(256)}`

/** A block and its receipts as RPC shows them. */
export function storedBlockOf(bytes: BlockBytes): StoredBlock {
  const facts = headerViewOf(headerBytesOf(bytes.raw))
  const transactions = transactionListOf(bytes, facts)
  const view = { ...facts, size: bytes.raw.length, transactions }
  return { view, receipts: receiptListOf(bytes.receipts, view) }
}

/** A transaction that waits, as RPC shows it. */
export function pendingViewOf(entry: PoolEntry): TransactionView {
  return transactionViewOf(entry.raw, entry.sender)
}

type HeaderView = Omit<BlockView, 'size' | 'transactions'>

function headerViewOf(bytes: Uint8Array): HeaderView {
  const { ommersHash: _, nonce: __, difficulty: ___, ...header } = decodeHeader(bytes)
  return { hash: toHex(blockHash(bytes)), ...header }
}

/* TRANSACTIONS */

/** Senders come from the receipts, which spares recovering them again. */
function transactionListOf(
  { raw, receipts, transactionHashes: known }: BlockBytes,
  block: HeaderView,
): TransactionList {
  const { count } = receipts
  let table: ByteTable | undefined
  let hashes = known
  const bytesAt = (index: number): Uint8Array => {
    table ??= scanBlock(raw).transactions
    return tableRow(table, index) ?? EMPTY_BYTES
  }
  const allHashes = (): Uint8Array => {
    hashes ??= transactionHashes(raw)
    return hashes
  }
  const isPlace = (index: number): boolean => Number.isInteger(index) && index >= 0 && index < count
  const at = (index: number): TransactionView | undefined => {
    const from = isPlace(index) ? receipts.at(index)?.from : undefined
    if (from === undefined) return undefined
    const inclusion = {
      blockHash: block.hash,
      blockNumber: block.number,
      blockTimestamp: block.timestamp,
      index,
      baseFeePerGas: block.baseFeePerGas,
    }
    return { ...transactionViewOf(bytesAt(index), from), inclusion }
  }
  return {
    length: count,
    at,
    hashAt(index) {
      if (!isPlace(index)) return undefined
      if (hashes === undefined) return toHex(keccak256(bytesAt(index)))
      return hashOf(hashes, index)
    },
    hashes: () => splitHashes(allHashes()),
    indexOf: (hash) => indexOfHash(allHashes(), hexToBytes(hash)),
    all: () => Array.from({ length: count }, (_, index) => required(at(index))),
  }
}

function splitHashes(hashes: Uint8Array): readonly Hash[] {
  return Array.from({ length: hashes.length / HASH_SIZE }, (_, index) => hashOf(hashes, index))
}

function hashOf(hashes: Uint8Array, index: number): Hash {
  return toHex(hashes.subarray(index * HASH_SIZE, (index + 1) * HASH_SIZE))
}

function indexOfHash(hashes: Uint8Array, wanted: Uint8Array): number {
  const whole = Buffer.from(hashes.buffer, hashes.byteOffset, hashes.length)
  for (let from = whole.indexOf(wanted); from >= 0; from = whole.indexOf(wanted, from + 1)) {
    // Two neighbours may hold it between them.
    if (from % HASH_SIZE === 0) return from / HASH_SIZE
  }
  return -1
}

/* RECEIPTS */

function receiptListOf(receipts: LazyReceipts, block: BlockView): ReceiptList {
  const at = (index: number): ReceiptView | undefined => {
    const receipt = receipts.at(index)
    return receipt && receiptViewOf(receipt, index, receipts.logsBefore(index), block)
  }
  /** All subscribers are told of a block in one turn; nobody needs its logs for longer. */
  let logs: WeakRef<readonly LogView[]> | undefined
  return {
    length: receipts.count,
    at,
    of(transactionHash) {
      const index = block.transactions.indexOf(transactionHash)
      return index < 0 ? undefined : at(index)
    },
    all: () => Array.from({ length: receipts.count }, (_, index) => required(at(index))),
    payments: () =>
      Array.from({ length: receipts.count }, (_, index) => required(receipts.at(index))),
    logs() {
      const known = logs?.deref()
      if (known !== undefined) return known
      const found = logsOf(receipts, at)
      logs = new WeakRef(found)
      return found
    },
  }
}

function logsOf(
  receipts: LazyReceipts,
  at: (index: number) => ReceiptView | undefined,
): readonly LogView[] {
  const found: LogView[] = []
  if (receipts.logCount === 0) return found
  for (let index = 0; index < receipts.count; index++) {
    if (receipts.logsBefore(index) === receipts.logsBefore(index + 1)) continue
    for (const log of at(index)?.logs ?? []) found.push(log)
  }
  return found
}

function receiptViewOf(
  receipt: Receipt,
  transactionIndex: number,
  logsBefore: number,
  block: BlockView,
): ReceiptView {
  const transactionHash = required(block.transactions.hashAt(transactionIndex))
  const logs = receipt.logs.map(
    (log, place): LogView => ({
      ...log,
      blockHash: block.hash,
      blockNumber: block.number,
      blockTimestamp: block.timestamp,
      transactionHash,
      transactionIndex,
      logIndex: logsBefore + place,
    }),
  )
  return {
    ...receipt,
    transactionHash,
    transactionIndex,
    blockHash: block.hash,
    blockNumber: block.number,
    logs,
    get logsBloom() {
      return bloomHexOf(receipt.logs)
    },
  }
}

function bloomHexOf(logs: readonly Log[]): Hex {
  if (logs.length === 0) return NO_LOGS_BLOOM
  return toHex(
    bloomOf(
      logs.map(({ address, topics }) => [
        hexToBytes(address),
        topics.map((topic) => hexToBytes(topic)),
        new Uint8Array(),
      ]),
    ),
  )
}

function required<T>(value: T | undefined): T {
  assert(value !== undefined, 'a block has as many receipts as transactions')
  return value
}
