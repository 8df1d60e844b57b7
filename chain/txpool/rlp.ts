/** One RLP item, with where it lies in the bytes it was read from. */
export type RlpItem = {
  /** First byte of the header. */
  readonly start: number
  /** One past the last byte. */
  readonly end: number
  /** What a string holds; for a list, its encoded body. */
  readonly payload: Uint8Array
  /** Present on lists. */
  readonly items?: readonly RlpItem[]
}

/** An access list is a list of pairs with a list of keys: deeper nesting is no transaction. */
const DEPTH_MAX = 4

/** Thrown inside this folder when bytes are not canonical RLP. */
export class RlpFault extends Error {}

/**
 * Reads exactly one RLP item that fills `bytes`, strictly: shortest length forms only.
 *
 * @source Ethereum Yellow Paper, appendix B
 * @throws RlpFault when the bytes are not canonical.
 */
export function readRlp(bytes: Uint8Array): RlpItem {
  const item = readItem(bytes, 0, bytes.length, 0)
  if (item.end !== bytes.length) throw new RlpFault('bytes after the end')
  return item
}

/** Encodes the header of a list whose body has `size` bytes. */
export function encodeListHeader(size: number): Uint8Array {
  if (size <= 55) return Uint8Array.of(0xc0 + size)
  const length: number[] = []
  for (let rest = size; rest > 0; rest = Math.floor(rest / 256)) length.unshift(rest % 256)
  return Uint8Array.of(0xf7 + length.length, ...length)
}

/** Encodes an unsigned integer as an RLP string. */
export function encodeUint(value: bigint): Uint8Array {
  if (value === 0n) return Uint8Array.of(0x80)
  const bytes: number[] = []
  for (let rest = value; rest > 0n; rest >>= 8n) bytes.unshift(Number(rest & 0xffn))
  const first = bytes[0] ?? 0
  if (bytes.length === 1 && first < 0x80) return Uint8Array.of(first)
  return Uint8Array.of(0x80 + bytes.length, ...bytes)
}

function readItem(bytes: Uint8Array, start: number, limit: number, depth: number): RlpItem {
  if (depth > DEPTH_MAX) throw new RlpFault('nested too deeply')
  const first = bytes[start]
  if (first === undefined || start >= limit) throw new RlpFault('bytes end too early')
  if (first < 0x80) return { start, end: start + 1, payload: bytes.subarray(start, start + 1) }

  const isList = first >= 0xc0
  const base = isList ? 0xc0 : 0x80
  const short = first - base
  const head = short <= 55 ? 1 : 1 + short - 55
  const size = short <= 55 ? short : readLength(bytes, start + 1, short - 55, limit)
  const from = start + head
  const end = from + size
  if (end > limit) throw new RlpFault('bytes end too early')

  const payload = bytes.subarray(from, end)
  if (isList) return { start, end, payload, items: readItems(bytes, from, end, depth + 1) }
  if (size === 1 && (payload[0] ?? 0) < 0x80) throw new RlpFault('a small byte has a header')
  return { start, end, payload }
}

function readItems(bytes: Uint8Array, from: number, end: number, depth: number): RlpItem[] {
  const items: RlpItem[] = []
  for (let at = from; at < end; ) {
    const item = readItem(bytes, at, end, depth)
    items.push(item)
    at = item.end
  }
  return items
}

function readLength(bytes: Uint8Array, at: number, count: number, limit: number): number {
  if (at + count > limit) throw new RlpFault('bytes end too early')
  if (count > 4) throw new RlpFault('length too long')
  let size = 0
  for (let i = 0; i < count; i++) size = size * 256 + (bytes[at + i] ?? 0)
  if (bytes[at] === 0 || size <= 55) throw new RlpFault('length is not in its shortest form')
  return size
}
