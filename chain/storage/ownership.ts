import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { bytesToHex, equalsBytes, hexToBytes } from '@ethereumjs/util'
import { corrupt, StorageError } from './errors.ts'
import { checkDatabaseFile } from './fileCheck.ts'
import type { StoreOptions } from './options.ts'
import { decodeIdentity, encodeIdentity, isAlive, ownIdentity } from './processLock.ts'
import { type Database, metaKeys, openDatabase, openTables, type Tables } from './tables.ts'

/** Format of the whole database; raised when a key or record changes its meaning. */
export const DATABASE_VERSION = 2

/** Databases that this process has open. */
const openPaths = new Set<string>()

/**
 * Takes a database for this process, or creates it. What is refused stays as it is.
 * @throws StorageError `STORAGE_LOCKED`, `STORAGE_CORRUPT`, `STORAGE_NO_ACCESS`,
 *   `STORAGE_FORMAT`, `STORAGE_WRONG_GENESIS`
 */
export async function takeTables(options: StoreOptions): Promise<Tables> {
  const { path } = options
  const isOld = checkDatabaseFile(path)
  // LMDB would hand out the same environment twice, and closing one would close both.
  const own = resolve(path)
  if (openPaths.has(own)) throw locked(path, process.pid)
  const database = openDatabase(options)
  try {
    takeLock(database, path, isOld)
  } catch (error) {
    await database.root.close()
    throw error
  }
  openPaths.add(own)
  try {
    const version = readVersion(database, path)
    const tables = openTables(database, path)
    if (version === undefined) begin(tables, options)
    else checkGenesis(database, options)
    return tables
  } catch (error) {
    database.meta.removeSync(metaKeys.lock)
    await closeTables(database, path)
    throw error
  }
}

/**
 * Takes a database that is about to be removed, so that nobody's chain goes while it runs. Where
 * there is none, or one so damaged that nobody can have it open, nothing is to be taken.
 * @throws StorageError `STORAGE_LOCKED`, `STORAGE_NO_ACCESS`
 */
export async function claimDatabase(path: string): Promise<void> {
  if (openPaths.has(resolve(path))) throw locked(path, process.pid)
  let database: Database
  try {
    if (!checkDatabaseFile(path)) return
    database = openDatabase({ path, durable: true })
  } catch (cause) {
    if (cause instanceof StorageError && cause.code === 'STORAGE_CORRUPT') return
    throw cause
  }
  try {
    takeLock(database, path, true)
  } finally {
    await database.root.close()
  }
}

/**
 * Checks, in the transaction that is to write, that the database is still this process's. Whoever
 * opens it from another machine or container sees a lock of a process that it cannot see.
 * @throws StorageError `STORAGE_TAKEN`
 */
export function checkLock({ meta }: Pick<Database, 'meta'>, path: string): void {
  if (!holdsLock({ meta })) throw taken(path)
}

/** Lets go of the lock, unless it is another's by now. */
export function dropLock({ meta }: Pick<Database, 'meta'>): void {
  if (holdsLock({ meta })) meta.remove(metaKeys.lock)
}

function holdsLock({ meta }: Pick<Database, 'meta'>): boolean {
  const lock = meta.get(metaKeys.lock)
  return lock !== undefined && equalsBytes(lock, ownLock())
}

let own: Uint8Array | undefined

function ownLock(): Uint8Array {
  own ??= encodeIdentity(ownIdentity())
  return own
}

/** Closes the file; whoever wants lets go of the lock before. */
export async function closeTables({ root }: Database, path: string): Promise<void> {
  await root.close()
  openPaths.delete(resolve(path))
}

function takeLock({ meta, root }: Database, path: string, isOld: boolean): void {
  const holder = root.transactionSync(() => {
    const bytes = meta.get(metaKeys.lock)
    const identity = bytes && decodeIdentity(bytes)
    if (identity !== undefined && isAlive(identity)) return identity
    meta.put(metaKeys.lock, ownLock())
    return undefined
  })
  if (holder !== undefined) throw locked(path, holder.pid)
  if (!isOld && !existsSync(path)) throw corrupt(path, 'the file could not be created')
}

/** Undefined where nothing was written yet. */
function readVersion({ meta }: Database, path: string): number | undefined {
  const version = meta.get(metaKeys.version)
  if (version === undefined) return undefined
  const found = version[0] ?? 0
  if (version.length === 1 && found === DATABASE_VERSION) return found
  const text =
    `The database ${path} has format ${found}, this program reads format ${DATABASE_VERSION}; ` +
    'move it away to start from genesis, or use the program that wrote it.'
  throw new StorageError({ code: 'STORAGE_FORMAT', path, found }, text)
}

function begin({ blocks, meta, root }: Tables, { path, genesisHash }: StoreOptions): void {
  if (blocks.getKeysCount({ limit: 1 }) > 0) throw corrupt(path, 'no version')
  root.transactionSync(() => {
    meta.put(metaKeys.version, new Uint8Array([DATABASE_VERSION]))
    meta.put(metaKeys.genesis, hexToBytes(genesisHash))
  })
}

function checkGenesis({ meta }: Database, { path, genesisHash }: StoreOptions): void {
  const found = bytesToHex(new Uint8Array(meta.get(metaKeys.genesis) ?? []))
  if (found === genesisHash) return
  throw new StorageError(
    { code: 'STORAGE_WRONG_GENESIS', path, found, expected: genesisHash },
    `The database ${path} belongs to another chain ` +
      `(genesis ${found}, not ${genesisHash}); give this chain another folder.`,
  )
}

function locked(path: string, pid: number): StorageError {
  return new StorageError(
    { code: 'STORAGE_LOCKED', path, pid },
    `The database ${path} is in use by process ${pid}; ` +
      'stop that node first, or give this one another folder.',
  )
}

function taken(path: string): StorageError {
  return new StorageError(
    { code: 'STORAGE_TAKEN', path },
    `Another node has opened the database ${path} and this one writes to it no more; ` +
      'give nodes on other machines or in other containers a folder each.',
  )
}
