import { type NestedUint8Array, RLP } from '@ethereumjs/rlp'
import {
  type BatchDBOp,
  bytesToUnprefixedHex,
  type DB,
  equalsBytes,
  KECCAK256_NULL,
} from '@ethereumjs/util'
import type { Hash } from '../primitives/hex.ts'
import type { HashedNodes } from '../state/hashedNodes.ts'
import type { StatePatch } from '../state/nodeLog.ts'

/** Database keys of code are prefixed, so that code `0x80` is not the empty trie. */
const CODE_PREFIX = '63'
const HASH_DIGITS = 64

/**
 * The database that one block's tries write to: new nodes stay in memory over the saved ones.
 * Nodes are named by their hash, so nothing is ever overwritten or removed.
 */
export class StateOverlay implements DB<string, Uint8Array> {
  readonly #nodes: HashedNodes
  readonly #readCode: (codeHash: Hash) => Uint8Array | undefined
  readonly #written = new Map<string, Uint8Array>()
  readonly #saved = new Map<string, Uint8Array>()

  constructor(nodes: HashedNodes, readCode: (codeHash: Hash) => Uint8Array | undefined) {
    this.#nodes = nodes
    this.#readCode = readCode
  }

  /** A node or code, new or saved. */
  #read(key: string): Uint8Array | undefined {
    const known = this.#written.get(key) ?? this.#saved.get(key)
    if (known !== undefined) return known
    const isCode = key.length > HASH_DIGITS
    const found = isCode
      ? this.#readCode(`0x${key.slice(CODE_PREFIX.length)}`)
      : this.#nodes.node(key)
    if (found !== undefined) this.#saved.set(key, found)
    return found
  }

  async get(key: string): Promise<Uint8Array | undefined> {
    return this.#read(key)
  }

  async put(key: string, value: Uint8Array): Promise<void> {
    if (!this.#saved.has(key)) this.#written.set(key, value)
  }

  async del(): Promise<void> {}

  async batch(ops: BatchDBOp<string, Uint8Array>[]): Promise<void> {
    for (const op of ops) if (op.type === 'put') await this.put(op.key, op.value)
  }

  /** Storage tries share what the account trie wrote. */
  shallowCopy(): DB<string, Uint8Array> {
    return this
  }

  async open(): Promise<void> {}

  /**
   * What the state `stateRoot` has that the one before it has not. Tries write each intermediate
   * form of a path; only what the final root reaches is worth keeping.
   */
  patch(stateRoot: Hash): StatePatch {
    const reached = new Map<string, Uint8Array>()
    this.#collect(stateRoot.slice(2), 'accounts', reached)
    const codes = new Map<Hash, Uint8Array>()
    for (const [key, value] of reached) {
      if (key.length > HASH_DIGITS) codes.set(`0x${key.slice(CODE_PREFIX.length)}`, value)
    }
    return this.#nodes.patch(stateRoot, reached, codes)
  }

  #collect(key: string, trie: 'accounts' | 'slots', out: Map<string, Uint8Array>): void {
    const node = this.#written.get(key)
    // A saved node's children are saved with it.
    if (node === undefined || out.has(key)) return
    out.set(key, node)
    this.#collectItem(RLP.decode(node), trie, out)
  }

  #collectItem(
    item: Uint8Array | NestedUint8Array,
    trie: 'accounts' | 'slots',
    out: Map<string, Uint8Array>,
  ): void {
    if (item instanceof Uint8Array) return
    if (item.length === 17) {
      for (const child of item.slice(0, 16)) this.#collectChild(child, trie, out)
      return
    }
    const [path, value] = item
    if (!(path instanceof Uint8Array) || value === undefined) return
    // Hex-prefix encoding: 2 or 3 in the first nibble marks a leaf.
    const isLeaf = ((path[0] ?? 0) & 0x20) !== 0
    if (!isLeaf) this.#collectChild(value, trie, out)
    else if (trie === 'accounts' && value instanceof Uint8Array) this.#collectAccount(value, out)
  }

  #collectChild(
    child: Uint8Array | NestedUint8Array,
    trie: 'accounts' | 'slots',
    out: Map<string, Uint8Array>,
  ): void {
    // Nodes shorter than a hash stand inside their parent.
    if (!(child instanceof Uint8Array)) this.#collectItem(child, trie, out)
    else if (child.length === 32) this.#collect(bytesToUnprefixedHex(child), trie, out)
  }

  #collectAccount(rlp: Uint8Array, out: Map<string, Uint8Array>): void {
    const fields = RLP.decode(rlp)
    if (fields instanceof Uint8Array) return
    const [, , storageRoot, codeHash] = fields
    if (!(storageRoot instanceof Uint8Array) || !(codeHash instanceof Uint8Array)) return
    this.#collect(bytesToUnprefixedHex(storageRoot), 'slots', out)
    if (equalsBytes(codeHash, KECCAK256_NULL)) return
    const key = CODE_PREFIX + bytesToUnprefixedHex(codeHash)
    const code = this.#written.get(key)
    if (code !== undefined) out.set(key, code)
  }
}
