import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { headerBytesOf } from '../codec/block.ts'
import { type LazyReceipts, lazyReceipts } from '../codec/receipts.ts'
import { keccak256 } from '../crypto/keccak.ts'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'
import { createMutex } from '../primitives/mutex.ts'
import { transactionHashes } from './blockBytes.ts'
import { checkHead } from './checkHead.ts'
import { corrupt } from './errors.ts'
import { createLogIndex, type LogIndex, logEntries } from './logIndex.ts'
import type { StoreOptions } from './options.ts'
import { checkLock, closeTables, dropLock, takeTables } from './ownership.ts'
import { openPagedLog, type PagedLog } from './pagedLog.ts'
import { decodeHeight, decodeNumber, encodeHeight, join, numberKey } from './records.ts'
import { type Change, openRunIndex, type RunIndex } from './runIndex.ts'
import { hashEntries } from './sortedEntries.ts'
import { metaKeys, readValue, type Tables, writeTables } from './tables.ts'

/** The newest block. */
export type Head = { readonly height: bigint; readonly hash: Hash }

/** What a block adds to the state, as far as the store must know it. */
export type StatePatch = {
  readonly stateRoot: Hash
  /** New code by its hash. */
  readonly codes: ReadonlyMap<Hash, Uint8Array>
  /**
   * Called once, when the block is committed, with the position at which the log of nodes ends.
   * Gives the records that are new, each behind the size of it in two bytes, and the position of
   * the root node, which may be an old one; -1 when the state is empty.
   */
  place(base: number): { readonly bytes: Uint8Array; readonly root: number }
}

/** Everything that becomes durable with one block, or not at all. */
export type BlockRecord = {
  readonly height: bigint
  readonly hash: Hash
  /** The block in RLP. */
  readonly raw: Uint8Array
  readonly receipts: Pick<LazyReceipts, 'bytes' | 'logCount' | 'forEachLog'>
  readonly certificate: Uint8Array
  readonly state: StatePatch
  /** Hashes of its transactions, 32 bytes each; computed when they are not at hand. */
  readonly transactionHashes?: Uint8Array
}

/** Where a transaction is. */
export type TransactionPlace = { readonly height: bigint; readonly index: number }

/**
 * Blocks, receipts, certificates, state and indexes in one LMDB file. One transaction per block,
 * synced to disk before `commit` resolves; a killed process loses nothing it has acknowledged.
 */
export class Store {
  readonly logs: LogIndex
  readonly #options: StoreOptions
  readonly #tables: Tables
  readonly #nodes: PagedLog
  /** Ordinal: the count of transactions before one. */
  readonly #transactions: RunIndex
  /** Ordinal: height. */
  readonly #logRuns: RunIndex
  /** Commits come one after another. */
  readonly #turn = createMutex()
  #head: Head | undefined

  private constructor(options: StoreOptions, tables: Tables) {
    this.#options = options
    this.#tables = tables
    const { path } = options
    const end = this.#read('meta', metaKeys.nodesEnd)
    this.#nodes = openPagedLog(tables.nodes, path, end === undefined ? 0 : decodeNumber(end))
    const transactionRuns = this.#read('meta', metaKeys.transactionRuns)
    this.#transactions = openRunIndex(tables.transactions, path, transactionRuns)
    this.#logRuns = openRunIndex(tables.logs, path, this.#read('meta', metaKeys.logRuns))
    this.logs = createLogIndex(this.#logRuns)
    this.#head = this.#readHead()
  }

  /**
   * Opens or creates the database and checks that its head is whole.
   * @throws StorageError `STORAGE_LOCKED`, `STORAGE_CORRUPT`, `STORAGE_FORMAT`,
   *   `STORAGE_WRONG_GENESIS`
   */
  static async open(options: StoreOptions): Promise<Store> {
    const tables = await takeTables(options)
    try {
      const store = new Store(options, tables)
      const head = store.head()
      if (head !== undefined) checkHead(store, head, options.genesisHash)
      return store
    } catch (error) {
      tables.meta.removeSync(metaKeys.lock)
      await closeTables(tables, options.path)
      throw error
    }
  }

  get path(): string {
    return this.#options.path
  }

  /** Undefined until the genesis block is committed. */
  head(): Head | undefined {
    return this.#head
  }

  /* STATE */

  /** Position of the root node of a state; undefined when no such state was committed. */
  rootPosition(stateRoot: Hash): number | undefined {
    const value = this.#read('roots', hexToBytes(stateRoot))
    return value && decodeNumber(value)
  }

  /**
   * The record of a trie node, as a copy. LMDB has no checksums; who knows the node's hash compares
   * it.
   * @throws StorageError `STORAGE_CORRUPT` when there is none.
   */
  nodeAt(position: number): Uint8Array {
    return this.#nodes.read(position)
  }

  /**
   * Code by its hash.
   * @throws StorageError `STORAGE_CORRUPT` when what is stored is not what the hash says.
   */
  code(hash: Hash): Uint8Array | undefined {
    const value = this.#read('codes', hexToBytes(hash))
    if (value !== undefined && bytesToHex(keccak256(value)) !== hash) {
      throw corrupt(this.path, `code ${hash} does not have its hash`)
    }
    return value
  }

  /* BLOCKS */

  blockAt(height: bigint): Uint8Array | undefined {
    return this.#read('blocks', encodeHeight(height))
  }

  /** Header of a stored block, in RLP. */
  headerAt(height: bigint): Uint8Array | undefined {
    return this.#read('headers', encodeHeight(height))
  }

  /**
   * Hash of a block up to the head. Contracts may ask for it, so what is on the disk must be what
   * was committed.
   * @throws StorageError `STORAGE_CORRUPT`
   */
  hashAt(height: bigint): Hash | undefined {
    if (this.#head === undefined || height > this.#head.height) return undefined
    const header = this.headerAt(height)
    const hash = header && bytesToHex(keccak256(header))
    if (hash === undefined || this.heightOf(hash) !== height) {
      throw corrupt(this.path, `the header of block ${height} is not the one that was written`)
    }
    return hash
  }

  heightOf(hash: Hash): bigint | undefined {
    const value = this.#read('heights', hexToBytes(hash))
    return value && decodeHeight(value)
  }

  /** @throws CodecError `CODEC_BAD_RECEIPTS` */
  receiptsAt(height: bigint): LazyReceipts | undefined {
    const value = this.#read('receipts', encodeHeight(height))
    return value && lazyReceipts(value)
  }

  certificateAt(height: bigint): Uint8Array | undefined {
    return this.#read('certificates', encodeHeight(height))
  }

  /* TRANSACTIONS */

  /** Transactions in all blocks. */
  get transactionCount(): number {
    return this.#transactions.end()
  }

  /** Transactions in the blocks before `height`. */
  transactionsBefore(height: bigint): number {
    let count = this.transactionCount
    // From the newest: it is asked only of blocks at the end.
    for (const { key, value } of this.#tables.ordinals.getRange({ reverse: true })) {
      if (decodeHeight(value) < height) break
      count = decodeNumber(key)
    }
    return count
  }

  /**
   * Where a transaction may have been included: the right place, if it was, and seldom others. Who
   * asks compares the hash.
   */
  transactionPlaces(hash: Hash): readonly TransactionPlace[] {
    const query = { key: hexToBytes(hash), from: 0, to: this.transactionCount }
    return this.#transactions.find(query).flatMap((ordinal) => {
      const range = { start: numberKey(ordinal), reverse: true, limit: 1 } as const
      return [...this.#tables.ordinals.getRange(range)].map(({ key, value }) => ({
        height: decodeHeight(value),
        index: ordinal - decodeNumber(key),
      }))
    })
  }
  /* WRITING */

  /**
   * Makes a block durable and the head. Resolves once it is on disk.
   * @throws StorageError `STORAGE_WRITE_FAILED`, `STORAGE_TAKEN`
   */
  commit(record: BlockRecord): Promise<void> {
    return this.#turn(async () => {
      const { height, hash, raw, receipts } = record
      const due = this.#head === undefined ? 0n : this.#head.height + 1n
      assert(height === due, 'a block follows the head')
      const key = encodeHeight(height)
      const hashBytes = hexToBytes(hash)
      const header = headerBytesOf(raw)
      const hashes = record.transactionHashes ?? transactionHashes(raw)
      const first = this.transactionCount
      const transactions = { first, end: first + hashes.length / 32, entries: hashEntries(hashes) }
      const at = Number(height)
      const logs = { first: at, end: at + 1, entries: logEntries(receipts) }
      const { stateRoot, codes } = record.state
      const placed = record.state.place(this.#nodes.end())
      const extension = this.#nodes.extend(placed.bytes)
      const changes = await this.#write((tables) => {
        for (const page of extension.pages) tables.nodes.put(page.key, page.value)
        if (placed.root >= 0) tables.roots.put(hexToBytes(stateRoot), numberKey(placed.root))
        for (const [codeHash, code] of codes) tables.codes.put(hexToBytes(codeHash), code)
        tables.blocks.put(key, raw)
        tables.headers.put(key, header)
        tables.receipts.put(key, receipts.bytes)
        tables.certificates.put(key, record.certificate)
        tables.heights.put(hashBytes, key)
        if (hashes.length > 0) tables.ordinals.put(numberKey(first), key)
        tables.meta.put(metaKeys.nodesEnd, numberKey(extension.end))
        tables.meta.put(metaKeys.head, join(key, hashBytes))
        return this.#index(this.#transactions.add(transactions), this.#logRuns.add(logs))
      })
      this.#nodes.accept(extension)
      this.#accept(changes)
      this.#head = { height, hash }
    })
  }

  /**
   * Makes the block at `height` the head again and forgets what came after it. State stays: its
   * log only grows.
   */
  revertTo(height: bigint): Promise<void> {
    return this.#turn(async () => {
      const head = this.#head
      const hash = this.hashAt(height)
      if (hash === undefined || head === undefined) {
        throw corrupt(this.path, `there is no block ${height} to go back to`)
      }
      const hashBytes = hexToBytes(hash)
      const count = this.transactionsBefore(height + 1n)
      const gone = this.#blocksAfter(height, head.height)
      const ordinals = [...this.#tables.ordinals.getKeys({ start: numberKey(count) })]
      const changes = await this.#write((tables) => {
        for (const block of gone) {
          tables.blocks.remove(block.key)
          tables.headers.remove(block.key)
          tables.receipts.remove(block.key)
          tables.certificates.remove(block.key)
          tables.heights.remove(block.hash)
        }
        for (const key of ordinals) tables.ordinals.remove(key)
        tables.meta.put(metaKeys.head, join(encodeHeight(height), hashBytes))
        return this.#index(
          this.#transactions.truncate(count),
          this.#logRuns.truncate(Number(height) + 1),
        )
      })
      this.#accept(changes)
      this.#head = { height, hash }
    })
  }

  /** Lets another process have the database. */
  async close(): Promise<void> {
    try {
      await writeTables(this.#tables, this.#options, () => dropLock(this.#tables))
    } finally {
      await closeTables(this.#tables, this.path)
    }
  }

  #blocksAfter(height: bigint, head: bigint) {
    const blocks = []
    for (let at = height + 1n; at <= head; at += 1n) {
      const header = this.headerAt(at)
      if (header === undefined) throw corrupt(this.path, `block ${at} is missing`)
      blocks.push({ key: encodeHeight(at), hash: keccak256(header) })
    }
    return blocks
  }

  /** Writes down how the indexes will be. */
  #index(transactions: Change, logs: Change) {
    const { meta } = this.#tables
    meta.put(metaKeys.transactionRuns, transactions.record)
    meta.put(metaKeys.logRuns, logs.record)
    return { transactions, logs }
  }

  #accept({ transactions, logs }: { readonly transactions: Change; readonly logs: Change }): void {
    this.#transactions.accept(transactions)
    this.#logRuns.accept(logs)
  }

  #read(table: Exclude<keyof Tables, 'root'>, key: Uint8Array): Uint8Array | undefined {
    return readValue(this.#tables, this.path, table, key)
  }

  #write<T>(work: (tables: Tables) => T): Promise<T> {
    return writeTables(this.#tables, this.#options, () => {
      checkLock(this.#tables, this.path)
      return work(this.#tables)
    })
  }

  #readHead(): Head | undefined {
    const value = this.#read('meta', metaKeys.head)
    if (value === undefined) return undefined
    if (value.length !== 40) throw corrupt(this.path, 'the head record is malformed')
    return { height: decodeHeight(value), hash: bytesToHex(value.subarray(8)) }
  }
}
