import { type Common, Hardfork, type StateManagerInterface } from '@ethereumjs/common'
import {
  type Account,
  type Address,
  bytesToHex,
  bytesToUnprefixedHex,
  hexToBytes,
  type PrefixedHexString,
  RIPEMD160_ADDRESS_STRING,
  stripHexPrefix,
} from '@ethereumjs/util'
import { assert } from '../../../primitives/assert.ts'
import { nameOf } from './words.ts'

/** A step to take back; a slot when both names are there. */
type Undo = { readonly kind: 'warm' | 'touched'; readonly owner: string; readonly slot?: string }

const RIPEMD160_NAME = nameOf(hexToBytes(`0x${stripHexPrefix(RIPEMD160_ADDRESS_STRING)}`))

/**
 * The journal of one EVM: which addresses and slots are warm, and which accounts a transaction
 * touched. It answers as the library's own does, by names of two bytes a unit instead of hex, and
 * takes back by one undo log instead of a set per checkpoint.
 *
 * @source EIP-2929 (warm addresses and slots); EIP-161 (touched accounts)
 */
export class FastJournal {
  /** Reported when `startReportingAccessList` was called: addresses and slots, hex, no prefix. */
  accessList?: Map<string, Set<string>>
  /** Reported when `startReportingPreimages` was called. */
  preimages?: Map<PrefixedHexString, Uint8Array>

  readonly #state: StateManagerInterface
  readonly #common: Common
  readonly #precompiles: () => readonly Uint8Array[]
  readonly #always = new Map<string, Set<string>>()
  readonly #warm = new Set<string>()
  readonly #slots = new Map<string, Set<string>>()
  readonly #touched = new Map<string, Address>()
  readonly #undo: Undo[] = []
  readonly #marks: number[] = []
  #precompileNames: ReadonlySet<string> | undefined
  #isWarmForPrecompiles = false

  constructor(
    options: { readonly common: Common; precompiles(): readonly Uint8Array[] },
    deps: { readonly state: StateManagerInterface },
  ) {
    this.#common = options.common
    this.#precompiles = options.precompiles
    this.#state = deps.state
  }

  /**
   * Begins a transaction: nothing is warm or touched but `addresses` and all precompiles, which is
   * what a transaction processor otherwise says one by one.
   */
  startTransaction(addresses: readonly Uint8Array[]): void {
    this.cleanJournal()
    this.#precompileNames ??= new Set(this.#precompiles().map(nameOf))
    this.#isWarmForPrecompiles = true
    for (const address of addresses) this.#always.set(nameOf(address), new Set())
  }

  /** Rules changed: other precompiles. */
  forgetPrecompiles(): void {
    this.#precompileNames = undefined
  }

  startReportingAccessList(): void {
    this.accessList = new Map()
  }

  startReportingPreimages(): void {
    this.preimages = new Map()
  }

  putAccount(address: Address, account: Account | undefined): Promise<void> {
    this.touch(address)
    return this.#state.putAccount(address, account)
  }

  deleteAccount(address: Address): Promise<void> {
    this.touch(address)
    return this.#state.deleteAccount(address)
  }

  /** Accounts that have to go if they are empty at the end. */
  touched(): Iterable<Address> {
    return this.#touched.values()
  }

  /** Marks an account as one that has to go if it is empty at the end. */
  touch(address: Address): void {
    if (this.preimages !== undefined) this.#reportPreimage(this.preimages, address.bytes)
    const owner = nameOf(address.bytes)
    if (this.#touched.has(owner)) return
    this.#touched.set(owner, address)
    this.#undo.push({ kind: 'touched', owner })
  }

  checkpoint(): Promise<void> {
    this.mark()
    return this.#state.checkpoint()
  }

  commit(): Promise<void> {
    this.unmark()
    return this.#state.commit()
  }

  revert(): Promise<void> {
    this.takeBack()
    return this.#state.revert()
  }

  /** `checkpoint` without the state's. */
  mark(): void {
    this.#marks.push(this.#undo.length)
  }

  /** `commit` without the state's. */
  unmark(): void {
    this.#marks.pop()
  }

  /** `revert` without the state's. */
  takeBack(): void {
    const mark = this.#marks.pop() ?? 0
    while (this.#undo.length > mark) this.#takeBack(this.#undo.pop())
  }

  cleanJournal(): void {
    this.#always.clear()
    this.#warm.clear()
    this.#slots.clear()
    this.#touched.clear()
    this.#undo.length = 0
    this.#marks.length = 0
    this.#isWarmForPrecompiles = false
  }

  /** Ends a transaction: empty accounts that it touched go. */
  async cleanup(): Promise<void> {
    if (this.#common.gteHardfork(Hardfork.SpuriousDragon)) {
      for (const address of this.touched()) {
        const account = await this.#state.getAccount(address)
        if (account === undefined || account.isEmpty()) await this.deleteAccount(address)
      }
    }
    this.cleanJournal()
    delete this.accessList
    delete this.preimages
  }

  addAlwaysWarmAddress(text: string, addToAccessList = false): void {
    const hex = stripHexPrefix(text)
    const owner = nameOf(hexToBytes(`0x${hex}`))
    if (!this.#always.has(owner)) this.#always.set(owner, new Set())
    if (addToAccessList) this.#report(hex)
  }

  addAlwaysWarmSlot(text: string, slotText: string, addToAccessList = false): void {
    this.addAlwaysWarmAddress(text, addToAccessList)
    const [hex, slotHex] = [stripHexPrefix(text), stripHexPrefix(slotText)]
    this.#always.get(nameOf(hexToBytes(`0x${hex}`)))?.add(nameOf(hexToBytes(`0x${slotHex}`)))
    if (addToAccessList) this.#report(hex, slotHex)
  }

  isWarmedAddress(address: Uint8Array): boolean {
    return this.#isWarm(nameOf(address))
  }

  addWarmedAddress(address: Uint8Array): void {
    this.#addWarm(nameOf(address))
    if (this.accessList !== undefined) this.#report(bytesToUnprefixedHex(address))
  }

  isWarmedStorage(address: Uint8Array, slot: Uint8Array): boolean {
    const owner = nameOf(address)
    return this.#isSlotWarm(owner, nameOf(slot))
  }

  addWarmedStorage(address: Uint8Array, slot: Uint8Array): void {
    this.#addWarmSlot(nameOf(address), nameOf(slot))
    if (this.accessList !== undefined) {
      this.#report(bytesToUnprefixedHex(address), bytesToUnprefixedHex(slot))
    }
  }

  /** Whether a slot is warm; it is from now on. `owner` is the name of `address`. */
  warmSlot(address: Uint8Array, owner: string, slot: string): boolean {
    if (this.#isSlotWarm(owner, slot)) return true
    this.#addWarmSlot(owner, slot)
    if (this.accessList !== undefined) this.#report(bytesToUnprefixedHex(address), hexOf(slot))
    return false
  }

  /** Whether an address is warm; it is from now on. */
  warmAddress(address: Uint8Array): boolean {
    const owner = nameOf(address)
    if (this.#isWarm(owner)) return true
    this.#addWarm(owner)
    if (this.accessList !== undefined) this.#report(bytesToUnprefixedHex(address))
    return false
  }

  /** `isWarmedStorage` by names. */
  isWarmSlot(owner: string, slot: string): boolean {
    return this.#isSlotWarm(owner, slot)
  }

  #isWarm(owner: string): boolean {
    if (this.#warm.has(owner) || this.#always.has(owner)) return true
    return this.#isWarmForPrecompiles && this.#precompileNames?.has(owner) === true
  }

  #addWarm(owner: string): void {
    if (this.#warm.has(owner)) return
    this.#warm.add(owner)
    this.#undo.push({ kind: 'warm', owner })
  }

  #isSlotWarm(owner: string, slot: string): boolean {
    if (this.#slots.get(owner)?.has(slot) === true) return true
    return this.#always.get(owner)?.has(slot) === true
  }

  #addWarmSlot(owner: string, slot: string): void {
    this.#addWarm(owner)
    let slots = this.#slots.get(owner)
    if (slots === undefined) {
      slots = new Set()
      this.#slots.set(owner, slots)
    }
    if (slots.has(slot)) return
    slots.add(slot)
    this.#undo.push({ kind: 'warm', owner, slot })
  }

  #takeBack(step: Undo | undefined): void {
    if (step === undefined) return
    const { kind, owner, slot } = step
    if (slot !== undefined) this.#slots.get(owner)?.delete(slot)
    else if (kind === 'warm') this.#warm.delete(owner)
    // The precompile stays touched, as on the main network since block 2,675,119.
    else if (owner !== RIPEMD160_NAME) this.#touched.delete(owner)
  }

  #report(hex: string, slotHex?: string): void {
    if (this.accessList === undefined) return
    const slots = this.accessList.get(hex) ?? new Set()
    this.accessList.set(hex, slots)
    if (slotHex !== undefined) slots.add(slotHex)
  }

  #reportPreimage(preimages: Map<PrefixedHexString, Uint8Array>, bytes: Uint8Array): void {
    const { getAppliedKey } = this.#state
    assert(getAppliedKey !== undefined, 'preimages are reported by a state with hashed keys')
    preimages.set(bytesToHex(getAppliedKey.call(this.#state, bytes)), bytes)
  }
}

/** The 32 bytes of a name in hex, no prefix. */
function hexOf(name: string): string {
  return Buffer.from(name, 'utf16le').toString('hex')
}
