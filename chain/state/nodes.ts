import { assert } from '../primitives/assert.ts'

/**
 * Nodes of Merkle Patricia tries, of accounts and of an account's storage alike.
 *
 * A node belongs to every state that reaches it. It may be changed only in the generation that made
 * it; later ones copy it first. `ref` is what its parent holds of it: the Keccak-256 of its RLP, or
 * the RLP itself when that is shorter than 32 bytes. It is undefined until somebody asks.
 * `position` is where the node lies in the log, `NOWHERE` until it is written.
 *
 * @source Ethereum Yellow Paper, appendix D
 */
export type Node = Branch | Extension | AccountLeaf | SlotLeaf

/** What a place in the trie may hold; undefined is nothing. */
export type Child = Node | Stub | undefined

/** A node that is in the log and not in memory. */
export type Stub = {
  readonly kind: typeof STUB
  readonly ref: Uint8Array
  readonly position: number
}

export type Branch = {
  readonly kind: typeof BRANCH
  /** Sixteen. */
  readonly children: Child[]
  readonly generation: number
  ref: Uint8Array | undefined
  position: number
  /** Clock of the last visit. */
  used: number
}

export type Extension = {
  readonly kind: typeof EXTENSION
  /** Nibbles, one per byte. */
  readonly path: Uint8Array
  child: Node | Stub
  readonly generation: number
  ref: Uint8Array | undefined
  position: number
}

export type AccountLeaf = {
  readonly kind: typeof ACCOUNT
  /** Keccak-256 of the address. */
  readonly key: Uint8Array
  readonly nonce: bigint
  readonly balance: bigint
  /** Root of the account's storage. */
  storage: Child
  readonly codeHash: Uint8Array
  ref: Uint8Array | undefined
  position: number
  used: number
}

export type SlotLeaf = {
  readonly kind: typeof SLOT
  /** Keccak-256 of the slot. */
  readonly key: Uint8Array
  /** Without leading zeros, never empty. */
  readonly value: Uint8Array
  ref: Uint8Array | undefined
  position: number
  used: number
}

export const STUB = 0
export const BRANCH = 1
export const EXTENSION = 2
export const ACCOUNT = 3
export const SLOT = 4

/** Position of a node that is not in the log yet. */
export const NOWHERE = -1
/** Nibbles of a key. */
export const KEY_NIBBLES = 64

export function createStub(ref: Uint8Array, position: number): Stub {
  return { kind: STUB, ref, position }
}

export function createBranch(children: Child[], generation: number, used: number): Branch {
  return { kind: BRANCH, children, generation, ref: undefined, position: NOWHERE, used }
}

export function createExtension(
  path: Uint8Array,
  child: Node | Stub,
  generation: number,
): Extension {
  return { kind: EXTENSION, path, child, generation, ref: undefined, position: NOWHERE }
}

export function createAccountLeaf(
  account: Pick<AccountLeaf, 'key' | 'nonce' | 'balance' | 'storage' | 'codeHash'>,
): AccountLeaf {
  const { key, nonce, balance, storage, codeHash } = account
  return {
    kind: ACCOUNT,
    key,
    nonce,
    balance,
    storage,
    codeHash,
    ref: undefined,
    position: NOWHERE,
    used: 0,
  }
}

export function createSlotLeaf(key: Uint8Array, value: Uint8Array): SlotLeaf {
  return { kind: SLOT, key, value, ref: undefined, position: NOWHERE, used: 0 }
}

/** The same leaf at another depth: what its parent holds of it differs, what is stored does not. */
export function moveLeaf<T extends AccountLeaf | SlotLeaf>(leaf: T): T {
  return { ...leaf, ref: undefined }
}

/** Nibble `at` of a key, the high half of a byte first. */
export function nibbleAt(key: Uint8Array, at: number): number {
  const byte = key[at >> 1]
  assert(byte !== undefined, 'a key has 64 nibbles')
  return (at & 1) === 0 ? byte >> 4 : byte & 15
}

/** Whether two keys of 32 bytes are the same. */
export function isSameKey(a: Uint8Array, b: Uint8Array): boolean {
  if (a === b) return true
  for (let i = 31; i >= 0; i--) if (a[i] !== b[i]) return false
  return true
}
