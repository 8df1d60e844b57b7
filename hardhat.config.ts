import hardhatIgnitionViem from '@nomicfoundation/hardhat-ignition-viem'
import hardhatNetworkHelpers from '@nomicfoundation/hardhat-network-helpers'
import hardhatNodeTestRunner from '@nomicfoundation/hardhat-node-test-runner'
import hardhatTypechain from '@nomicfoundation/hardhat-typechain'
import hardhatViem from '@nomicfoundation/hardhat-viem'
import hardhatViemAssertions from '@nomicfoundation/hardhat-viem-assertions'
import { defineConfig } from 'hardhat/config'
import { compiler } from './scripts/lib/compiler.ts'

export default defineConfig({
  plugins: [
    hardhatViem,
    hardhatViemAssertions,
    hardhatNetworkHelpers,
    hardhatNodeTestRunner,
    hardhatIgnitionViem,
    hardhatTypechain,
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
  networks: {
    // A node started by `npm start` or `npx poca dev`.
    pocaLocal: {
      type: 'http',
      chainType: 'generic',
      url: 'http://127.0.0.1:8545',
      chainId: 18512,
      accounts: { mnemonic: 'test test test test test test test test test test test junk' },
    },
    // Hardhat's own simulator, onto which src/hardhat writes the same genesis.
    pocaSim: {
      type: 'edr-simulated',
      chainType: 'generic',
      chainId: 18512,
      hardfork: 'osaka',
      blockGasLimit: 30_000_000,
      allowUnlimitedContractSize: false,
      accounts: {
        mnemonic: 'test test test test test test test test test test test junk',
        count: 20,
        accountsBalance: '10000000000000000000000',
      },
    },
  },
  test: {
    solidity: {
      fuzz: { runs: 256, seed: '0x9043' },
      invariant: { runs: 64, depth: 50, failOnRevert: false },
      fsPermissions: { readFile: ['./deploy', './test/vectors'], readDirectory: ['./deploy'] },
    },
  },
})
