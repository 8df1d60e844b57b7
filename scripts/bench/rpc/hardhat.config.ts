import { defineConfig } from 'hardhat/config'

/** Hardhat's own node as it is when nothing but the chain is set; `hardhat node` runs it. */
// biome-ignore lint/style/noDefaultExport: it is what Hardhat reads.
export default defineConfig({
  // Of its own: a node reads all contracts that were compiled, to explain errors by their sources.
  paths: { artifacts: process.env.POCA_BENCH_ARTIFACTS ?? 'cache/bench/hardhat' },
  networks: {
    node: {
      type: 'edr-simulated',
      chainType: 'generic',
      chainId: Number(process.env.POCA_BENCH_CHAIN_ID),
      hardfork: 'osaka',
      blockGasLimit: BigInt(process.env.POCA_BENCH_GAS_LIMIT ?? '30000000'),
      initialBaseFeePerGas: 1_000_000_000,
      mining: { auto: false, interval: Number(process.env.POCA_BENCH_INTERVAL_MS ?? 0) },
    },
  },
})
