// What a node hands to its engine: a meter of its own thread's work, and a budget from its chain.
import { setTimeout } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { cpuBudgetMsFor, cpuMeter } from '../../../chain/node/cpuMeter.ts'
import { defaults } from '../../../chain/node/options.ts'
import { smallGenesis } from '../fixtures/smallChain.ts'

const options = {
  ...defaults,
  genesis: smallGenesis(),
  signerKey: `0x${'11'.repeat(32)}`,
} as const

test('the meter counts work and not waiting', async () => {
  const start = cpuMeter()
  await setTimeout(200)
  const waited = cpuMeter() - start
  let sum = 0
  while (cpuMeter() - start - waited < 30) sum += Math.sqrt(sum + 1)
  expect(cpuMeter() - start).toBeGreaterThanOrEqual(waited + 30)
  expect(waited).toBeLessThan(150)
})

test('the budget is half of the interval, ten times as much for development, or what is asked', () => {
  expect(cpuBudgetMsFor(options)).toBe(500)
  expect(cpuBudgetMsFor({ ...options, devAccounts: [] })).toBe(5_000)
  expect(cpuBudgetMsFor({ ...options, devAccounts: [], cpuBudgetMs: 70 })).toBe(70)
})
