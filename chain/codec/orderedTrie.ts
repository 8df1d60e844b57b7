import { keccak256 } from '../crypto/keccak.ts'
import { assert } from '../primitives/assert.ts'
import { copyBytes } from './bytes.ts'
import { headerSize, RLP_LIST, RLP_STRING, writeHeader } from './rlp.ts'
import type { ByteTable } from './table.ts'

/** A list whose items are written where they are needed, so that none has to be an object. */
export type OrderedItems = {
  readonly count: number
  /** Bytes of an item; at least one. */
  size(index: number): number
  /** Writes an item; one past the last byte written. */
  write(index: number, target: Uint8Array, at: number): number
}

/** Keys have at most four bytes. */
const COUNT_MAX = 1 << 24
const HASH_SIZE = 32
/** A branch: 16 references of 33 bytes, an empty value, and a header of at most three. */
const BRANCH_SIZE_MAX = 3 + 16 * (1 + HASH_SIZE) + 1
/** Bytes of a leaf beside its value: three headers and the path. */
const LEAF_EXTRA_SIZE = 24

/** Root of the trie without items: the hash of an empty string. */
export const EMPTY_TRIE_ROOT: Uint8Array = keccak256(Uint8Array.of(RLP_STRING))

/** What is under way: the node written last, and room for those around it. */
type Work = {
  readonly items: OrderedItems
  /** One branch per depth; a branch is finished before the next of its depth begins. */
  readonly branches: Uint8Array[]
  readonly extension: Uint8Array
  leaf: Uint8Array
  /** The node written last: `node[from, to)`. */
  node: Uint8Array
  from: number
  to: number
}

/**
 * Root of the Merkle trie that maps rlp(index) to each item: the transactions root and the receipts
 * root of a block. Walks the keys in their order once and hashes each node once; no node is kept.
 *
 * @source Ethereum Yellow Paper, appendix D
 */
export function orderedTrieRoot(items: OrderedItems): Uint8Array {
  const { count } = items
  assert(count <= COUNT_MAX, 'an ordered trie has at most 2^24 items')
  if (count === 0) return EMPTY_TRIE_ROOT
  const leaf = new Uint8Array(512)
  const extension = new Uint8Array(LEAF_EXTRA_SIZE + HASH_SIZE)
  const work: Work = { items, branches: [], extension, leaf, node: leaf, from: 0, to: 0 }
  writeNode(work, 0, count, 0)
  return keccak256(work.node.subarray(work.from, work.to))
}

/** The rows of a table as items. */
export function tableItems({ bytes, spans }: ByteTable): OrderedItems {
  const from = (index: number): number => spans[2 * index] ?? 0
  const to = (index: number): number => spans[2 * index + 1] ?? 0
  return {
    count: spans.length >> 1,
    size: (index) => to(index) - from(index),
    write: (index, target, at) => copyBytes(bytes, from(index), to(index), target, at),
  }
}

/** Separate arrays as items. */
export function arrayItems(arrays: readonly Uint8Array[]): OrderedItems {
  const item = (index: number): Uint8Array => {
    const bytes = arrays[index]
    assert(bytes !== undefined, 'an ordered trie asks for items that there are')
    return bytes
  }
  return {
    count: arrays.length,
    size: (index) => item(index).length,
    write: (index, target, at) => copyBytes(item(index), 0, item(index).length, target, at),
  }
}

/* NODES */

/** Writes the node over the keys at places `[low, high)`, whose first `depth` nibbles agree. */
function writeNode(work: Work, low: number, high: number, depth: number): void {
  const { count } = work.items
  const first = indexAt(low, count)
  if (high - low === 1) {
    writeLeaf(work, first, depth)
    return
  }
  const last = indexAt(high - 1, count)
  let fork = depth
  while (nibbleOf(first, fork) === nibbleOf(last, fork)) fork++
  writeBranch(work, low, high, fork)
  if (fork > depth) writeExtension(work, first, depth, fork)
}

function writeBranch(work: Work, low: number, high: number, depth: number): void {
  const { count } = work.items
  work.branches[depth] ??= new Uint8Array(BRANCH_SIZE_MAX)
  const branch = work.branches[depth]
  let at = 3
  let from = low
  for (let nibble = 0; nibble < 16; nibble++) {
    let to = from
    while (to < high && nibbleOf(indexAt(to, count), depth) === nibble) to++
    if (to === from) {
      branch[at++] = RLP_STRING
    } else {
      writeNode(work, from, to, depth + 1)
      at = writeReference(work, branch, at)
    }
    from = to
  }
  // No key is the beginning of another, so no branch has a value.
  branch[at++] = RLP_STRING
  finishList(work, branch, 3, at)
}

function writeExtension(work: Work, index: number, depth: number, fork: number): void {
  const { extension } = work
  // What it points to lies in a buffer of its own, never in this one.
  const at = writeReference(work, extension, writePath(extension, 3, { index, depth, end: fork }))
  finishList(work, extension, 3, at)
}

function writeLeaf(work: Work, index: number, depth: number): void {
  const size = work.items.size(index)
  assert(size > 0, 'an ordered trie has no empty items')
  if (work.leaf.length < size + LEAF_EXTRA_SIZE) {
    work.leaf = new Uint8Array(2 * (size + LEAF_EXTRA_SIZE))
  }
  const { leaf } = work
  const start = 5 // the header of a list has at most five bytes
  const path = { index, depth, end: keySize(index), isLeaf: true }
  let at = writePath(leaf, start, path)
  if (size > 1) at = writeHeader(RLP_STRING, size, leaf, at)
  const end = work.items.write(index, leaf, at)
  assert(end - at === size, 'an item is as long as it says')
  if (size === 1 && (leaf[at] ?? 0) >= RLP_STRING) {
    leaf[at + 1] = leaf[at] ?? 0
    leaf[at] = RLP_STRING + 1
    finishList(work, leaf, start, end + 1)
  } else {
    finishList(work, leaf, start, end)
  }
}

/** Puts the header of a list before `buffer[start, end)` and makes that the node written last. */
function finishList(work: Work, buffer: Uint8Array, start: number, end: number): void {
  const from = start - headerSize(end - start)
  writeHeader(RLP_LIST, end - start, buffer, from)
  work.node = buffer
  work.from = from
  work.to = end
}

/** Writes what a parent holds of the node written last: the node itself when it is short. */
function writeReference(work: Work, target: Uint8Array, at: number): number {
  const { node, from, to } = work
  if (to - from < HASH_SIZE) return copyBytes(node, from, to, target, at)
  const hash = keccak256(node.subarray(from, to))
  target[at] = RLP_STRING + HASH_SIZE
  return copyBytes(hash, 0, HASH_SIZE, target, at + 1)
}

/** Writes the nibbles from `depth` to `end` of a key in hex-prefix form, as a string. */
function writePath(
  target: Uint8Array,
  at: number,
  path: {
    readonly index: number
    readonly depth: number
    readonly end: number
    readonly isLeaf?: boolean
  },
): number {
  const { index, depth, end, isLeaf = false } = path
  const isOdd = (end - depth) % 2 === 1
  const size = 1 + ((end - depth) >> 1)
  let next = size === 1 ? at : writeHeader(RLP_STRING, size, target, at)
  const flags = (isLeaf ? 2 : 0) + (isOdd ? 1 : 0)
  target[next++] = 16 * flags + (isOdd ? nibbleOf(index, depth) : 0)
  for (let i = isOdd ? depth + 1 : depth; i < end; i += 2) {
    target[next++] = 16 * nibbleOf(index, i) + nibbleOf(index, i + 1)
  }
  return next
}

/* KEYS */

/** Index of the item whose key is at `place` in the order of keys: 1 to 127, 0, 128 and on. */
function indexAt(place: number, count: number): number {
  if (place >= 128) return place
  return place === (count < 128 ? count : 128) - 1 ? 0 : place + 1
}

/** Nibbles of rlp(index). */
function keySize(index: number): number {
  if (index < 0x80) return 2
  if (index < 0x100) return 4
  return index < 0x10000 ? 6 : 8
}

/** Nibble `at` of rlp(index). */
function nibbleOf(index: number, at: number): number {
  return (keyOf(index) >> (4 * (keySize(index) - 1 - at))) & 15
}

/** rlp(index) as a number. */
function keyOf(index: number): number {
  if (index < 0x80) return index === 0 ? 0x80 : index
  if (index < 0x100) return 0x8100 | index
  return index < 0x10000 ? 0x820000 | index : 0x83000000 | index
}
