import { type ChainConfig, Common, Hardfork } from '@ethereumjs/common'
import type { ChainSpec } from './chainSpec.ts'

/** The rules of every POCA chain from its first block on; `hardhat.config.ts` names the same. */
export const hardfork = Hardfork.Osaka

/** Forks up to `hardfork`, in order. Since Shanghai they are set by time, before that by height. */
const forksByHeight = [
  Hardfork.Chainstart,
  Hardfork.Homestead,
  Hardfork.TangerineWhistle,
  Hardfork.SpuriousDragon,
  Hardfork.Byzantium,
  Hardfork.Constantinople,
  Hardfork.Petersburg,
  Hardfork.Istanbul,
  Hardfork.Berlin,
  Hardfork.London,
  Hardfork.Paris,
] as const
const forksByTime = [Hardfork.Shanghai, Hardfork.Cancun, Hardfork.Prague, Hardfork.Osaka] as const

/**
 * The `Common` of a chain: Osaka rules from genesis on, without EIP-7934's cap on the size of a
 * block.
 *
 * The base fee is not set by its parameters: the libraries put their own 1559 table over whatever a
 * `Common` holds, and ours is governed, so the producer passes it with each header.
 */
export function commonOf(spec: Pick<ChainSpec, 'chainId' | 'name' | 'blockGasLimit'>): Common {
  const chain: ChainConfig = {
    name: `poca-${spec.name}`,
    chainId: Number(spec.chainId),
    defaultHardfork: hardfork,
    // What post-merge blocks have; POCA's own consensus is outside of execution.
    consensus: { type: 'pos', algorithm: 'casper', casper: {} },
    genesis: {
      gasLimit: Number(spec.blockGasLimit),
      difficulty: 0,
      nonce: '0x0000000000000000',
      extraData: '0x',
    },
    hardforks: [
      ...forksByHeight.map((name) => ({ name, block: 0 })),
      ...forksByTime.map((name) => ({ name, block: null, timestamp: 0 })),
    ],
    bootstrapNodes: [],
    dnsNetworks: [],
    // No log can come from here, so the list of deposit requests stays empty.
    depositContractAddress: '0x0000000000000000000000000000000000000000',
  }
  return new Common({ chain, hardfork })
}
