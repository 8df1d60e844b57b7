import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { setImmediate } from 'node:timers/promises'
import { bytesToHex, bytesToUnprefixedHex, hexToBytes } from '@ethereumjs/util'
import { type Database, open, type RootDatabase } from 'lmdb'
import { keccak256 } from '../crypto/keccak.ts'
import type { Hash } from '../primitives/hex.ts'
import type { Receipt } from '../primitives/receipt.ts'
import { headerOf, stateRootOf, transactionHashes } from './blockBytes.ts'
import { corrupt, StorageError } from './errors.ts'
import { checkDatabaseFile } from './fileCheck.ts'
import { createLogIndex, type LogIndex } from './logIndex.ts'
import type { StoreOptions } from './options.ts'
import { decodeIdentity, encodeIdentity, isAlive, ownIdentity } from './processLock.ts'
import { decodeHeight, decodeReceipts, encodeHeight, encodeReceipts } from './records.ts'

/** Format of the whole database; raised when a key or record changes its meaning. */
export const DATABASE_VERSION = 1

/** The newest block. */
export type Head = { readonly height: bigint; readonly hash: Hash }

/** Everything that becomes durable with one block, or not at all. */
export type BlockRecord = {
  readonly height: bigint
  readonly hash: Hash
  /** The block in RLP. */
  readonly raw: Uint8Array
  readonly receipts: readonly Receipt[]
  readonly certificate: Uint8Array
  /** New trie nodes and code, by database key in hex without prefix. */
  readonly state: ReadonlyMap<string, Uint8Array>
}

type Table = Database<Uint8Array, Uint8Array>

type Tables = {
  readonly root: RootDatabase<Uint8Array, Uint8Array>
  readonly meta: Table
  readonly state: Table
  readonly blocks: Table
  readonly receipts: Table
  readonly certificates: Table
  readonly heights: Table
  readonly transactions: Table
  readonly logs: Table
}

const keys = {
  version: new TextEncoder().encode('version'),
  genesis: new TextEncoder().encode('genesis'),
  head: new TextEncoder().encode('head'),
  lock: new TextEncoder().encode('lock'),
} as const

/**
 * Blocks, receipts, certificates, state and indexes in one LMDB file. One transaction per block,
 * synced to disk before `commit` resolves; a killed process loses nothing it has acknowledged.
 */
export class Store {
  readonly logs: LogIndex
  readonly #options: StoreOptions
  readonly #tables: Tables
  #head: Head | undefined

  private constructor(options: StoreOptions, tables: Tables) {
    this.#options = options
    this.#tables = tables
    this.logs = createLogIndex(tables.logs)
  }

  /**
   * Opens or creates the database and checks that its head is whole.
   * @throws StorageError `STORAGE_LOCKED`, `STORAGE_CORRUPT`, `STORAGE_FORMAT`,
   *   `STORAGE_WRONG_GENESIS`
   */
  static async open(options: StoreOptions): Promise<Store> {
    const isOld = checkDatabaseFile(options.path)
    // LMDB would hand out the same environment twice, and closing one would close both.
    const own = resolve(options.path)
    if (openPaths.has(own)) throw locked(options.path, process.pid)
    const tables = openTables(options)
    const store = new Store(options, tables)
    try {
      store.#takeLock(isOld)
    } catch (error) {
      await tables.root.close()
      throw error
    }
    openPaths.add(own)
    try {
      store.#checkMeta()
      store.#head = store.#readHead()
      if (store.#head !== undefined) store.#checkHead(store.#head)
      return store
    } catch (error) {
      await store.close()
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

  /**
   * A trie node or code by its key in hex, which ends in its hash.
   * @throws StorageError `STORAGE_CORRUPT` when what is stored is not what the hash says. LMDB has
   * no
   *   checksums; for the state, of which money is made, these hashes are ones.
   */
  stateNode(key: string): Uint8Array | undefined {
    const value = this.#read('state', Buffer.from(key, 'hex'))
    if (value !== undefined && !key.endsWith(bytesToUnprefixedHex(keccak256(value)))) {
      throw corrupt(this.path, `state ${key} does not have its hash`)
    }
    return value
  }

  blockAt(height: bigint): Uint8Array | undefined {
    return this.#read('blocks', encodeHeight(height))
  }

  /** Hash of a stored block. */
  hashAt(height: bigint): Hash | undefined {
    const raw = this.blockAt(height)
    return raw && bytesToHex(keccak256(headerOf(raw)))
  }

  heightOf(hash: Hash): bigint | undefined {
    const value = this.#read('heights', hexToBytes(hash))
    return value && decodeHeight(value)
  }

  receiptsAt(height: bigint): readonly Receipt[] | undefined {
    const value = this.#read('receipts', encodeHeight(height))
    return value && decodeReceipts(value)
  }

  certificateAt(height: bigint): Uint8Array | undefined {
    return this.#read('certificates', encodeHeight(height))
  }

  /** Where a transaction was included. */
  transactionAt(hash: Hash): { readonly height: bigint; readonly index: number } | undefined {
    const value = this.#read('transactions', hexToBytes(hash))
    return value && { height: decodeHeight(value), index: Number(decodeHeight(value, 8)) }
  }

  #read(table: Exclude<keyof Tables, 'root'>, key: Uint8Array): Uint8Array | undefined {
    try {
      return this.#tables[table].get(key)
    } catch (cause) {
      throw corrupt(this.path, `a page of the table ${table} cannot be read`, cause)
    }
  }

  /** Makes a block durable and the head. Resolves once it is on disk. */
  async commit(record: BlockRecord): Promise<void> {
    // Everything that can fail happens before the first write: an exception inside a transaction
    // would not undo what was put before it.
    const height = encodeHeight(record.height)
    const hash = hexToBytes(record.hash)
    const receipts = encodeReceipts(record.receipts)
    const transactions = transactionHashes(record.raw)
    const logKeys = this.logs.keysOf(record.height, record.receipts)
    const state = [...record.state].map(([key, value]) => [Buffer.from(key, 'hex'), value] as const)
    await this.#write((tables) => {
      for (const [key, value] of state) tables.state.put(key, value)
      tables.blocks.put(height, record.raw)
      tables.receipts.put(height, receipts)
      tables.certificates.put(height, record.certificate)
      tables.heights.put(hash, height)
      transactions.forEach((transaction, index) => {
        tables.transactions.put(transaction, join(height, encodeHeight(BigInt(index))))
      })
      for (const key of logKeys) tables.logs.put(key, new Uint8Array())
      tables.meta.put(keys.head, join(height, hash))
    })
    this.#head = { height: record.height, hash: record.hash }
  }

  /** Makes the block at `height` the head again and forgets what came after it. State stays. */
  async revertTo(height: bigint): Promise<void> {
    const raw = this.blockAt(height)
    const head = this.#head
    if (raw === undefined || head === undefined || height > head.height) {
      throw corrupt(this.#options.path, `there is no block ${height} to go back to`)
    }
    const hash = keccak256(headerOf(raw))
    const gone = this.#recordsAfter(height, head.height)
    await this.#write((tables) => {
      for (const block of gone) {
        tables.blocks.remove(block.key)
        tables.receipts.remove(block.key)
        tables.certificates.remove(block.key)
        tables.heights.remove(block.hash)
        for (const transaction of block.transactions) tables.transactions.remove(transaction)
        for (const key of block.logKeys) tables.logs.remove(key)
      }
      tables.meta.put(keys.head, join(encodeHeight(height), hash))
    })
    this.#head = { height, hash: bytesToHex(hash) }
  }

  /** Lets another process have the database. */
  async close(): Promise<void> {
    try {
      await this.#write((tables) => tables.meta.remove(keys.lock))
    } finally {
      await this.#tables.root.close()
      openPaths.delete(resolve(this.#options.path))
    }
  }

  #recordsAfter(height: bigint, head: bigint) {
    const records = []
    for (let at = height + 1n; at <= head; at += 1n) {
      const raw = this.blockAt(at)
      if (raw === undefined) throw corrupt(this.#options.path, `block ${at} is missing`)
      records.push({
        key: encodeHeight(at),
        hash: keccak256(headerOf(raw)),
        transactions: transactionHashes(raw),
        logKeys: this.logs.keysOf(at, this.receiptsAt(at) ?? []),
      })
    }
    return records
  }

  async #write(work: (tables: Tables) => void): Promise<void> {
    try {
      await this.#tables.root.transaction(() => work(this.#tables))
      if (this.#options.durable) await this.#tables.root.flushed
    } catch (error) {
      const { path } = this.#options
      const cause = await reasonOf(error)
      const text = `Writing to the database ${path} failed; is the disk full?`
      throw new StorageError({ code: 'STORAGE_WRITE_FAILED', path }, text, { cause })
    }
  }

  #takeLock(isOld: boolean): void {
    const { meta, root } = this.#tables
    const { path } = this.#options
    const holder = root.transactionSync(() => {
      const bytes = meta.get(keys.lock)
      const identity = bytes && decodeIdentity(bytes)
      if (identity !== undefined && isAlive(identity)) return identity
      meta.put(keys.lock, encodeIdentity(ownIdentity()))
      return undefined
    })
    if (holder !== undefined) throw locked(path, holder.pid)
    if (!isOld && !existsSync(path)) throw corrupt(path, 'the file could not be created')
  }

  #checkMeta(): void {
    const { meta } = this.#tables
    const { path, genesisHash } = this.#options
    const version = meta.get(keys.version)
    if (version === undefined) {
      if (this.#tables.blocks.getKeysCount({ limit: 1 }) > 0) throw corrupt(path, 'no version')
      this.#tables.root.transactionSync(() => {
        meta.put(keys.version, new Uint8Array([DATABASE_VERSION]))
        meta.put(keys.genesis, hexToBytes(genesisHash))
      })
      return
    }
    if (version.length !== 1 || version[0] !== DATABASE_VERSION) {
      const found = version[0] ?? 0
      const text =
        `The database ${path} has format ${found}, ` +
        `this program reads format ${DATABASE_VERSION}.`
      throw new StorageError({ code: 'STORAGE_FORMAT', path, found }, text)
    }
    const found = bytesToHex(new Uint8Array(meta.get(keys.genesis) ?? []))
    if (found !== genesisHash) {
      throw new StorageError(
        { code: 'STORAGE_WRONG_GENESIS', path, found, expected: genesisHash },
        `The database ${path} belongs to another chain ` +
          `(genesis ${found}, not ${genesisHash}); give this chain another folder.`,
      )
    }
  }

  #readHead(): Head | undefined {
    const value = this.#tables.meta.get(keys.head)
    if (value === undefined) return undefined
    if (value.length !== 40) throw corrupt(this.#options.path, 'the head record is malformed')
    return { height: decodeHeight(value), hash: bytesToHex(new Uint8Array(value.subarray(8))) }
  }

  /** The head's block, receipts, certificate and state root are there and fit together. */
  #checkHead(head: Head): void {
    const { path, genesisHash } = this.#options
    const raw = this.blockAt(head.height)
    if (raw === undefined) throw corrupt(path, `block ${head.height} is missing`)
    let stateRoot: Uint8Array
    let count: number
    try {
      const header = headerOf(raw)
      if (bytesToHex(keccak256(header)) !== head.hash) throw new Error('hash')
      stateRoot = stateRootOf(raw)
      count = transactionHashes(raw).length
    } catch (cause) {
      throw corrupt(path, `block ${head.height} is not what its hash says`, cause)
    }
    const node = this.#tables.state.get(stateRoot)
    if (node === undefined || bytesToHex(keccak256(node)) !== bytesToHex(stateRoot)) {
      throw corrupt(path, `the state of block ${head.height} is missing`)
    }
    let receipts: readonly Receipt[] | undefined
    try {
      receipts = this.receiptsAt(head.height)
    } catch (cause) {
      throw corrupt(path, `the receipts of block ${head.height} are unreadable`, cause)
    }
    if (receipts?.length !== count) {
      throw corrupt(path, `the receipts of block ${head.height} are missing`)
    }
    if (this.certificateAt(head.height) === undefined) {
      throw corrupt(path, `the certificate of block ${head.height} is missing`)
    }
    const genesis = this.blockAt(0n)
    if (genesis === undefined || bytesToHex(keccak256(headerOf(genesis))) !== genesisHash) {
      throw corrupt(path, 'the genesis block is missing')
    }
  }
}

/** Databases that this process has open. */
const openPaths = new Set<string>()

function locked(path: string, pid: number): StorageError {
  return new StorageError(
    { code: 'STORAGE_LOCKED', path, pid },
    `The database ${path} is in use by process ${pid}; ` +
      'stop that node first, or give this one another folder.',
  )
}

function openTables(options: StoreOptions): Tables {
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  try {
    const root = open<Uint8Array, Uint8Array>({
      ...binary,
      path: options.path,
      noSubdir: true,
      maxDbs: 16,
      // A resolved commit is on disk, also without waiting for `flushed`.
      overlappingSync: false,
      // One transaction per block: there is nothing to batch, and when a commit fails, nobody is
      // there to catch what the promise of a batch rejects with; that would end the process.
      eventTurnBatching: false,
      noSync: !options.durable,
    })
    const table = (name: string): Table => root.openDB<Uint8Array, Uint8Array>({ ...binary, name })
    return {
      root,
      meta: table('meta'),
      state: table('state'),
      blocks: table('blocks'),
      receipts: table('receipts'),
      certificates: table('certificates'),
      heights: table('heights'),
      transactions: table('transactions'),
      logs: table('logs'),
    }
  } catch (cause) {
    throw corrupt(options.path, 'LMDB cannot open it', cause)
  }
}

/** Why a commit failed: LMDB tells it by a second promise, which must not be left alone either. */
async function reasonOf(error: unknown): Promise<unknown> {
  if (!(error instanceof Error && 'commitError' in error)) return error
  return Promise.race([
    Promise.resolve(error.commitError).catch((reason: unknown) => reason),
    setImmediate(error),
  ])
}

function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length)
  out.set(first)
  out.set(second, first.length)
  return out
}
