import { existsSync, readFileSync } from 'node:fs'
import type { NetworkHooks } from 'hardhat/types/hooks'
import { type Genesis, parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
import { createClock } from './clock.ts'
import { HardhatPocaError } from './errors.ts'
import { startPoca } from './poca.ts'

/** How the plugin takes part in connecting to a network and in talking to it. */
export async function networkHooks(): Promise<Partial<NetworkHooks>> {
  const clock = createClock()
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
    onRequest: async (context, connection, request, next) => {
      const { networkConfig } = connection
      const isChain = networkConfig.type === 'edr-simulated' && networkConfig.poca !== undefined
      if (isChain) {
        // Asked for by the hook itself, so its answer is that of the network.
        const send = (method: string, params: unknown[]) =>
          next(context, connection, { ...request, method, params })
        await clock.tick(connection, request, send)
      }
      return next(context, connection, request)
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
