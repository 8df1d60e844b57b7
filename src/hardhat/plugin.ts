import { definePlugin } from 'hardhat/plugins'
import type { HardhatPlugin } from 'hardhat/types/plugins'
import './typeExtensions.ts'

/**
 * Hardhat with the chain in it: `plugins: [hardhatPoca]`.
 *
 * Adds the networks `pocaSim`, Hardhat's own simulator with the development chain's genesis, and
 * `pocaLocal`, a node on this machine. Every connection to a simulated network that says
 * `poca: true` holds the real contracts at the real addresses and has `connection.poca`.
 */
export const hardhatPoca: HardhatPlugin = definePlugin({
  id: 'hardhat-poca',
  npmPackage: 'poca-chain',
  hookHandlers: {
    // Loaded when needed, so that a configuration costs nothing before the first connection.
    config: async () => ({ default: (await import('./configHooks.ts')).configHooks }),
    network: async () => ({ default: (await import('./networkHooks.ts')).networkHooks }),
  },
})
