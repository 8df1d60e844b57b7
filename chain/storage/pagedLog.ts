import { assert } from '../primitives/assert.ts'
import { corrupt } from './errors.ts'
import { join, numberKey } from './records.ts'
import type { Table } from './tables.ts'

/**
 * Bytes of one page of the log. LMDB keeps a long value on pages of its own, 4 KiB each, and puts
 * 24 bytes before it: so a page of the log fills four of them to the last byte. Twice as much
 * costs reading more than it spares writing.
 */
export const NODE_PAGE_SIZE = 4 * 4_096 - 24

/** A record begins with the size of its rest, most significant byte first. */
const SIZE_BYTES = 2

/**
 * The trie nodes of all states, one after another: a log that only grows. A record is found by its
 * position, the count of bytes before it, and may lie on several pages. What the bytes mean is the
 * business of whoever wrote them.
 */
export type PagedLog = {
  /** Position of the next record. */
  end(): number
  /** Pages that hold `bytes` behind the end; nothing is changed. */
  extend(bytes: Uint8Array): Extension
  /** An extension was written: its end is the end. */
  accept(extension: Extension): void
  /**
   * The record at `position`, as a copy, without its size.
   * @throws StorageError `STORAGE_CORRUPT` when there is none.
   */
  read(position: number): Uint8Array
}

/** What a block adds to the log. */
export type Extension = {
  readonly end: number
  /** Put these; the first may replace the page that was last. */
  readonly pages: readonly { readonly key: Uint8Array; readonly value: Uint8Array }[]
  /** What is on the last page, unless it is full. */
  readonly tail: Uint8Array
}

/** The log in `table`, which ends at `end`. @throws StorageError `STORAGE_CORRUPT` */
export function openPagedLog(table: Table, path: string, end: number): PagedLog {
  let state = { end, tail: readTail(table, path, end) }

  const readPage = (index: number): Uint8Array => {
    let page: Uint8Array | undefined
    try {
      page = table.getBinaryFast(numberKey(index))
    } catch (cause) {
      throw corrupt(path, `page ${index} of the state cannot be read`, cause)
    }
    if (page === undefined) throw corrupt(path, `page ${index} of the state is missing`)
    // LMDB's own buffer, good until its next read: whoever calls copies out of it. It is longer
    // than its `length` says.
    return new Uint8Array(page.buffer, page.byteOffset, page.length)
  }
  /** Copies as many bytes as `out` has room for, from `position` on. */
  const fill = (out: Uint8Array, position: number): void => {
    for (let filled = 0; filled < out.length; ) {
      const index = Math.floor((position + filled) / NODE_PAGE_SIZE)
      const from = position + filled - index * NODE_PAGE_SIZE
      const part = readPage(index).subarray(from, from + out.length - filled)
      if (part.length === 0) throw corrupt(path, `page ${index} of the state is cut short`)
      out.set(part, filled)
      filled += part.length
    }
  }
  return {
    end: () => state.end,
    extend(bytes) {
      const index = Math.floor(state.end / NODE_PAGE_SIZE)
      const room = NODE_PAGE_SIZE - state.tail.length
      const values = bytes.length === 0 ? [] : [join(state.tail, bytes.subarray(0, room))]
      for (let from = room; from < bytes.length; from += NODE_PAGE_SIZE) {
        values.push(bytes.subarray(from, from + NODE_PAGE_SIZE))
      }
      const end = state.end + bytes.length
      const last = values.at(-1) ?? state.tail
      // A copy, or a few bytes would keep all of the block's alive.
      const tail = end % NODE_PAGE_SIZE === 0 ? new Uint8Array() : last.slice()
      const pages = values.map((value, at) => ({ key: numberKey(index + at), value }))
      return { end, pages, tail }
    },
    accept(extension) {
      state = { end: extension.end, tail: extension.tail }
    },
    read(position) {
      assert(Number.isSafeInteger(position) && position >= 0, 'a position is a whole number')
      const start = position + SIZE_BYTES
      if (start > state.end) throw missing(path, position)
      const index = Math.floor(position / NODE_PAGE_SIZE)
      const from = position - index * NODE_PAGE_SIZE
      const page = readPage(index)
      const size = sizeAt(page, from)
      if (size !== undefined && from + SIZE_BYTES + size <= page.length) {
        if (start + size > state.end) throw missing(path, position)
        return page.slice(from + SIZE_BYTES, from + SIZE_BYTES + size)
      }
      const sizeBytes = new Uint8Array(SIZE_BYTES)
      fill(sizeBytes, position)
      const out = new Uint8Array(sizeAt(sizeBytes, 0) ?? 0)
      if (start + out.length > state.end) throw missing(path, position)
      fill(out, start)
      return out
    },
  }
}

/** Size that stands at `from`; undefined when it is cut. */
function sizeAt(bytes: Uint8Array, from: number): number | undefined {
  const high = bytes[from]
  const low = bytes[from + 1]
  return high === undefined || low === undefined ? undefined : high * 256 + low
}

function readTail(table: Table, path: string, end: number): Uint8Array {
  const index = Math.floor(end / NODE_PAGE_SIZE)
  const size = end - index * NODE_PAGE_SIZE
  if (size === 0) return new Uint8Array()
  const page = table.get(numberKey(index))
  if (page === undefined || page.length < size) {
    throw corrupt(path, `page ${index} of the state is missing or cut short`)
  }
  return new Uint8Array(page.subarray(0, size))
}

function missing(path: string, position: number) {
  return corrupt(path, `there is no state node at ${position}`)
}
