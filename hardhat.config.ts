import hardhatIgnitionViem from '@nomicfoundation/hardhat-ignition-viem'
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import hardhatNodeTestRunner from '@nomicfoundation/hardhat-node-test-runner'
import hardhatTypechain from '@nomicfoundation/hardhat-typechain'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import hardhatViemAssertions from '@nomicfoundation/hardhat-viem-assertions'
import { defineConfig } from 'hardhat/config'
import { compiler } from './scripts/lib/compiler.ts'
import { hardhatPoca } from './src/hardhat/plugin.ts'

/** Of each fuzz test; `npm test` asks for 1,000. */
const fuzzRuns = Number(process.env.POCA_FUZZ_RUNS ?? 50)
/** Sequences of 100 calls of each invariant test; `npm test` asks for 1,000. */
const sequences = Number(process.env.POCA_SEQUENCES ?? 10)

export default defineConfig({
  plugins: [
    hardhatViem,
    hardhatViemAssertions,
    hardhatNetworkHelpers,
    hardhatNodeTestRunner,
    hardhatIgnitionViem,
    hardhatTypechain,
    hardhatPoca,
  ],
  // Types for ethers users; our own code is typed by the ABIs in chain/system/abi.
  typechain: { outDir: './types/ethers' },
  solidity: compiler,
  paths: {
    sources: './contracts',
    tests: './test/contracts',
    cache: './cache',
    artifacts: './artifacts',
    ignition: './deploy',
  },
  // hardhatPoca brings the networks: pocaSim, Hardhat's simulator with the genesis of the
  // development chain, and pocaLocal, a node started by `npm start` or `npx poca dev`.
  test: {
    solidity: {
      fuzz: { runs: fuzzRuns, seed: '0x9043' },
      invariant: { runs: sequences, depth: 100, failOnRevert: false },
      fsPermissions: {
        readFile: ['./deploy', './test/vectors'],
        readDirectory: ['./deploy', './test/vectors'],
      },
    },
  },
})
