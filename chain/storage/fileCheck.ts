import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { cannotOpen, corrupt } from './errors.ts'

const PAGE_HEADER_SIZE = 24
const MAGIC = 0xbeefc0de
/** Offsets inside a meta page, after the page's header. */
const offsets = { magic: 0, pageSize: 24, lastPage: 120, txnId: 128 } as const
const META_SIZE = 136

type Meta = { readonly pageSize: number; readonly lastPage: bigint; readonly txnId: bigint }

/**
 * Looks at the two meta pages of an LMDB file before LMDB maps it into memory: touching a page that
 * the file lacks would kill the process instead of raising an error. True when the file exists.
 *
 * @throws StorageError `STORAGE_CORRUPT` when it is no LMDB file, or shorter than it says;
 *   `STORAGE_NO_ACCESS`
 */
export function checkDatabaseFile(path: string): boolean {
  if (!existsSync(path)) return false
  const file = openFile(path)
  try {
    const stat = fstatSync(file)
    if (!stat.isFile()) throw corrupt(path, 'it is no file')
    const { size } = stat
    if (size === 0) throw corrupt(path, 'the file is empty')
    const first = readMeta(file, 0)
    const second = first && readMeta(file, first.pageSize)
    if (first === undefined || second === undefined) throw corrupt(path, 'it is no LMDB file')
    const newest = first.txnId >= second.txnId ? first : second
    const needed = (newest.lastPage + 1n) * BigInt(newest.pageSize)
    if (BigInt(size) < needed) throw corrupt(path, `${size} of ${needed} bytes are left`)
    return true
  } finally {
    closeSync(file)
  }
}

function openFile(path: string): number {
  try {
    return openSync(path, 'r')
  } catch (cause) {
    throw cannotOpen(path, cause)
  }
}

function readMeta(file: number, position: number): Meta | undefined {
  const page = Buffer.alloc(PAGE_HEADER_SIZE + META_SIZE)
  if (readSync(file, page, 0, page.length, position) < page.length) return undefined
  const meta = page.subarray(PAGE_HEADER_SIZE)
  if (meta.readUInt32LE(offsets.magic) !== MAGIC) return undefined
  const pageSize = meta.readUInt32LE(offsets.pageSize)
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) return undefined
  return {
    pageSize,
    lastPage: meta.readBigUInt64LE(offsets.lastPage),
    txnId: meta.readBigUInt64LE(offsets.txnId),
  }
}
