import { existsSync, readFileSync } from 'node:fs'
import type { NetworkHooks } from 'hardhat/types/hooks'
import { type Genesis, parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
import { HardhatPocaError } from './errors.ts'
import { startPoca } from './poca.ts'

/** How the plugin takes part in connecting to a network. */
export async function networkHooks(): Promise<Partial<NetworkHooks>> {
  return {
    newConnection: async (context, next) => {
      const connection = await next(context)
      const { networkName, networkConfig, provider } = connection
      const config = networkConfig.type === 'edr-simulated' ? networkConfig.poca : undefined
      if (config === undefined) {
        Object.defineProperty(connection, 'poca', { get: () => refuse(networkName) })
        return connection
      }
      const poca = await startPoca(provider, readGenesis(config.genesis))
      return Object.assign(connection, { poca })
    },
  }
}

function refuse(network: string): never {
  throw new HardhatPocaError(
    { code: 'HARDHAT_NOT_POCA', network },
    `The network ${network} does not hold the chain; connect to pocaSim, or set poca: true.`,
  )
}

function readGenesis(path: string): Genesis {
  if (!existsSync(path)) {
    throw new HardhatPocaError(
      { code: 'HARDHAT_NO_GENESIS', path },
      `There is no genesis file ${path}; write one with "npm run generate".`,
    )
  }
  return parseGenesis(JSON.parse(readFileSync(path, 'utf8')))
}
