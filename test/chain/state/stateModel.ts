import { MerkleStateManager } from '@ethereumjs/statemanager'
import { Account, bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import type { Address, Hash, Hex } from '../../../chain/primitives/hex.ts'

/** What a state holds, as plainly as it can be told. */
export type ModelAccount = {
  readonly nonce: bigint
  readonly balance: bigint
  readonly code: Hex
  /** Values without leading zeros, none of them empty. */
  readonly storage: ReadonlyMap<Hash, Hex>
}

/** A state that is obviously right: maps that are replaced, never changed. */
export class StateModel {
  #accounts: ReadonlyMap<Address, ModelAccount> = new Map()
  readonly #checkpoints: ReadonlyMap<Address, ModelAccount>[] = []
  /** As it was when the transaction began. */
  #original: ReadonlyMap<Address, ModelAccount> = new Map()

  get depth(): number {
    return this.#checkpoints.length
  }

  account(address: Address): ModelAccount | undefined {
    return this.#accounts.get(address)
  }

  put(address: Address, change: Partial<ModelAccount>): void {
    const before = this.#accounts.get(address) ?? nobody
    this.#accounts = new Map(this.#accounts).set(address, { ...before, ...change })
  }

  delete(address: Address): void {
    const next = new Map(this.#accounts)
    next.delete(address)
    this.#accounts = next
  }

  putStorage(address: Address, slot: Hash, value: Hex): void {
    const storage = new Map(this.#accounts.get(address)?.storage)
    if (value === '0x') storage.delete(slot)
    else storage.set(slot, value)
    this.put(address, { storage })
  }

  storage(address: Address, slot: Hash): Hex {
    return this.#accounts.get(address)?.storage.get(slot) ?? '0x'
  }

  original(address: Address, slot: Hash): Hex {
    return this.#original.get(address)?.storage.get(slot) ?? '0x'
  }

  startTransaction(): void {
    this.#original = this.#accounts
  }

  checkpoint(): void {
    this.#checkpoints.push(this.#accounts)
  }

  commit(): void {
    this.#checkpoints.pop()
  }

  revert(): void {
    this.#accounts = this.#checkpoints.pop() ?? this.#accounts
  }

  total(): bigint {
    let sum = 0n
    for (const { balance } of this.#accounts.values()) sum += balance
    return sum
  }

  /** Root of the trie that the library builds of all this, from nothing. */
  async stateRoot(): Promise<Hash> {
    const stock = new MerkleStateManager()
    for (const [name, { nonce, balance, code, storage }] of this.#accounts) {
      const address = createAddressFromString(name)
      await stock.putAccount(address, new Account(nonce, balance))
      if (code !== '0x') await stock.putCode(address, hexToBytes(code))
      for (const [slot, value] of storage) {
        await stock.putStorage(address, hexToBytes(slot), hexToBytes(value))
      }
    }
    return bytesToHex(await stock.getStateRoot())
  }
}

const nobody: ModelAccount = { nonce: 0n, balance: 0n, code: '0x', storage: new Map() }
