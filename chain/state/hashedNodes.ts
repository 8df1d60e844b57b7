import { type NestedUint8Array, RLP } from '@ethereumjs/rlp'
import { bytesToBigInt, bytesToUnprefixedHex, hexToBytes } from '@ethereumjs/util'
import { EMPTY_TRIE_ROOT } from '../codec/orderedTrie.ts'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'
import { rlpOf, rootHash } from './nodeHash.ts'
import { createPatch, readNode, type StatePatch } from './nodeLog.ts'
import {
  ACCOUNT,
  BRANCH,
  type Child,
  createAccountLeaf,
  createBranch,
  createExtension,
  createSlotLeaf,
  EXTENSION,
  KEY_NIBBLES,
  type Node,
  SLOT,
  STUB,
  type Stub,
} from './nodes.ts'
import type { StateSource } from './stateSource.ts'

/**
 * The nodes of one state by their hash, as a stock trie asks for them. A trie asks for a node only
 * after the one above it, so what has been given tells where what comes next lies in the log.
 */
export type HashedNodes = {
  /** RLP of a node by its hash in hex without prefix. */
  node(hash: string): Uint8Array | undefined
  /** What new nodes, by hash in hex without prefix, make of this state. */
  patch(
    stateRoot: Hash,
    written: ReadonlyMap<string, Uint8Array>,
    codes: ReadonlyMap<Hash, Uint8Array>,
  ): StatePatch
}

type Place = { readonly child: Node | Stub; readonly depth: number }

const EMPTY_ROOT_HEX = bytesToUnprefixedHex(EMPTY_TRIE_ROOT)

/** The nodes of the state under `root`. */
export function createHashedNodes(source: StateSource, root: Child): HashedNodes {
  const places = new Map<string, Place>()
  const know = (child: Child, depth: number): void => {
    if (child === undefined) return
    const ref = depth === 0 ? rootHash(child) : child.ref
    // A node that stands inside its parent has nothing below that a hash names.
    if (ref?.length === 32) places.set(bytesToUnprefixedHex(ref), { child, depth })
  }
  const knowBelow = (node: Node, depth: number): void => {
    switch (node.kind) {
      case BRANCH:
        for (const child of node.children) know(child, depth + 1)
        break
      case EXTENSION:
        know(node.child, depth + node.path.length)
        break
      case ACCOUNT:
        know(node.storage, 0)
        break
      case SLOT:
        break
    }
  }
  know(root, 0)
  return {
    node(hash) {
      const place = places.get(hash)
      if (place === undefined) return undefined
      const { child, depth } = place
      const node = child.kind === STUB ? readNode(source, child, depth, 0) : child
      const rlp = rlpOf(node, depth)
      knowBelow(node, depth)
      return rlp
    },
    patch(stateRoot, written, codes) {
      const made = new NodesOfRlp(written, places)
      return createPatch(stateRoot, made.root(stateRoot.slice(2), true), codes)
    },
  }
}

/** Makes nodes of the RLP that a stock trie has written. */
class NodesOfRlp {
  readonly #written: ReadonlyMap<string, Uint8Array>
  readonly #known: ReadonlyMap<string, Place>

  constructor(written: ReadonlyMap<string, Uint8Array>, known: ReadonlyMap<string, Place>) {
    this.#written = written
    this.#known = known
  }

  root(hash: string, isAccounts: boolean): Child {
    if (hash === EMPTY_ROOT_HEX) return undefined
    return this.#byHash(hash, [], isAccounts)
  }

  #byHash(hash: string, path: readonly number[], isAccounts: boolean): Node | Stub {
    const rlp = this.#written.get(hash)
    if (rlp !== undefined) return this.#node(RLP.decode(rlp), path, isAccounts)
    const place = this.#known.get(hash)
    assert(place !== undefined, 'what was not written was read before')
    return place.child
  }

  #child(
    item: Uint8Array | NestedUint8Array,
    path: readonly number[],
    isAccounts: boolean,
  ): Node | Stub | undefined {
    if (!(item instanceof Uint8Array)) return this.#node(item, path, isAccounts)
    if (item.length === 0) return undefined
    return this.#byHash(bytesToUnprefixedHex(item), path, isAccounts)
  }

  #node(item: Uint8Array | NestedUint8Array, path: readonly number[], isAccounts: boolean): Node {
    assert(!(item instanceof Uint8Array), 'a node is a list')
    if (item.length === 17) {
      const children = item
        .slice(0, 16)
        .map((child, nibble) => this.#child(child, [...path, nibble], isAccounts))
      return createBranch(children, 0, 0)
    }
    const [encoded, value] = item
    assert(encoded instanceof Uint8Array && value !== undefined, 'a short node has a path')
    const { nibbles, isLeaf } = pathOf(encoded)
    const below = [...path, ...nibbles]
    if (!isLeaf) {
      const child = this.#child(value, below, isAccounts)
      assert(child !== undefined, 'an extension leads to a branch')
      return createExtension(Uint8Array.from(nibbles), child, 0)
    }
    assert(value instanceof Uint8Array, 'a leaf holds a string')
    const key = keyOf(below)
    return isAccounts ? this.#account(key, value) : createSlotLeaf(key, stringOf(value))
  }

  #account(key: Uint8Array, rlp: Uint8Array): Node {
    const fields = RLP.decode(rlp)
    const [nonce, balance, storageRoot, codeHash] = Array.isArray(fields) ? fields : []
    assert(
      nonce instanceof Uint8Array &&
        balance instanceof Uint8Array &&
        storageRoot instanceof Uint8Array &&
        codeHash instanceof Uint8Array,
      'an account has four fields',
    )
    return createAccountLeaf({
      key,
      nonce: bytesToBigInt(nonce),
      balance: bytesToBigInt(balance),
      storage: this.root(bytesToUnprefixedHex(storageRoot), false),
      codeHash,
    })
  }
}

/** Undoes the hex-prefix encoding. */
function pathOf(encoded: Uint8Array): {
  readonly nibbles: readonly number[]
  readonly isLeaf: boolean
} {
  const [first = 0] = encoded
  const nibbles = [...encoded].flatMap((byte) => [byte >> 4, byte & 15])
  return { nibbles: nibbles.slice((first & 0x10) === 0 ? 2 : 1), isLeaf: (first & 0x20) !== 0 }
}

function keyOf(nibbles: readonly number[]): Uint8Array {
  assert(nibbles.length === KEY_NIBBLES, 'a leaf ends a key')
  return hexToBytes(`0x${nibbles.map((nibble) => nibble.toString(16)).join('')}`)
}

function stringOf(rlp: Uint8Array): Uint8Array {
  const value = RLP.decode(rlp)
  assert(value instanceof Uint8Array, 'a slot holds a string')
  return value
}
