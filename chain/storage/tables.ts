import { setImmediate } from 'node:timers/promises'
import { type Database as LmdbTable, open, type RootDatabase } from 'lmdb'
import { cannotOpen, corrupt, StorageError } from './errors.ts'
import type { StoreOptions } from './options.ts'

/** A table of bytes by bytes, sorted by key. */
export type Table = LmdbTable<Uint8Array, Uint8Array>

/** All tables of a database. Heights and indexes are 8 bytes, most significant first. */
export type Tables = {
  readonly root: RootDatabase<Uint8Array, Uint8Array>
  /** Facts about the whole database, by name: `metaKeys`. */
  readonly meta: Table
  /** Page index -> page of the log of trie nodes. */
  readonly nodes: Table
  /** State root -> position of its root node in the log. */
  readonly roots: Table
  /** Code hash -> code. */
  readonly codes: Table
  /** Height -> block in RLP, all of it. */
  readonly blocks: Table
  /** Height -> header in RLP: it is asked for far more often than the rest of the block. */
  readonly headers: Table
  /** Height -> receipts. */
  readonly receipts: Table
  /** Height -> certificate. */
  readonly certificates: Table
  /** Block hash -> height. */
  readonly heights: Table
  /** Where transactions are, by pieces of their hashes: `runIndex.ts`. */
  readonly transactions: Table
  /** Count of all transactions before a block -> its height. */
  readonly ordinals: Table
  /** Heights by pieces of what logs say: `logIndex.ts`. */
  readonly logs: Table
}

const encoder = new TextEncoder()

/** Keys of the table `meta`. */
export const metaKeys = {
  version: encoder.encode('version'),
  genesis: encoder.encode('genesis'),
  head: encoder.encode('head'),
  lock: encoder.encode('lock'),
  /** Where the log of trie nodes ends. */
  nodesEnd: encoder.encode('nodesEnd'),
  /** The runs of the two indexes. */
  transactionRuns: encoder.encode('transactionRuns'),
  logRuns: encoder.encode('logRuns'),
} as const

/** An LMDB file of which only the facts about the whole are open. */
export type Database = Pick<Tables, 'root' | 'meta'>

const binary = { encoding: 'binary', keyEncoding: 'binary' } as const

/**
 * Opens or creates the LMDB file.
 * @throws StorageError `STORAGE_CORRUPT`, `STORAGE_NO_ACCESS`
 */
export function openDatabase({ path, durable }: Pick<StoreOptions, 'path' | 'durable'>): Database {
  try {
    const root = open<Uint8Array, Uint8Array>({
      ...binary,
      path,
      noSubdir: true,
      maxDbs: 16,
      // A resolved commit is on disk, also without waiting for `flushed`.
      overlappingSync: false,
      // One transaction per block: there is nothing to batch, and when a commit fails, nobody is
      // there to catch what the promise of a batch rejects with; that would end the process.
      eventTurnBatching: false,
      noSync: !durable,
    })
    return { root, meta: root.openDB<Uint8Array, Uint8Array>({ ...binary, name: 'meta' }) }
  } catch (cause) {
    throw cannotOpen(path, cause)
  }
}

/**
 * Opens all tables of a database whose format is known, creating what is not there.
 * @throws StorageError `STORAGE_CORRUPT`
 */
export function openTables(database: Database, path: string): Tables {
  const table = (name: string): Table =>
    database.root.openDB<Uint8Array, Uint8Array>({ ...binary, name })
  try {
    return {
      ...database,
      nodes: table('nodes'),
      roots: table('roots'),
      codes: table('codes'),
      blocks: table('blocks'),
      headers: table('headers'),
      receipts: table('receipts'),
      certificates: table('certificates'),
      heights: table('heights'),
      transactions: table('transactions'),
      ordinals: table('ordinals'),
      logs: table('logs'),
    }
  } catch (cause) {
    throw corrupt(path, 'LMDB cannot open its tables', cause)
  }
}

/**
 * Runs `work` in one LMDB transaction; resolves once it is on disk.
 * @throws StorageError `STORAGE_WRITE_FAILED`, `STORAGE_TAKEN`; then nothing of it is there.
 */
export async function writeTables<T>(
  { root }: Pick<Tables, 'root'>,
  { path, durable }: StoreOptions,
  work: () => T,
): Promise<T> {
  try {
    // A child, for only that undoes what was put before an exception.
    const result = await root.childTransaction(work)
    if (durable) await root.flushed
    return result
  } catch (error) {
    if (error instanceof StorageError && error.code === 'STORAGE_TAKEN') throw error
    const cause = await reasonOf(error)
    const text = `Writing to the database ${path} failed; is the disk full?`
    throw new StorageError({ code: 'STORAGE_WRITE_FAILED', path }, text, { cause })
  }
}

/**
 * A value as a copy; undefined where there is none.
 * @throws StorageError `STORAGE_CORRUPT` when LMDB cannot read the page it is on.
 */
export function readValue(
  tables: Tables,
  path: string,
  name: Exclude<keyof Tables, 'root'>,
  key: Uint8Array,
): Uint8Array | undefined {
  try {
    const value = tables[name].get(key)
    // LMDB gives a `Buffer`, whose `slice` is not that of other byte arrays.
    return value && new Uint8Array(value.buffer, value.byteOffset, value.length)
  } catch (cause) {
    throw corrupt(path, `a page of the table ${name} cannot be read`, cause)
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
