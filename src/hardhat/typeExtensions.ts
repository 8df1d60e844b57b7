import 'hardhat/types/config'
import 'hardhat/types/network'
import type { Poca } from './poca.ts'

/** Which genesis a simulated network starts from. */
export type PocaNetworkUserConfig =
  /** The development chain's. */
  | true
  /** That of a geth-format file, as `node scripts/buildGenesis.ts` writes it. */
  | { readonly genesis: string }

export type PocaNetworkConfig = {
  /** Path of a geth-format genesis file. */
  readonly genesis: string
}

// Hardhat's types are interfaces, and only interfaces can be added to.
declare module 'hardhat/types/config' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: merges with Hardhat's interface
  interface EdrNetworkUserConfig {
    poca?: PocaNetworkUserConfig
  }

  // biome-ignore lint/style/useConsistentTypeDefinitions: merges with Hardhat's interface
  interface EdrNetworkConfig {
    poca?: PocaNetworkConfig
  }
}

declare module 'hardhat/types/network' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: merges with Hardhat's interface
  interface NetworkConnection<ChainTypeT extends ChainType | string = DefaultChainType> {
    /** The chain on this network; throws on networks without `poca: true`. */
    readonly poca: Poca
  }
}
