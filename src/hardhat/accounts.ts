import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { devAccounts, devRoles } from '../../chain/params/devAccounts.ts'
import type { Address } from '../../chain/primitives/hex.ts'
import { HardhatPocaError } from './errors.ts'

/** A development account: a viem account that signs by itself and that the network knows too. */
export type RoleAccount = PrivateKeyAccount

/** The development accounts by what they do in tests. Each has coin of its own. */
export type RoleAccounts = {
  readonly client: RoleAccount
  /** Five who sell compute. */
  readonly workers: readonly RoleAccount[]
  /** Three who only hold coin. */
  readonly holders: readonly RoleAccount[]
  /** Three that genesis admits as oracles. */
  readonly oracles: readonly RoleAccount[]
  /** Who holds the first seat of the development chain. */
  readonly signer: RoleAccount
  readonly all: readonly RoleAccount[]
}

let made: RoleAccounts | undefined

/** The accounts by role; derived once, as that takes a while. */
export function roleAccounts(): RoleAccounts {
  made ??= makeAccounts()
  return made
}

/** The key that belongs to an address. Throws when it is none of the development accounts'. */
export function accountOf(address: Address): RoleAccount {
  const found = roleAccounts().all.find(
    (account) => account.address.toLowerCase() === address.toLowerCase(),
  )
  if (found !== undefined) return found
  throw new HardhatPocaError(
    { code: 'HARDHAT_NO_KEY', account: address },
    `${address} is none of the development accounts, so nothing can be signed for it.`,
  )
}

function makeAccounts(): RoleAccounts {
  const all = devAccounts().map(({ privateKey }) => privateKeyToAccount(privateKey))
  const at = (index: number): RoleAccount => {
    const account = all[index]
    if (account === undefined) throw new RangeError(`there is no account ${index}`)
    return account
  }
  return {
    client: at(devRoles.client),
    workers: devRoles.workers.map(at),
    holders: devRoles.holders.map(at),
    oracles: devRoles.oracles.map(at),
    signer: at(devRoles.signer),
    all,
  }
}
