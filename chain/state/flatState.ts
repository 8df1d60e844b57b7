import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, type Address, bytesToHex, equalsBytes } from '@ethereumjs/util'
import { EMPTY_TRIE_ROOT } from '../codec/orderedTrie.ts'
import { keccak256 } from '../crypto/keccak.ts'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import { missingCode } from './errors.ts'
import { EMPTY_CODE_HASH, rootHash } from './nodeHash.ts'
import { createPatch, type StatePatch } from './nodeLog.ts'
import {
  ACCOUNT,
  type AccountLeaf,
  type Child,
  createAccountLeaf,
  createSlotLeaf,
  SLOT,
} from './nodes.ts'
import type { StateTree } from './stateTree.ts'
import { deleteLeaf, findLeaf, putLeaf, type TrieContext } from './trie.ts'

/** An account as the state has it now. */
export type Entry = {
  readonly address: Uint8Array
  /** Keccak-256 of the address. */
  readonly key: Uint8Array
  /** As it was when the state was opened. */
  readonly leaf: AccountLeaf | undefined
  exists: boolean
  nonce: bigint
  balance: bigint
  codeHash: Uint8Array
  /** Once it was written, or read while there was room. */
  code: Uint8Array | undefined
  /** Storage under `slots`: that of `leaf`, or nothing after it was cleared. */
  storage: Child
  slots: Map<string, Slot> | undefined
}

type Slot = {
  /** Keccak-256 of the slot; the trie's key. */
  readonly key: Uint8Array
  /** Value in the trie under it. Without leading zeros, as all values here. */
  readonly base: Uint8Array
  value: Uint8Array
  /** Value before the transaction `originalOf`. */
  original: Uint8Array
  originalOf: number
}

/** One change to take back. */
type Undo =
  | {
      readonly entry: Entry
      readonly slot: undefined
      readonly exists: boolean
      readonly nonce: bigint
      readonly balance: bigint
      readonly codeHash: Uint8Array
      readonly code: Uint8Array | undefined
      readonly storage: Child
      readonly slots: Map<string, Slot> | undefined
    }
  | { readonly entry: Entry; readonly slot: Slot; readonly value: Uint8Array }

const NOTHING = new Uint8Array()
const ADDRESS_SIZE = 20
const WORD_SIZE = 32
const latin1 = Buffer.prototype.latin1Slice

/**
 * The state that a block works on: accounts and slots in flat maps over the trie of its parent, and
 * a log of changes to take back. The trie is brought up to date once, by `finish`.
 *
 * Every method of the EVM's interface has a synchronous core, named `…Sync`. Values of `getStorage`
 * are without leading zeros. Give nobody an `Entry` who might keep it: they change in place.
 */
export class FlatState implements StateManagerInterface {
  readonly originalStorageCache: StateManagerInterface['originalStorageCache']
  readonly #tree: StateTree
  readonly #context: TrieContext
  readonly #root: { root: Child }
  readonly #entries = new Map<string, Entry>()
  readonly #undo: Undo[] = []
  /** Length of the log at each open checkpoint. */
  readonly #checkpoints: number[] = []
  #transaction = 0
  /** Bytes of code that entries have read. */
  #codeSize = 0

  constructor(tree: StateTree, root: Child) {
    this.#tree = tree
    this.#context = tree.begin()
    this.#root = { root }
    this.originalStorageCache = {
      get: async (address, key) => this.originalStorageSync(address, key),
      clear: () => this.startTransaction(),
    }
  }

  /** From here on, what slots hold is what they held originally (EIP-2200). */
  startTransaction(): void {
    this.#transaction++
  }

  /** Checkpoints that are open. */
  get depth(): number {
    return this.#checkpoints.length
  }

  /* ACCOUNTS */

  /** The account at an address of 20 bytes, also when it does not exist. */
  entryOf(address: Uint8Array): Entry {
    const name = latin1.call(address, 0, ADDRESS_SIZE)
    const known = this.#entries.get(name)
    if (known !== undefined) return known
    const key = keccak256(address)
    const found = findLeaf(this.#context, this.#root, key)
    const leaf = found?.kind === ACCOUNT ? found : undefined
    assert(leaf === found, 'the trie of accounts holds accounts')
    const entry: Entry = {
      // The caller's array may be a view into something large.
      address: address.slice(),
      key,
      leaf,
      exists: leaf !== undefined,
      nonce: leaf?.nonce ?? 0n,
      balance: leaf?.balance ?? 0n,
      codeHash: leaf?.codeHash ?? EMPTY_CODE_HASH,
      code: undefined,
      storage: leaf?.storage,
      slots: undefined,
    }
    this.#entries.set(name, entry)
    return entry
  }

  getAccountSync(address: Address): Account | undefined {
    const entry = this.entryOf(address.bytes)
    if (!entry.exists) return undefined
    // The EVM changes the object before it puts it, and sometimes never does.
    return new Account(entry.nonce, entry.balance, storageRootOf(entry), entry.codeHash)
  }

  putAccountSync(address: Address, account: Account | undefined): void {
    if (account === undefined) {
      this.deleteAccountSync(address)
      return
    }
    const entry = this.entryOf(address.bytes)
    this.save(entry)
    entry.exists = true
    entry.nonce = account.nonce
    entry.balance = account.balance
    if (account.codeHash !== entry.codeHash) this.#setCodeHash(entry, account.codeHash)
  }

  deleteAccountSync(address: Address): void {
    this.deleteEntry(this.entryOf(address.bytes))
  }

  /** Deletes an account with all that it has. */
  deleteEntry(entry: Entry): void {
    if (!entry.exists && entry.slots === undefined && entry.storage === undefined) return
    this.save(entry)
    clearEntry(entry)
  }

  /** Notes what an account is, so that an open checkpoint can take back what comes. */
  save(entry: Entry): void {
    if (this.#checkpoints.length === 0) return
    const { exists, nonce, balance, codeHash, code, storage, slots } = entry
    this.#undo.push({
      entry,
      slot: undefined,
      exists,
      nonce,
      balance,
      codeHash,
      code,
      storage,
      slots,
    })
  }

  #setCodeHash(entry: Entry, codeHash: Uint8Array): void {
    if (equalsBytes(codeHash, entry.codeHash)) return
    entry.codeHash = codeHash
    entry.code = undefined
  }

  /* CODE */

  getCodeSync(address: Address): Uint8Array {
    return this.codeOf(this.entryOf(address.bytes))
  }

  /**
   * Code of an account.
   * @throws StateError `STATE_CODE_MISSING`
   */
  codeOf(entry: Entry): Uint8Array {
    if (!entry.exists) return NOTHING
    if (entry.code !== undefined) return entry.code
    if (equalsBytes(entry.codeHash, EMPTY_CODE_HASH)) return NOTHING
    const codeHash = bytesToHex(entry.codeHash)
    const code = this.#tree.codeOf(codeHash)
    if (code === undefined) throw missingCode(codeHash)
    // What a block reads may be more than fits: the rest is asked for again.
    this.#codeSize += code.length
    if (this.#codeSize <= limits.codeCacheSizeMax) entry.code = code
    return code
  }

  putCodeSync(address: Address, code: Uint8Array): void {
    const entry = this.entryOf(address.bytes)
    this.save(entry)
    entry.exists = true
    entry.code = code
    entry.codeHash = code.length === 0 ? EMPTY_CODE_HASH : keccak256(code)
  }

  /* STORAGE */

  getStorageSync(address: Address, key: Uint8Array): Uint8Array {
    const entry = this.entryOf(address.bytes)
    return entry.exists ? this.#slotOf(entry, key).value : NOTHING
  }

  putStorageSync(address: Address, key: Uint8Array, value: Uint8Array): void {
    const entry = this.entryOf(address.bytes)
    assert(entry.exists, 'only accounts that exist have storage')
    assert(value.length <= WORD_SIZE, 'a slot holds at most 32 bytes')
    const slot = this.#slotOf(entry, key)
    if (slot.originalOf !== this.#transaction) {
      slot.original = slot.value
      slot.originalOf = this.#transaction
    }
    if (this.#checkpoints.length > 0) this.#undo.push({ entry, slot, value: slot.value })
    slot.value = trimmed(value)
  }

  /** Value of a slot when the transaction began. */
  originalStorageSync(address: Address, key: Uint8Array): Uint8Array {
    const entry = this.entryOf(address.bytes)
    if (!entry.exists) return NOTHING
    const slot = this.#slotOf(entry, key)
    return slot.originalOf === this.#transaction ? slot.original : slot.value
  }

  clearStorageSync(address: Address): void {
    const entry = this.entryOf(address.bytes)
    this.save(entry)
    entry.exists = true
    entry.storage = undefined
    entry.slots = undefined
  }

  #slotOf(entry: Entry, key: Uint8Array): Slot {
    assert(key.length === WORD_SIZE, 'a slot has a name of 32 bytes')
    entry.slots ??= new Map()
    const name = latin1.call(key, 0, WORD_SIZE)
    const known = entry.slots.get(name)
    if (known !== undefined) return known
    const hashed = keccak256(key)
    const base = this.#storedValue(entry, hashed)
    const slot = { key: hashed, base, value: base, original: base, originalOf: -1 }
    entry.slots.set(name, slot)
    return slot
  }

  #storedValue(entry: Entry, key: Uint8Array): Uint8Array {
    if (entry.storage === undefined) return NOTHING
    const holder = { root: entry.storage }
    const leaf = findLeaf(this.#context, holder, key)
    // What was loaded on the way is worth keeping with the leaf that leads there.
    if (holder.root !== entry.storage) {
      if (entry.leaf?.storage === entry.storage) entry.leaf.storage = holder.root
      entry.storage = holder.root
    }
    return leaf?.kind === SLOT ? leaf.value : NOTHING
  }

  /* CHECKPOINTS */

  checkpointSync(): void {
    this.#checkpoints.push(this.#undo.length)
  }

  commitSync(): void {
    const start = this.#checkpoints.pop()
    assert(start !== undefined, 'a checkpoint is open')
    if (this.#checkpoints.length === 0) this.#undo.length = 0
  }

  revertSync(): void {
    const start = this.#checkpoints.pop()
    assert(start !== undefined, 'a checkpoint is open')
    while (this.#undo.length > start) {
      const undo = this.#undo.pop()
      if (undo !== undefined) takeBack(undo)
    }
  }

  /* THE END OF A BLOCK */

  /** Wei by which all balances together have changed. */
  balanceChange(): bigint {
    let change = 0n
    for (const { exists, balance, leaf } of this.#entries.values()) {
      change += (exists ? balance : 0n) - (leaf?.balance ?? 0n)
    }
    return change
  }

  /**
   * Brings the trie up to date and hashes it. The state is of no use afterwards.
   * PERF: a few microseconds per account and slot that changed.
   */
  finish(): StatePatch {
    assert(this.#checkpoints.length === 0, 'every checkpoint is closed at the end of a block')
    const codes = new Map<Hash, Uint8Array>()
    const changed: Uint8Array[] = []
    let { root } = this.#root
    for (const entry of this.#entries.values()) {
      const leaf = this.#leafOf(entry)
      if (leaf === entry.leaf) continue
      changed.push(entry.address)
      root =
        leaf === undefined
          ? deleteLeaf(this.#context, root, entry.key)
          : putLeaf(this.#context, root, leaf)
      if (
        leaf !== undefined &&
        entry.code !== undefined &&
        leaf.codeHash !== entry.leaf?.codeHash
      ) {
        if (entry.code.length > 0) codes.set(bytesToHex(leaf.codeHash), entry.code)
      }
    }
    const stateRoot = bytesToHex(rootHash(root))
    this.#tree.remember(stateRoot, root)
    const patch = createPatch(stateRoot, root, codes, changed)
    return {
      ...patch,
      place: (base) => {
        this.#tree.commit(stateRoot, root)
        return patch.place(base)
      },
    }
  }

  /** The leaf that an account has now; the one it had when nothing changed. */
  #leafOf(entry: Entry): AccountLeaf | undefined {
    const { leaf, key, nonce, balance, codeHash } = entry
    if (!entry.exists) return undefined
    const storage = this.#storageOf(entry)
    const isSame =
      leaf !== undefined &&
      leaf.nonce === nonce &&
      leaf.balance === balance &&
      leaf.storage === storage &&
      equalsBytes(leaf.codeHash, codeHash)
    if (isSame) return leaf
    return createAccountLeaf({ key, nonce, balance, storage, codeHash })
  }

  #storageOf({ storage, slots }: Entry): Child {
    if (slots === undefined) return storage
    let root = storage
    for (const { key, base, value } of slots.values()) {
      if (equalsBytes(value, base)) continue
      root =
        value.length === 0
          ? deleteLeaf(this.#context, root, key)
          : putLeaf(this.#context, root, createSlotLeaf(key, value))
    }
    return root
  }

  /* WHAT THE EVM CALLS */

  async getAccount(address: Address): Promise<Account | undefined> {
    return this.getAccountSync(address)
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    this.putAccountSync(address, account)
  }

  async deleteAccount(address: Address): Promise<void> {
    this.deleteAccountSync(address)
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const entry = this.entryOf(address.bytes)
    this.save(entry)
    entry.exists = true
    entry.nonce = fields.nonce ?? entry.nonce
    entry.balance = fields.balance ?? entry.balance
    if (fields.codeHash !== undefined) this.#setCodeHash(entry, fields.codeHash)
  }

  async putCode(address: Address, code: Uint8Array): Promise<void> {
    this.putCodeSync(address, code)
  }

  async getCode(address: Address): Promise<Uint8Array> {
    return this.getCodeSync(address)
  }

  async getCodeSize(address: Address): Promise<number> {
    return this.getCodeSync(address).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.getStorageSync(address, key)
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.putStorageSync(address, key, value)
  }

  async clearStorage(address: Address): Promise<void> {
    this.clearStorageSync(address)
  }

  async checkpoint(): Promise<void> {
    this.checkpointSync()
  }

  async commit(): Promise<void> {
    this.commitSync()
  }

  async revert(): Promise<void> {
    this.revertSync()
  }

  /** Only a finished state has a root. */
  getStateRoot(): Promise<Uint8Array> {
    return Promise.reject(new Error('the root of a flat state is known once it is finished'))
  }

  setStateRoot(): Promise<void> {
    return Promise.reject(new Error('a flat state is opened at its root'))
  }

  hasStateRoot(): Promise<boolean> {
    return Promise.reject(new Error('a flat state knows no other states'))
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    throw new Error('a flat state has no copies; open another one at the same root')
  }
}

function takeBack(undo: Undo): void {
  const { entry } = undo
  if (undo.slot !== undefined) {
    undo.slot.value = undo.value
    return
  }
  entry.exists = undo.exists
  entry.nonce = undo.nonce
  entry.balance = undo.balance
  entry.codeHash = undo.codeHash
  entry.code = undo.code
  entry.storage = undo.storage
  entry.slots = undo.slots
}

function clearEntry(entry: Entry): void {
  entry.exists = false
  entry.nonce = 0n
  entry.balance = 0n
  entry.codeHash = EMPTY_CODE_HASH
  entry.code = undefined
  entry.storage = undefined
  entry.slots = undefined
}

/** Of the storage under this block's changes, as the stock state manager tells it. */
function storageRootOf({ storage }: Entry): Uint8Array {
  return storage === undefined ? EMPTY_TRIE_ROOT : rootHash(storage)
}

function trimmed(value: Uint8Array): Uint8Array {
  let start = 0
  while (start < value.length && value[start] === 0) start++
  return value.slice(start)
}
