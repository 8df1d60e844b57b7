import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: [
      'test/chain/**/*.test.ts',
      'test/src/**/*.test.ts',
      'test/e2e/**/*.test.ts',
      'test/scripts/**/*.test.ts',
      'test/tidy.test.ts',
    ],
    // Processes, because LMDB environments and native modules do not like sharing one.
    pool: 'forks',
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 60_000,
  },
})
