// Random sequences of every call that the EVM makes of a state, with nested checkpoints, on the
// flat state, on a plain model of maps and on the stock state manager: every read and every root
// must agree, over many blocks, with nodes dropped from memory and read from the log in between.
import { Caches, MerkleStateManager } from '@ethereumjs/statemanager'
import {
  Account,
  bytesToHex,
  createAddressFromString,
  hexToBytes,
  unpadBytes,
} from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Address, Hash, Hex } from '../../../chain/primitives/hex.ts'
import { FlatState } from '../../../chain/state/flatState.ts'
import { createStateTree } from '../../../chain/state/stateTree.ts'
import { createMemoryLog } from './memoryLog.ts'
import { StateModel } from './stateModel.ts'

/** What is done; an operation whose condition does not hold is passed over. */
type Operation =
  | { readonly kind: 'put'; readonly who: number; readonly nonce: bigint; readonly balance: bigint }
  | { readonly kind: 'modify'; readonly who: number; readonly balance: bigint }
  | { readonly kind: 'code'; readonly who: number; readonly code: Uint8Array }
  | {
      readonly kind: 'store'
      readonly who: number
      readonly slot: number
      readonly value: Uint8Array
    }
  | { readonly kind: 'read'; readonly who: number; readonly slot: number }
  | { readonly kind: 'delete' | 'clear' | 'create'; readonly who: number }
  | { readonly kind: 'checkpoint' | 'commit' | 'revert' | 'transaction' }

type Block = {
  readonly operations: readonly Operation[]
  /** The next block finds nothing, little or everything in memory. */
  readonly memory: 'none' | 'little' | 'all'
}

const names: readonly Address[] = [1, 2, 3, 4, 5, 6].map(
  (index): Address => `0x${`0${index}`.repeat(20)}`,
)
const slots: readonly Hash[] = [0, 1, 2, 3, 0xffff].map(
  (index): Hash => `0x${index.toString(16).padStart(64, '0')}`,
)

const who = fc.integer({ min: 0, max: names.length - 1 })
const slot = fc.integer({ min: 0, max: slots.length - 1 })
const amount = fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 100n }))
const value = fc.oneof(
  fc.constant(new Uint8Array()),
  fc.constant(new Uint8Array(32)),
  fc.uint8Array({ minLength: 1, maxLength: 32 }),
  fc.integer({ min: 0, max: 3 }).map((byte) => Uint8Array.of(0, byte)),
)
const plain = fc.constantFrom('checkpoint', 'checkpoint', 'commit', 'revert', 'transaction')
const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('put'), who, nonce: amount, balance: amount }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('modify'), who, balance: amount }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('code'),
      who,
      code: fc.oneof(fc.constant(new Uint8Array()), fc.uint8Array({ minLength: 1, maxLength: 40 })),
    }),
  },
  { weight: 8, arbitrary: fc.record({ kind: fc.constant('store'), who, slot, value }) },
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('read'), who, slot }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constantFrom('delete', 'clear', 'create'), who }) },
  { weight: 6, arbitrary: fc.record({ kind: plain }) },
)
const blocks: fc.Arbitrary<readonly Block[]> = fc.array(
  fc.record({
    operations: fc.array(operation, { minLength: 1, maxLength: 60 }),
    memory: fc.constantFrom('none', 'little', 'all'),
  }),
  { minLength: 1, maxLength: 6 },
)

/** The same state three times. */
class Trio {
  readonly model = new StateModel()
  readonly flat: FlatState
  readonly stock: MerkleStateManager
  /** Accounts whose storage was emptied in this transaction: what was there originally is moot. */
  readonly #emptied = new Set<Address>()

  constructor(model: StateModel, flat: FlatState, stock: MerkleStateManager) {
    this.model = model
    this.flat = flat
    this.stock = stock
  }

  async apply(operation: Operation): Promise<void> {
    switch (operation.kind) {
      case 'checkpoint':
        this.model.checkpoint()
        await this.#both((state) => state.checkpoint())
        return
      case 'commit':
        if (this.model.depth === 0) return
        this.model.commit()
        await this.#both((state) => state.commit())
        // The stock manager forgets what slots held originally with its last checkpoint.
        this.startTransaction()
        return
      case 'revert':
        if (this.model.depth === 0) return
        this.model.revert()
        await this.#both((state) => state.revert())
        this.startTransaction()
        return
      case 'transaction':
        this.startTransaction()
        return
      default:
        await this.#change(operation, nameOf(operation.who))
    }
  }

  /** As `runTx` begins: outside of checkpoints, so that no revert crosses it. */
  startTransaction(): void {
    if (this.model.depth > 0) return
    this.#emptied.clear()
    this.model.startTransaction()
    this.flat.originalStorageCache.clear()
    this.stock.originalStorageCache.clear()
  }

  async #change(
    operation: Exclude<
      Operation,
      { readonly kind: 'checkpoint' | 'commit' | 'revert' | 'transaction' }
    >,
    name: Address,
  ): Promise<void> {
    const address = createAddressFromString(name)
    const exists = this.model.account(name) !== undefined
    switch (operation.kind) {
      case 'put': {
        const { nonce, balance } = operation
        await this.#both(async (state) => {
          const account = (await state.getAccount(address)) ?? new Account()
          account.nonce = nonce
          account.balance = balance
          await state.putAccount(address, account)
        })
        this.model.put(name, { nonce, balance })
        // Whatever an account had before it was deleted, the EVM clears when one comes to be there.
        if (!exists) await this.#clear(name)
        break
      }
      case 'modify':
        if (!exists) return
        await this.#both((state) =>
          state.modifyAccountFields(address, { balance: operation.balance }),
        )
        this.model.put(name, { balance: operation.balance })
        break
      case 'code':
        await this.#both((state) => state.putCode(address, operation.code))
        this.model.put(name, { code: bytesToHex(operation.code) })
        if (!exists) await this.#clear(name)
        break
      case 'store': {
        if (!exists) return
        const slot = slotOf(operation.slot)
        // As SSTORE does; the stock cache remembers what it is asked for first.
        await this.#readOriginal(name, slot)
        await this.#both((state) => state.putStorage(address, hexToBytes(slot), operation.value))
        this.model.putStorage(name, slot, bytesToHex(unpadBytes(operation.value)))
        break
      }
      case 'read':
        await this.#readOriginal(name, slotOf(operation.slot))
        break
      case 'delete':
        if (this.#losesStorage(name)) return
        await this.#both((state) => state.deleteAccount(address))
        this.model.delete(name)
        this.#emptied.add(name)
        return
      case 'clear':
        if (this.#losesStorage(name)) return
        await this.#clear(name)
        break
      case 'create':
        // Nothing is created where code is; the stock manager would go on showing the old code.
        if ((this.model.account(name)?.code ?? '0x') !== '0x' || this.#losesStorage(name)) return
        await this.#both((state) => state.putAccount(address, new Account(1n, 0n)))
        this.model.put(name, { nonce: 1n, balance: 0n, code: '0x' })
        await this.#clear(name)
        break
    }
    await this.#read(name)
  }

  /**
   * Whether clearing an account now could lose what it has: when that is taken back, the stock
   * manager has forgotten the slots. The EVM takes back no such thing.
   */
  #losesStorage(name: Address): boolean {
    return this.model.depth > 0 && slots.some((one) => this.model.storage(name, one) !== '0x')
  }

  async #clear(name: Address): Promise<void> {
    await this.#both((state) => state.clearStorage(createAddressFromString(name)))
    this.model.put(name, { storage: new Map() })
    this.#emptied.add(name)
  }

  async #readOriginal(name: Address, slot: Hash): Promise<void> {
    if (this.#emptied.has(name)) return
    const address = createAddressFromString(name)
    const expected = this.model.original(name, slot)
    for (const state of [this.flat, this.stock]) {
      const found = await state.originalStorageCache.get(address, hexToBytes(slot))
      expect(bytesToHex(found)).toBe(expected)
    }
  }

  async #read(name: Address): Promise<void> {
    const address = createAddressFromString(name)
    const expected = this.model.account(name)
    for (const state of [this.flat, this.stock]) {
      const account = await state.getAccount(address)
      expect(account?.nonce).toBe(expected?.nonce)
      expect(account?.balance).toBe(expected?.balance)
      expect(account?.isContract() ?? false).toBe((expected?.code ?? '0x') !== '0x')
      const code = expected?.code ?? '0x'
      expect(bytesToHex(await state.getCode(address))).toBe(code)
      expect(await state.getCodeSize(address)).toBe(code.length / 2 - 1)
      for (const slot of slots) {
        const found = await state.getStorage(address, hexToBytes(slot))
        expect(bytesToHex(found)).toBe(this.model.storage(name, slot))
      }
    }
  }

  async #both(change: (state: FlatState | MerkleStateManager) => Promise<void>): Promise<void> {
    await change(this.flat)
    await change(this.stock)
  }
}

function nameOf(index: number): Address {
  return names[index] ?? `0x${'00'.repeat(20)}`
}

function slotOf(index: number): Hash {
  return slots[index] ?? `0x${'00'.repeat(32)}`
}

describe('flat state', () => {
  it('reads and hashes as a model and the stock state manager do', async () => {
    await fc.assert(
      fc.asyncProperty(blocks, async (list) => {
        const model = new StateModel()
        const stock = new MerkleStateManager({ caches: new Caches() })
        const log = createMemoryLog()
        let tree = createStateTree(log)
        let stateRoot: Hex = await model.stateRoot()
        for (const { operations, memory } of list) {
          const flat = new FlatState(tree, tree.rootOf(stateRoot))
          const trio = new Trio(model, flat, stock)
          const before = model.total()
          trio.startTransaction()
          for (const operation of operations) await trio.apply(operation)
          while (model.depth > 0) await trio.apply({ kind: 'commit' })
          expect(flat.balanceChange()).toBe(model.total() - before)
          const patch = flat.finish()
          stateRoot = await model.stateRoot()
          expect(patch.stateRoot).toBe(stateRoot)
          expect(bytesToHex(await stock.getStateRoot())).toBe(stateRoot)
          log.append(patch)
          if (memory !== 'all') tree = createStateTree(log, memory === 'none' ? 1 : 20)
        }
      }),
      { numRuns: 120 },
    )
  })
})
