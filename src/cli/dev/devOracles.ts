import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { devAccounts, devRoles } from '../../../chain/params/devAccounts.ts'
import { assert } from '../../../chain/primitives/assert.ts'
import { fixedPrice } from '../../oracle/priceSource.ts'
import { type RunningOracle, startOracle } from '../../oracle/startOracle.ts'

/**
 * What a coin of the development chain is assumed to be worth, USD. No market has said so: the
 * chain's oracles post it so that tasks and leases can be priced in dollars.
 */
export const assumedCoinPriceUsd = '0.25'

/** The oracles of a development chain, at work. */
export type DevOracles = {
  stop(): Promise<void>
}

/** Starts the three oracles that a development chain begins with. */
export async function startDevOracles(options: {
  readonly url: string
  /** Folder for what they keep. */
  readonly dataDir: string
}): Promise<DevOracles> {
  const accounts = devAccounts()
  const oracles: RunningOracle[] = []
  const stop = async () => {
    await Promise.all(oracles.map((oracle) => oracle.stop()))
  }
  try {
    for (const index of devRoles.oracles) {
      const account = accounts[index]
      assert(account !== undefined, 'the oracles are development accounts')
      oracles.push(
        await startOracle({
          url: options.url,
          account: privateKeyToAccount(account.privateKey),
          dataDir: join(options.dataDir, account.address),
          priceSource: fixedPrice(assumedCoinPriceUsd),
        }),
      )
    }
  } catch (error) {
    await stop()
    throw error
  }
  return { stop }
}
