import { defineConfig } from 'hardhat/config'
import { compiler } from './scripts/lib/compiler.ts'

/**
 * Compiles what goes into the genesis, each file with nothing but what it imports. Through the IR a
 * contract's bytecode depends on whatever else is compiled in the same run; alone it depends on its
 * sources only, so that everybody builds the same genesis. Slower, hence not for tests.
 */
export default defineConfig({
  solidity: { ...compiler, isolated: true },
  paths: {
    sources: './contracts',
    cache: './cache-genesis',
    artifacts: './artifacts-genesis',
  },
})
