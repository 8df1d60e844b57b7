import { MerkleStateManager } from '@ethereumjs/statemanager'
import { type Account, type Address, createAddressFromString } from '@ethereumjs/util'

/** The stock state manager, remembering what every account that was written held before. */
export class AccountingStateManager extends MerkleStateManager {
  readonly #before = new Map<string, bigint>()

  override async putAccount(address: Address, account: Account | undefined): Promise<void> {
    await this.#remember(address)
    await super.putAccount(address, account)
  }

  override async deleteAccount(address: Address): Promise<void> {
    await this.#remember(address)
    await super.deleteAccount(address)
  }

  /** Checkpoints that are open. */
  get depth(): number {
    return this._checkpointCount
  }

  /** Wei by which all balances together changed since the manager was made. */
  async balanceChange(): Promise<bigint> {
    let change = 0n
    for (const [address, before] of this.#before) {
      const account = await this.getAccount(createAddressFromString(address))
      change += (account?.balance ?? 0n) - before
    }
    return change
  }

  async #remember(address: Address): Promise<void> {
    const key = address.toString()
    if (this.#before.has(key)) return
    // Every change passes here first, so what is there now is what was there before.
    this.#before.set(key, (await this.getAccount(address))?.balance ?? 0n)
  }
}
