import { fileURLToPath } from 'node:url'
import type {
  EdrNetworkUserConfig,
  HardhatUserConfig,
  HttpNetworkUserConfig,
} from 'hardhat/types/config'
import type { ConfigHooks } from 'hardhat/types/hooks'
import { COIN } from '../../chain/params/chainSpec.ts'
import { devMnemonic } from '../../chain/params/devAccounts.ts'
import { dev } from '../../chain/params/specs.ts'

/** The development chain's genesis, as it comes with the package. */
const devGenesisPath = fileURLToPath(new URL('../../deploy/genesis/dev.json', import.meta.url))

const chainId = Number(dev.chainId)

/** What a simulated network needs to be the chain; what the user says counts more. */
const simulated = {
  type: 'edr-simulated',
  chainType: 'generic',
  chainId,
  hardfork: 'osaka',
  blockGasLimit: dev.blockGasLimit,
  allowUnlimitedContractSize: false,
  accounts: { mnemonic: devMnemonic, count: 20, accountsBalance: 10_000n * COIN },
} as const satisfies EdrNetworkUserConfig

/** So that a test's times are those of the chain, whatever day it is. */
const devClock = { initialDate: new Date(Number(dev.genesisTime) * 1_000) }

const local = {
  type: 'http',
  chainType: 'generic',
  chainId,
  url: 'http://127.0.0.1:8545',
  accounts: { mnemonic: devMnemonic },
} as const satisfies HttpNetworkUserConfig

/** How the plugin takes part in reading a configuration. */
export async function configHooks(): Promise<Partial<ConfigHooks>> {
  return {
    extendUserConfig: async (config, next) => extend(await next(config)),
    validateUserConfig: async (config) => validate(config),
    resolveUserConfig: async (config, variable, next) => {
      const resolved = await next(config, variable)
      for (const [name, network] of Object.entries(config.networks ?? {})) {
        const target = resolved.networks[name]
        if (network.type !== 'edr-simulated' || network.poca === undefined) continue
        if (target?.type !== 'edr-simulated') continue
        target.poca = { genesis: network.poca === true ? devGenesisPath : network.poca.genesis }
      }
      return resolved
    },
  }
}

/** Adds the two networks and fills in what a network with `poca` leaves open. */
function extend(config: HardhatUserConfig): HardhatUserConfig {
  const networks = { ...config.networks }
  networks.pocaSim ??= { ...simulated, poca: true }
  networks.pocaLocal ??= local
  for (const [name, network] of Object.entries(networks)) {
    if (network.type !== 'edr-simulated' || network.poca === undefined) continue
    networks[name] = { ...simulated, ...(network.poca === true ? devClock : {}), ...network }
  }
  return { ...config, networks }
}

function validate(config: HardhatUserConfig) {
  return Object.entries(config.networks ?? {}).flatMap(([name, network]) => {
    const given: unknown = 'poca' in network ? network.poca : undefined
    if (given === undefined || given === true) return []
    if (typeof given === 'object' && given !== null && 'genesis' in given) {
      if (typeof given.genesis === 'string') return []
    }
    const message = 'must be true, or { genesis: "path of a geth-format genesis file" }'
    return [{ path: ['networks', name, 'poca'], message }]
  })
}
