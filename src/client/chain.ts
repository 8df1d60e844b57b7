import { defineChain } from 'viem'
import { preinstalls } from '../../chain/system/addresses.ts'

/** The development chain: what `poca dev` and `poca up` run on this machine. */
export const pocaDev = defineChain({
  id: 18_512,
  name: 'POCA Devnet',
  nativeCurrency: { name: 'HPC', symbol: 'HPC', decimals: 18 },
  rpcUrls: { default: { http: ['http://127.0.0.1:8545'], webSocket: ['ws://127.0.0.1:8545'] } },
  blockExplorers: { default: { name: 'POCA', url: 'http://127.0.0.1:8545' } },
  contracts: { multicall3: { address: preinstalls.multicall3 } },
  // Milliseconds; viem polls at half of it.
  blockTime: 1_000,
  // Every block is final, so no transaction is ever replaced in one.
  supportsTransactionReplacementDetection: false,
  testnet: true,
})
