import { StorageError } from './errors.ts'

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

/** The same bytes as `encodeHeight`, for a whole number that is safe. */
export function numberKey(value: number): Uint8Array {
  const out = new Uint8Array(8)
  const view = new DataView(out.buffer)
  view.setUint32(0, Math.floor(value / 2 ** 32))
  view.setUint32(4, value % 2 ** 32)
  return out
}

/**
 * Undoes `numberKey` at `offset`.
 * @throws StorageError `STORAGE_BAD_RECORD` also when the number is not safe.
 */
export function decodeNumber(bytes: Uint8Array, offset = 0): number {
  if (bytes.length < offset + 8) throw badRecord('number')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const value = view.getUint32(offset) * 2 ** 32 + view.getUint32(offset + 4)
  if (!Number.isSafeInteger(value)) throw badRecord('number')
  return value
}

/** Two byte strings as one. */
export function join(first: Uint8Array, second: Uint8Array): Uint8Array {
  const out = new Uint8Array(first.length + second.length)
  out.set(first)
  out.set(second, first.length)
  return out
}

/** A record that cannot be read. */
export function badRecord(kind: string, cause?: unknown): StorageError {
  return new StorageError(
    { code: 'STORAGE_BAD_RECORD', kind },
    `The database holds a ${kind} record that this version cannot read.`,
    { cause },
  )
}
