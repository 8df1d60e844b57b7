import { equalsBytes } from '@ethereumjs/util'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'
import { corruptNode } from './errors.ts'
import { EMPTY_CODE_HASH, refOf, rootHash } from './nodeHash.ts'
import {
  ACCOUNT,
  type AccountLeaf,
  BRANCH,
  type Branch,
  type Child,
  createAccountLeaf,
  createBranch,
  createExtension,
  createSlotLeaf,
  createStub,
  EXTENSION,
  type Extension,
  NOWHERE,
  type Node,
  SLOT,
  type SlotLeaf,
  STUB,
  type Stub,
} from './nodes.ts'

/**
 * The log of nodes: each as size(2) ‖ kind(1) ‖ fields, behind the nodes below it. Numbers are
 * most significant byte first. A child is ref size(1) ‖ ref ‖ position(6).
 *
 * branch: mask(2) ‖ children · extension: nibble count(1) ‖ nibbles ‖ child ·
 * account: key(32) ‖ nonce size(1) ‖ nonce ‖ balance size(1) ‖ balance ‖ has storage(1) [child] ‖
 * has code(1) [hash(32)] · slot: key(32) ‖ value.
 */
export type NodeLog = {
  /** What lies at a position, without its size. */
  nodeAt(position: number): Uint8Array
}

/** The new nodes of a state, ready to be appended to the log. */
export type PlacedNodes = { readonly bytes: Uint8Array; readonly root: number }

/** What a block changes in the state. */
export type StatePatch = {
  readonly stateRoot: Hash
  /** New code by its hash. */
  readonly codes: ReadonlyMap<Hash, Uint8Array>
  /** The root of the state in memory. */
  readonly root: Child
  /** Addresses of the accounts that differ, where that is known. */
  readonly changed?: readonly Uint8Array[]
  /**
   * Gives every new node its position in a log that ends at `base`, and what to append to it. Only
   * under the commit that appends it: a position is a fact. The root of an empty state is -1.
   */
  place(base: number): PlacedNodes
}

/** Most bytes that a node takes in the log, with its size. */
export const LOGGED_NODE_SIZE_MAX = 3 + 2 + 16 * 39
/** A position has six bytes. */
const POSITION_MAX = 2 ** 48 - 1

/** What `codes` and the nodes under `root` change. */
export function createPatch(
  stateRoot: Hash,
  root: Child,
  codes: ReadonlyMap<Hash, Uint8Array>,
  changed?: readonly Uint8Array[],
): StatePatch {
  const patch = { stateRoot, codes, root, place: (base: number) => placeNodes(root, base) }
  return changed === undefined ? patch : { ...patch, changed }
}

function placeNodes(root: Child, base: number): PlacedNodes {
  const out = new LogWriter(base)
  if (root === undefined) return { bytes: new Uint8Array(), root: NOWHERE }
  const position = place(root, 0, out)
  return { bytes: out.bytes(), root: position }
}

/** Writes what is new at and under `node`, the lowest first, and tells where it lies. */
function place(node: Node | Stub, depth: number, out: LogWriter): number {
  if (node.position !== NOWHERE) return node.position
  switch (node.kind) {
    case BRANCH:
      for (const child of node.children) if (child !== undefined) place(child, depth + 1, out)
      break
    case EXTENSION:
      place(node.child, depth + node.path.length, out)
      break
    case ACCOUNT:
      if (node.storage !== undefined) place(node.storage, 0, out)
      break
    default:
  }
  assert(node.kind !== STUB, 'what is not in memory has a position')
  node.position = out.append(node, depth)
  return node.position
}

/** Grows the bytes that are to be appended. */
class LogWriter {
  readonly #base: number
  #bytes = new Uint8Array(1 << 16)
  #size = 0

  constructor(base: number) {
    this.#base = base
  }

  bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#size)
  }

  append(node: Node, depth: number): number {
    if (this.#bytes.length < this.#size + LOGGED_NODE_SIZE_MAX) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    const start = this.#size
    const position = this.#base + start
    assert(position <= POSITION_MAX, 'the log is shorter than 256 terabytes')
    this.#size += 2
    this.#byte(node.kind)
    switch (node.kind) {
      case BRANCH:
        this.#branch(node, depth)
        break
      case EXTENSION:
        this.#extension(node, depth)
        break
      case ACCOUNT:
        this.#account(node)
        break
      case SLOT:
        this.#put(node.key)
        this.#put(node.value)
        break
    }
    const size = this.#size - start - 2
    this.#bytes[start] = size >> 8
    this.#bytes[start + 1] = size & 255
    return position
  }

  #branch({ children }: Branch, depth: number): void {
    let mask = 0
    for (let i = 0; i < 16; i++) if (children[i] !== undefined) mask |= 1 << i
    this.#byte(mask >> 8)
    this.#byte(mask & 255)
    for (const child of children) {
      if (child !== undefined) this.#child(refOf(child, depth + 1), child.position)
    }
  }

  #extension({ path, child }: Extension, depth: number): void {
    this.#byte(path.length)
    this.#put(path)
    this.#child(refOf(child, depth + path.length), child.position)
  }

  #account({ key, nonce, balance, storage, codeHash }: AccountLeaf): void {
    this.#put(key)
    this.#number(nonce)
    this.#number(balance)
    this.#byte(storage === undefined ? 0 : 1)
    if (storage !== undefined) this.#child(rootHash(storage), storage.position)
    const hasCode = !isEmptyCode(codeHash)
    this.#byte(hasCode ? 1 : 0)
    if (hasCode) this.#put(codeHash)
  }

  #child(ref: Uint8Array, position: number): void {
    this.#byte(ref.length)
    this.#put(ref)
    // Six bytes: the upper two and the lower four.
    const high = Math.floor(position / 2 ** 32)
    const low = position % 2 ** 32
    this.#byte(high >> 8)
    this.#byte(high & 255)
    this.#byte(low >>> 24)
    this.#byte((low >>> 16) & 255)
    this.#byte((low >>> 8) & 255)
    this.#byte(low & 255)
  }

  #number(value: bigint): void {
    const at = this.#size++
    let size = 0
    let digits = 0n
    for (let rest = value; rest > 0n; rest >>= 8n) {
      digits = (digits << 8n) | (rest & 255n)
      size++
    }
    // `digits` now has the most significant byte lowest.
    for (let i = 0; i < size; i++) {
      this.#byte(Number(digits & 255n))
      digits >>= 8n
    }
    this.#bytes[at] = size
  }

  #byte(value: number): void {
    this.#bytes[this.#size++] = value
  }

  #put(bytes: Uint8Array): void {
    this.#bytes.set(bytes, this.#size)
    this.#size += bytes.length
  }
}

/**
 * Reads the node behind a stub at `depth` and checks that it is the one its parent means: LMDB has
 * no checksums, and of the state money is made.
 * @throws StateError `STATE_CORRUPT`
 */
export function readNode(log: NodeLog, stub: Stub, depth: number, used: number): Node {
  const { position } = stub
  const node = decodeNode(log.nodeAt(position), position, used)
  const found = stub.ref.length === 32 && depth === 0 ? rootHash(node) : refOf(node, depth)
  if (!equalsBytes(found, stub.ref)) throw corruptNode(position, 'it does not have its hash')
  return node
}

function decodeNode(bytes: Uint8Array, position: number, used: number): Node {
  const reader = new LogReader(bytes, position)
  const kind = reader.byte()
  const node = decodeKind(kind, reader, used)
  if (!reader.isAtEnd()) throw corruptNode(position, 'it is longer than its fields')
  node.position = position
  return node
}

function decodeKind(kind: number, reader: LogReader, used: number): Node {
  switch (kind) {
    case BRANCH: {
      const mask = (reader.byte() << 8) | reader.byte()
      const children: Child[] = []
      for (let i = 0; i < 16; i++) {
        children.push((mask & (1 << i)) === 0 ? undefined : reader.child())
      }
      return createBranch(children, 0, used)
    }
    case EXTENSION: {
      const path = reader.take(reader.byte())
      return createExtension(path, reader.child(), 0)
    }
    case ACCOUNT:
      return createAccountLeaf({
        key: reader.take(32),
        nonce: reader.number(),
        balance: reader.number(),
        storage: reader.byte() === 0 ? undefined : reader.child(),
        codeHash: reader.byte() === 0 ? EMPTY_CODE_HASH : reader.take(32),
      })
    case SLOT:
      return createSlotLeaf(reader.take(32), reader.rest()) satisfies SlotLeaf
    default:
      throw corruptNode(reader.position, `it is of kind ${kind}`)
  }
}

class LogReader {
  readonly position: number
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array, position: number) {
    this.#bytes = bytes
    this.position = position
  }

  isAtEnd(): boolean {
    return this.#at === this.#bytes.length
  }

  byte(): number {
    const byte = this.#bytes[this.#at++]
    if (byte === undefined) throw corruptNode(this.position, 'it ends too early')
    return byte
  }

  take(size: number): Uint8Array {
    const end = this.#at + size
    if (end > this.#bytes.length) throw corruptNode(this.position, 'it ends too early')
    const bytes = this.#bytes.slice(this.#at, end)
    this.#at = end
    return bytes
  }

  rest(): Uint8Array {
    return this.take(this.#bytes.length - this.#at)
  }

  number(): bigint {
    let value = 0n
    for (const byte of this.take(this.byte())) value = (value << 8n) | BigInt(byte)
    return value
  }

  child(): Stub {
    const ref = this.take(this.byte())
    let position = 0
    for (const byte of this.take(6)) position = position * 256 + byte
    return createStub(ref, position)
  }
}

function isEmptyCode(codeHash: Uint8Array): boolean {
  return codeHash === EMPTY_CODE_HASH || equalsBytes(codeHash, EMPTY_CODE_HASH)
}
