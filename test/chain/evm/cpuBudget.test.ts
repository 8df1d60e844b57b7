// A builder has CPU time as well as gas to give. First the budget by itself on a clock made of
// numbers; then blocks, on a clock that goes on by one each time it is read, so that every run ends
// at the same instruction; last the real CPU time of a block that attackers fill.
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import { createCpuBudget, unlimitedCpu } from '../../../chain/evm/cpuBudget.ts'
import type { Candidate, Candidates } from '../../../chain/evm/engine.ts'
import { cpuMeter } from '../../../chain/node/cpuMeter.ts'
import { createPacing } from '../../../chain/node/pacing.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { limits } from '../../../chain/primitives/limits.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import {
  addresses,
  keys,
  proposerKey,
  say,
  signTx,
  smallGenesis,
  toolAddress,
  word,
} from '../fixtures/smallChain.ts'
import { createTestChain, proposer, type TestChain } from './harness.ts'

const BIG = limits.calmCandidateGasMax + 1n

describe('a budget of 1,000 ms', () => {
  const at = (start = 0) => {
    const clock = { ms: start }
    return { clock, budget: createCpuBudget(1_000, () => clock.ms) }
  }

  test('lets nothing begin once it is spent, whoever spent it', () => {
    const { clock, budget } = at(7)
    expect(budget.admit(21_000n)).toBe('try')
    clock.ms += 200
    expect(budget.settle()).toBeUndefined()
    clock.ms += 799
    expect(budget.admit(21_000n)).toBe('try')
    expect(budget.settle()).toBeUndefined()
    clock.ms += 1
    expect(budget.admit(21_000n)).toBe('stop')
  })

  test('gives one candidate a quarter and no more', () => {
    const { clock, budget } = at()
    budget.admit(BIG)
    clock.ms += 250
    expect(budget.settle()).toBeUndefined()
    budget.admit(BIG)
    clock.ms += 251
    expect(budget.settle()).toMatchObject({
      facts: { code: 'EVM_TRANSACTION_TOO_LONG', msMax: 250 },
    })
  })

  test('ends a candidate at its next step or pulse, and nothing between candidates', () => {
    const { clock, budget } = at()
    const pace = budget.paced()
    clock.ms += 300
    expect(pace?.step()).toBeUndefined()
    budget.admit(BIG)
    clock.ms += 250
    expect(pace?.step()).toBeUndefined()
    clock.ms += 1
    const tooLong = expect.objectContaining({ code: 'EVM_TRANSACTION_TOO_LONG' })
    expect(() => pace?.step()).toThrow(tooLong)
    expect(() => pace?.pulse?.()).toThrow(tooLong)
    budget.settle()
    expect(pace?.step()).toBeUndefined()
  })

  test('does not count what others do while a candidate rests', async () => {
    const { clock, budget } = at()
    const pace = budget.paced({ step: () => setImmediate(), end: () => undefined })
    budget.admit(BIG)
    const rest = pace?.step()
    clock.ms += 5_000
    await rest
    clock.ms += 250
    expect(budget.settle()).toBeUndefined()
    expect(budget.admit(BIG)).toBe('try')
  })

  test('passes over big candidates after half of it was wasted', () => {
    const { clock, budget } = at()
    for (let i = 0; i < 2; i++) {
      expect(budget.admit(BIG)).toBe('try')
      clock.ms += 251
      expect(budget.settle()).toBeDefined()
    }
    expect(budget.admit(BIG)).toBe('skip')
    expect(budget.admit(BIG - 1n)).toBe('try')
  })

  test('without a meter lets everything in', () => {
    expect(unlimitedCpu.admit(10n ** 9n)).toBe('try')
    expect(unlimitedCpu.settle()).toBeUndefined()
    expect(unlimitedCpu.paced()).toBeUndefined()
  })
})

/** Writes storage, transient storage and a log, creates an account, pays it, and loops for ever. */
const busyLoop: Hex = `0x60015f55${'60015f5d'}${'5f5fa0'}${'5f5f6001f050'}${'5b6011'}56`
/** Creates contracts with its own code for ever, which do the same. */
const createTree: Hex = '0x5b385f5f39385f5ff0505f56'
const jumpLoop: Hex = '0x5b5f56'
/** Calls precompile `address` with `size` bytes of memory, for ever. */
const callLoop = (address: string, size: string): Hex => `0x5b5f5f61${size}5f61${address}5afa505f56`
/** 65,535 bytes of memory, hashed for ever. */
const hashLoop: Hex = '0x5b61ffff5f20505f56'

const attack = (key: number, nonce: bigint, data: Hex, gas = 12_000_000n) =>
  signTx({ key: keys[key] as Uint8Array, nonce, data, gas, value: 5n })
const honest = (nonce: bigint) =>
  signTx({ nonce, to: addresses[3] as Hex, value: 5n, gas: 21_000n })

/** Candidates by sender, in turn, as the pool gives them: `skipSender` takes the sender's rest. */
function pooled(senders: readonly (readonly Candidate[])[]): Candidates {
  const lines = senders.map((line) => [...line])
  let current: Candidate[] | undefined
  return Object.assign(
    (function* () {
      for (;;) {
        current = lines.find((line) => line.length > 0)
        const next = current?.shift()
        if (next === undefined) return
        yield next
      }
    })(),
    { skipSender: () => void current?.splice(0) },
  )
}

async function buildOn(chain: TestChain, candidates: Candidates, cpuBudgetMs?: number) {
  const parent = chain.parent()
  return chain.engine.build({
    parent,
    timestamp: parent.timestamp + 1n,
    proposer,
    sign: (hash) => sign(hash, proposerKey),
    candidates: () => candidates,
    cpuBudgetMs,
  })
}

/** Milliseconds that go on by one each time somebody looks. */
function ticking(): () => number {
  let ms = 0
  return () => ms++
}

describe('a block', () => {
  test.each([
    ['loops after it has written everywhere', busyLoop],
    ['creates for ever', createTree],
    ['hashes for ever', hashLoop],
  ])('is as if a transaction that %s had never been tried', async (_, data) => {
    const chain = await createTestChain({ cpuMeter: ticking() })
    const plain = await createTestChain()
    const tool = (nonce: bigint) => signTx({ nonce, to: toolAddress, data: say(word(1n), 2n) })
    const slow = attack(4, 0n, data)
    const block = await buildOn(
      chain,
      pooled([[honest(0n)], [slow, attack(4, 1n, '0x00', 100_000n)], [tool(1n), honest(2n)]]),
      300,
    )
    expect(block.dropped).toEqual([
      { hash: slow.hash, reason: expect.stringContaining('CPU time') },
    ])
    const expected = await buildOn(plain, pooled([[honest(0n), tool(1n), honest(2n)]]))
    expect(expected.dropped).toEqual([])
    expect(block.hash).toBe(expected.hash)
    const verified = await plain.engine.verify({
      parent: plain.parent(),
      proposer,
      raw: block.raw,
    })
    expect(verified.stateRoot).toBe(block.stateRoot)
  })

  test('is the same with a pace that rests in the middle of what is dropped', async () => {
    const pacing = createPacing({ sliceMs: 2, callMsMax: 50, longCallsMax: 4 }, ticking())
    const chain = await createTestChain({ cpuMeter: ticking(), pacing })
    const plain = await createTestChain()
    const block = await buildOn(chain, pooled([[attack(4, 0n, busyLoop)], [honest(0n)]]), 200)
    expect(block.dropped).toHaveLength(1)
    expect(block.hash).toBe((await buildOn(plain, pooled([[honest(0n)]]))).hash)
  })

  test('ends when its time is spent and leaves the rest in the pool', async () => {
    const chain = await createTestChain({ cpuMeter: ticking() })
    const senders = [Array.from({ length: 200 }, (_, i) => honest(BigInt(i)))]
    const block = await buildOn(chain, pooled(senders), 12)
    expect(block.dropped).toEqual([])
    expect(block.receipts.count).toBeGreaterThan(2)
    expect(block.receipts.count).toBeLessThan(150)
  })

  test('passes over big candidates after two have wasted their time', async () => {
    const chain = await createTestChain({ cpuMeter: ticking() })
    const slow = [2, 3, 4].map((key) => [attack(key, 0n, jumpLoop)])
    const block = await buildOn(chain, pooled([...slow, [honest(0n)]]), 2_000)
    expect(block.dropped.map(({ hash }) => hash)).toEqual(slow.slice(0, 2).map(([tx]) => tx?.hash))
    expect(block.receipts.decode().map(({ status }) => status)).toEqual([1, 1])
  })

  test('ends the system transaction whatever the time', async () => {
    const chain = await createTestChain({ cpuMeter: ticking() })
    const block = await buildOn(chain, pooled([[honest(0n)]]), 0)
    expect(block.receipts.count).toBe(1)
    expect(block.isDegraded).toBe(false)
  })
})

test('attackers who fill the pool do not lengthen a block, and honest transfers get in', async () => {
  const balances = { [addresses[0] as Hex]: 10n ** 24n }
  const genesis = smallGenesis({ balances })
  // A quarter and less of what the worst transactions that fit take each engine.
  const budgetMs = engineOfTests === 'fast' ? 40 : 400
  // Powers, pairings, a sum of products, P-256 and plain loops; all precompiles get zeros or worse.
  const programs: readonly Hex[] = [
    ...[jumpLoop, busyLoop, createTree, hashLoop],
    ...[callLoop('0008', '7ec0'), callLoop('0005', '0c60'), callLoop('000c', '7d00')],
    ...[callLoop('0100', '00a0'), callLoop('0009', '00d5')],
  ]
  const attackers = () =>
    [2, 3, 4, 5].map((key) =>
      programs.map((program, nonce) => attack(key, BigInt(nonce), program, 4_500_000n)),
    )
  const transfers = Array.from({ length: 20 }, (_, i) => honest(BigInt(i)))
  const cpuOf = async (chain: TestChain, candidates: Candidates, ms?: number) => {
    const before = cpuMeter()
    const block = await buildOn(chain, candidates, ms)
    return { block, cpuMs: cpuMeter() - before }
  }

  const chain = await createTestChain({ genesis, cpuMeter })
  const unlimited = await createTestChain({ genesis })
  const quiet = await cpuOf(chain, pooled([transfers]))
  const guarded = await cpuOf(chain, pooled([...attackers(), transfers]), budgetMs)
  const open = await cpuOf(unlimited, pooled([...attackers(), transfers]))
  // The budget and one share, and what a block costs anyway; half as much again for a busy machine.
  const boundMs = budgetMs + budgetMs / limits.candidateCpuDivisor + quiet.cpuMs
  expect(guarded.cpuMs).toBeLessThan(1.5 * boundMs)
  expect(open.cpuMs).toBeGreaterThan(2 * guarded.cpuMs)
  expect(guarded.block.dropped.length).toBeGreaterThan(0)
  const { receipts } = guarded.block
  expect(receipts.decode().filter(({ from }) => from === addresses[1])).toHaveLength(20)
  const verified = await unlimited.engine.verify({
    parent: unlimited.parent(),
    proposer,
    raw: guarded.block.raw,
  })
  expect(verified.hash).toBe(guarded.block.hash)
}, 120_000)
