import type { PublicClient } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { contractsFor, publicClientOf, type SystemContracts } from './contracts.ts'
import { HardhatPocaError } from './errors.ts'
import type { RPCProvider } from './loadGenesis.ts'
import { endOne, latestTime, setNextTime, type TimeOptions } from './time.ts'

/** What every verb needs of the network it plays on. */
export type Stage = {
  readonly client: PublicClient
  readonly chainId: number
  readonly time: TimeOptions
  /** The coin's symbol. */
  readonly symbol: string
  contractsAs(account: { readonly address: Address }): SystemContracts
  now(): Promise<bigint>
  /** Sets the time of the next block. */
  setNextTime(time: bigint): Promise<void>
  /** Ends blocks until a read no longer reverts; undefined when it still does after `blocks`. */
  until<T>(blocks: number, read: () => Promise<T>): Promise<T | undefined>
}

export function stageOn(
  provider: RPCProvider,
  facts: { readonly chainId: number; readonly time: TimeOptions; readonly symbol: string },
): Stage {
  return {
    ...facts,
    client: publicClientOf(provider),
    contractsAs: ({ address }) => contractsFor(provider, address),
    now: () => latestTime(provider),
    setNextTime: (at) => setNextTime(provider, at),
    until: async (blocks, read) => {
      for (let left = blocks; left >= 0; left -= 1) {
        try {
          return await read()
        } catch {
          // Not yet; the contract says so by reverting.
          if (left > 0) await endOne(facts.time)
        }
      }
      return undefined
    },
  }
}

/** The chain did not do what it always does: a rule has changed, or the test did something. */
export function stuck(what: string): HardhatPocaError {
  return new HardhatPocaError(
    { code: 'HARDHAT_STUCK', what },
    `Waited in vain for ${what}; see what the test did before, or play this step by hand.`,
  )
}
