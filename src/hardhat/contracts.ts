import {
  createPublicClient,
  createWalletClient,
  custom,
  getContract,
  type PublicClient,
} from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { abis } from '../../chain/system/abis.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { pocaDev } from '../client/chain.ts'
import type { RPCProvider } from './loadGenesis.ts'

/** A system contract, as viem's `getContract` gives it. */
export type SystemContract<name extends keyof typeof abis> = ReturnType<typeof contractAt<name>>

/** Every system contract at its address; writes come from the account that was asked for. */
export type SystemContracts = { readonly [name in keyof typeof abis]: SystemContract<name> }

/** A viem client of the network, which never waits for what the network does at once. */
export function publicClientOf(provider: RPCProvider): PublicClient {
  const transport = custom(provider, { retryCount: 0 })
  return createPublicClient({ chain: pocaDev, transport, pollingInterval: 10, cacheTime: 0 })
}

/** The system contracts, called by `account`. Each is made when it is first read. */
export function contractsFor(provider: RPCProvider, account: Address): SystemContracts {
  const contracts = {}
  // The names are the keys of `abis`.
  for (const name of Object.keys(abis) as (keyof typeof abis)[]) {
    let made: unknown
    const get = () => {
      made ??= contractAt(provider, account, name)
      return made
    }
    Object.defineProperty(contracts, name, { get, enumerable: true })
  }
  return contracts as SystemContracts // every name has just been defined
}

function contractAt<const name extends keyof typeof abis>(
  provider: RPCProvider,
  account: Address,
  name: name,
) {
  const transport = custom(provider, { retryCount: 0 })
  return getContract({
    address: predeploys[name],
    abi: abis[name],
    client: {
      public: publicClientOf(provider),
      wallet: createWalletClient({ account, chain: pocaDev, transport }),
    },
  })
}
