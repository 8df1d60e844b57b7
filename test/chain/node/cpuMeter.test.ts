// What a node hands to its engine: a meter of its own thread's work, and a budget from its chain. A
// transaction that takes too long leaves the pool of a running node for good.
import { setTimeout } from 'node:timers/promises'
import { bytesToHex } from '@ethereumjs/util'
import { expect, test } from 'vitest'
import { cpuBudgetMsFor, cpuMeter } from '../../../chain/node/cpuMeter.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { addresses, keys, signTx, smallGenesis } from '../fixtures/smallChain.ts'

const options = {
  ...defaults,
  genesis: smallGenesis(),
  signerKey: bytesToHex(keys[0] as Uint8Array),
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

test('a node drops what takes too long, once, and includes the rest', async () => {
  const node = await createNode(
    { ...options, intervalMs: 0, cpuBudgetMs: 100 },
    { now: () => 0x65000100 },
  )
  try {
    // JUMPDEST PUSH0 JUMP, with the best tip of all.
    const endless = { nonce: 0n, data: '0x5b5f56', gas: 15_000_000n, tip: 5_000_000_000n } as const
    const slow = signTx({ ...endless, key: keys[2] as Uint8Array })
    const transfers = [0n, 1n, 2n].map((nonce) =>
      signTx({ nonce, to: addresses[3] as Hex, value: 1n, gas: 21_000n }),
    )
    for (const { raw } of [slow, ...transfers]) await node.pool.add(raw)
    const first = await node.mine()
    expect(first.dropped.map(({ hash }) => hash)).toEqual([slow.hash])
    expect(first.receipts).toHaveLength(4)
    expect(node.pool.get(slow.hash)).toBeUndefined()
    expect((await node.mine()).dropped).toEqual([])
  } finally {
    await node.stop()
  }
})
