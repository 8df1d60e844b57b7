/** Byte strings that lie in one array: no object for each. */
export type ByteTable = {
  readonly bytes: Uint8Array
  /** First byte and one past the last, for one after another: two numbers each. */
  readonly spans: Int32Array
}

/** How many byte strings a table has. */
export function tableCount({ spans }: ByteTable): number {
  return spans.length >> 1
}

/** The byte string at `index`, as a view; undefined when there is none. */
export function tableRow({ bytes, spans }: ByteTable, index: number): Uint8Array | undefined {
  const from = spans[2 * index]
  const to = spans[2 * index + 1]
  return from === undefined || to === undefined ? undefined : bytes.subarray(from, to)
}
