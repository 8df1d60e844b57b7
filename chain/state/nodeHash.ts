import { EMPTY_TRIE_ROOT } from '../codec/orderedTrie.ts'
import { keccak256 } from '../crypto/keccak.ts'
import { assert } from '../primitives/assert.ts'
import {
  ACCOUNT,
  type AccountLeaf,
  BRANCH,
  type Branch,
  type Child,
  EXTENSION,
  type Extension,
  KEY_NIBBLES,
  type Node,
  nibbleAt,
  SLOT,
  type SlotLeaf,
  STUB,
  type Stub,
} from './nodes.ts'

/** Size of a hash; a node whose RLP is shorter stands in its parent as it is. */
const HASH_SIZE = 32
/** Room for the largest node, a branch of sixteen hashes. */
const NODE_SIZE_MAX = 600

/** Code hash of an account without code. */
export const EMPTY_CODE_HASH: Uint8Array = keccak256(new Uint8Array())

const scratch = new Uint8Array(NODE_SIZE_MAX)
const numbers = new DataView(new ArrayBuffer(32))
const numberBytes = new Uint8Array(numbers.buffer)

/** Root hash of the trie below `root`. Every node without a `ref` gets one. */
export function rootHash(root: Child): Uint8Array {
  if (root === undefined) return EMPTY_TRIE_ROOT
  const ref = refOf(root, 0)
  return ref.length === HASH_SIZE ? ref : keccak256(ref)
}

/**
 * What the parent of a node at `depth` (nibbles from the root) holds of it.
 * PERF: one keccak per node without `ref`, about a microsecond with the encoding.
 */
export function refOf(node: Node | Stub, depth: number): Uint8Array {
  if (node.kind === STUB) return node.ref
  if (node.ref !== undefined) return node.ref
  const size = encodeNode(node, depth)
  const ref = size < HASH_SIZE ? scratch.slice(0, size) : keccak256(scratch.subarray(0, size))
  node.ref = ref
  return ref
}

/** RLP of a node, whatever its size. A fresh array. */
export function rlpOf(node: Node, depth: number): Uint8Array {
  const size = encodeNode(node, depth)
  return scratch.slice(0, size)
}

/** Writes a node's RLP to `scratch` and tells its size. */
function encodeNode(node: Node, depth: number): number {
  switch (node.kind) {
    case BRANCH:
      return encodeBranch(node, depth)
    case EXTENSION:
      return encodeExtension(node, depth)
    case ACCOUNT:
      return encodeAccount(node, depth)
    case SLOT:
      return encodeSlot(node, depth)
  }
}

function encodeBranch(node: Branch, depth: number): number {
  const { children } = node
  // Children first: they use the scratch too.
  for (const child of children) {
    if (child !== undefined && child.ref === undefined) refOf(child, depth + 1)
  }
  let at = 3
  for (let i = 0; i < 16; i++) {
    const child = children[i]
    if (child === undefined) {
      scratch[at++] = 0x80
      continue
    }
    at = writeRef(refOf(child, depth + 1), at)
  }
  scratch[at++] = 0x80
  return closeList(3, at)
}

function encodeExtension(node: Extension, depth: number): number {
  const { path, child } = node
  const ref = refOf(child, depth + path.length)
  const isOdd = (path.length & 1) === 1
  const size = (path.length >> 1) + 1
  let at = 3
  if (size > 1) scratch[at++] = 0x80 + size
  let next = 0
  scratch[at++] = isOdd ? 0x10 | byteOf(path, next++) : 0
  while (next < path.length) {
    scratch[at++] = (byteOf(path, next) << 4) | byteOf(path, next + 1)
    next += 2
  }
  at = writeRef(ref, at)
  return closeList(3, at)
}

function encodeAccount(node: AccountLeaf, depth: number): number {
  const storageRoot = rootHash(node.storage)
  let at = writeLeafPath(node.key, depth, 3)
  // The value is a string that holds a list of more than 55 bytes: two headers of two bytes each.
  const start = at
  at = writeNumber(node.nonce, start + 4)
  at = writeNumber(node.balance, at)
  at = writeBytes(storageRoot, at)
  at = writeBytes(node.codeHash, at)
  const body = at - start - 4
  assert(body > 55 && body < 254, 'an account takes 68 to 108 bytes')
  scratch[start] = 0xb8
  scratch[start + 1] = body + 2
  scratch[start + 2] = 0xf8
  scratch[start + 3] = body
  return closeList(3, at)
}

function encodeSlot(node: SlotLeaf, depth: number): number {
  const { key, value } = node
  let at = writeLeafPath(key, depth, 3)
  const first = byteOf(value, 0)
  if (value.length === 1 && first < 0x80) {
    scratch[at++] = first
    return closeList(3, at)
  }
  // RLP twice: the trie's value is the RLP of the slot's value.
  scratch[at++] = 0x80 + value.length + 1
  scratch[at++] = 0x80 + value.length
  scratch.set(value, at)
  return closeList(3, at + value.length)
}

/** Hex-prefix encoding of what `depth` leaves of a key, with the mark of a leaf. */
function writeLeafPath(key: Uint8Array, depth: number, start: number): number {
  const isOdd = (depth & 1) === 1
  const size = ((KEY_NIBBLES - depth) >> 1) + 1
  let at = start
  if (size > 1) scratch[at++] = 0x80 + size
  scratch[at++] = isOdd ? 0x30 | nibbleAt(key, depth) : 0x20
  for (let i = (depth + 1) >> 1; i < 32; i++) scratch[at++] = byteOf(key, i)
  return at
}

function writeRef(ref: Uint8Array, start: number): number {
  let at = start
  if (ref.length === HASH_SIZE) scratch[at++] = 0xa0
  for (let i = 0; i < ref.length; i++) scratch[at++] = byteOf(ref, i)
  return at
}

function writeBytes(bytes: Uint8Array, at: number): number {
  scratch[at] = 0x80 + bytes.length
  scratch.set(bytes, at + 1)
  return at + 1 + bytes.length
}

function writeNumber(value: bigint, at: number): number {
  if (value < 0x80n) {
    scratch[at] = value === 0n ? 0x80 : Number(value)
    return at + 1
  }
  const size = numberToBytes(value)
  scratch[at] = 0x80 + size
  for (let i = 0; i < size; i++) scratch[at + 1 + i] = byteOf(numberBytes, 32 - size + i)
  return at + 1 + size
}

/** Puts a number to the end of `numberBytes` and tells how many bytes it takes. */
function numberToBytes(value: bigint): number {
  numbers.setBigUint64(24, BigInt.asUintN(64, value))
  let rest = value >> 64n
  let low = 24
  while (rest > 0n) {
    low -= 8
    numbers.setBigUint64(low, BigInt.asUintN(64, rest))
    rest >>= 64n
  }
  while (numberBytes[low] === 0) low++
  return 32 - low
}

/** Puts the header before a list whose body is scratch[3..end), and moves it to the start. */
function closeList(from: number, end: number): number {
  const size = end - from
  if (size <= 55) {
    scratch[0] = 0xc0 + size
    scratch.copyWithin(1, from, end)
    return size + 1
  }
  if (size < 256) {
    scratch[0] = 0xf8
    scratch[1] = size
    scratch.copyWithin(2, from, end)
    return size + 2
  }
  scratch[0] = 0xf9
  scratch[1] = size >> 8
  scratch[2] = size & 255
  return end
}

function byteOf(bytes: Uint8Array, at: number): number {
  const byte = bytes[at]
  assert(byte !== undefined, 'an index lies within its bytes')
  return byte
}
