import type { AccountFields, StateManagerInterface } from '@ethereumjs/common'
import { Account, type Address, KECCAK256_NULL, KECCAK256_RLP } from '@ethereumjs/util'
import { keccak256 } from '../../../../chain/crypto/keccak.ts'

const nothing = new Uint8Array(0)

/** The fields of an account that no root is needed for. */
type Record = { nonce: bigint; balance: bigint; codeHash: Uint8Array }

type Undo = () => void

/**
 * A state in maps, with an undo log for its checkpoints. Nothing is asynchronous inside; `sync`
 * adds the twins that say so.
 */
export class MemoryState implements StateManagerInterface {
  readonly accounts = new Map<string, Record>()
  readonly slots = new Map<string, Map<string, Uint8Array>>()
  readonly codes = new Map<string, Uint8Array>()
  readonly originals = new Map<string, Uint8Array>()
  readonly originalStorageCache = {
    get: async (address: Address, key: Uint8Array) => this.originalOf(address, key),
    clear: () => this.originals.clear(),
  }
  readonly #undo: Undo[] = []
  readonly #marks: number[] = []

  /** Checkpoints that are open. */
  get depth(): number {
    return this.#marks.length
  }

  /** Forgets everything and takes over the accounts of another state. */
  load(other: MemoryState): void {
    for (const map of [this.accounts, this.slots, this.codes, this.originals]) map.clear()
    this.#undo.length = 0
    this.#marks.length = 0
    for (const [key, account] of other.accounts) this.accounts.set(key, { ...account })
    for (const [key, slots] of other.slots) this.slots.set(key, new Map(slots))
    for (const [key, code] of other.codes) this.codes.set(key, code)
  }

  /** Everything in it as text, in an order of its own. */
  dump(): readonly string[] {
    const lines = [...this.accounts].map(
      ([key, { nonce, balance, codeHash }]) =>
        `${hexOf(key)} nonce ${nonce} balance ${balance} code ${hexOf(textOf(codeHash))}`,
    )
    for (const [owner, slots] of this.slots) {
      for (const [key, value] of slots) {
        lines.push(`${hexOf(owner)} slot ${hexOf(key)} = ${hexOf(textOf(value))}`)
      }
    }
    return lines.sort()
  }

  originalOf(address: Address, key: Uint8Array): Uint8Array {
    const name = textOf(address.bytes) + textOf(key)
    const known = this.originals.get(name)
    if (known !== undefined) return known
    const value = this.storageOf(address, key)
    this.originals.set(name, value)
    return value
  }

  accountOf(address: Address): Account | undefined {
    const record = this.accounts.get(textOf(address.bytes))
    if (record === undefined) return undefined
    return new Account(record.nonce, record.balance, KECCAK256_RLP, record.codeHash, null)
  }

  setAccount(address: Address, account: Account | undefined): void {
    const key = textOf(address.bytes)
    const before = this.accounts.get(key)
    this.#undo.push(() => put(this.accounts, key, before))
    const { nonce, balance, codeHash } = account ?? {}
    if (nonce === undefined || balance === undefined || codeHash === undefined) {
      this.accounts.delete(key)
    } else this.accounts.set(key, { nonce, balance, codeHash })
  }

  codeOf(address: Address): Uint8Array {
    const record = this.accounts.get(textOf(address.bytes))
    if (record === undefined || record.codeHash === KECCAK256_NULL) return nothing
    return this.codes.get(textOf(record.codeHash)) ?? nothing
  }

  storageOf(address: Address, key: Uint8Array): Uint8Array {
    return this.slots.get(textOf(address.bytes))?.get(textOf(key)) ?? nothing
  }

  setStorage(address: Address, key: Uint8Array, value: Uint8Array): void {
    const owner = textOf(address.bytes)
    const slots = this.slots.get(owner) ?? new Map<string, Uint8Array>()
    this.slots.set(owner, slots)
    const name = textOf(key)
    const before = slots.get(name)
    this.#undo.push(() => put(slots, name, before))
    put(slots, name, value.length === 0 ? undefined : value)
  }

  async getAccount(address: Address): Promise<Account | undefined> {
    return this.accountOf(address)
  }

  async putAccount(address: Address, account?: Account): Promise<void> {
    this.setAccount(address, account)
  }

  async deleteAccount(address: Address): Promise<void> {
    this.setAccount(address, undefined)
  }

  async modifyAccountFields(address: Address, fields: AccountFields): Promise<void> {
    const account = this.accountOf(address) ?? new Account()
    if (fields.nonce !== undefined) account.nonce = fields.nonce
    if (fields.balance !== undefined) account.balance = fields.balance
    if (fields.codeHash !== undefined) account.codeHash = fields.codeHash
    this.setAccount(address, account)
  }

  async putCode(address: Address, value: Uint8Array): Promise<void> {
    const hash = keccak256(value)
    this.codes.set(textOf(hash), value)
    await this.modifyAccountFields(address, { codeHash: hash })
  }

  async getCode(address: Address): Promise<Uint8Array> {
    return this.codeOf(address)
  }

  async getCodeSize(address: Address): Promise<number> {
    return this.codeOf(address).length
  }

  async getStorage(address: Address, key: Uint8Array): Promise<Uint8Array> {
    return this.storageOf(address, key)
  }

  async putStorage(address: Address, key: Uint8Array, value: Uint8Array): Promise<void> {
    this.setStorage(address, key, value)
  }

  async clearStorage(address: Address): Promise<void> {
    const owner = textOf(address.bytes)
    const before = this.slots.get(owner)
    this.#undo.push(() => put(this.slots, owner, before))
    this.slots.delete(owner)
  }

  mark(): void {
    this.#marks.push(this.#undo.length)
  }

  unmark(): void {
    this.#marks.pop()
    if (this.#marks.length === 0) this.#undo.length = 0
  }

  takeBack(): void {
    const mark = this.#marks.pop() ?? 0
    while (this.#undo.length > mark) this.#undo.pop()?.()
  }

  async checkpoint(): Promise<void> {
    this.mark()
  }

  async commit(): Promise<void> {
    this.unmark()
  }

  async revert(): Promise<void> {
    this.takeBack()
  }

  async getStateRoot(): Promise<Uint8Array> {
    return KECCAK256_RLP
  }

  async setStateRoot(): Promise<void> {}

  async hasStateRoot(): Promise<boolean> {
    return true
  }

  clearCaches(): void {}

  shallowCopy(): StateManagerInterface {
    return new MemoryState()
  }
}

/** The same state with the synchronous twins that the fast interpreter looks for. */
export class SyncMemoryState extends MemoryState {
  getAccountSync(address: Address): Account | undefined {
    return this.accountOf(address)
  }

  putAccountSync(address: Address, account?: Account): void {
    this.setAccount(address, account)
  }

  getCodeSync(address: Address): Uint8Array {
    return this.codeOf(address)
  }

  getStorageSync(address: Address, key: Uint8Array): Uint8Array {
    return this.storageOf(address, key)
  }

  putStorageSync(address: Address, key: Uint8Array, value: Uint8Array): void {
    this.setStorage(address, key, value)
  }

  originalStorageSync(address: Address, key: Uint8Array): Uint8Array {
    return this.originalOf(address, key)
  }

  checkpointSync(): void {
    this.mark()
  }

  commitSync(): void {
    this.unmark()
  }

  revertSync(): void {
    this.takeBack()
  }
}

function put<V>(map: Map<string, V>, key: string, value: V | undefined): void {
  if (value === undefined) map.delete(key)
  else map.set(key, value)
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}

function hexOf(text: string): string {
  return Buffer.from(text, 'latin1').toString('hex')
}
