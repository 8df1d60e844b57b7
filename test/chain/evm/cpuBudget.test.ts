// A builder has CPU time as well as gas to give. First the budget by itself on a clock made of
// numbers; then blocks, on a clock that goes on by one each time it is read, so that every run ends
// at the same instruction; last the real CPU time of a block that attackers fill.
import { setImmediate } from 'node:timers/promises'
import { bytesToHex } from '@ethereumjs/util'
import { describe, expect, test } from 'vitest'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import { createCpuBudget, unlimitedCpu } from '../../../chain/evm/cpuBudget.ts'
import type { Candidate, Candidates } from '../../../chain/evm/engine.ts'
import { cpuMeter } from '../../../chain/node/cpuMeter.ts'
import { createPacing } from '../../../chain/node/pacing.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { limits } from '../../../chain/primitives/limits.ts'
import type { GenesisAccount } from '../../../chain/system/genesis/genesisFile.ts'
import { addressBytes, allCases } from '../../../scripts/gasTable/cases.ts'
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

const LIGHT = limits.lightCandidateGasMax
const BIG = LIGHT + 1n

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

  test('gives one candidate half of it and no more', () => {
    const { clock, budget } = at()
    budget.admit(LIGHT)
    clock.ms += 500
    expect(budget.settle()).toBeUndefined()
    budget.admit(BIG)
    clock.ms += 501
    expect(budget.settle()).toMatchObject({
      facts: { code: 'EVM_TRANSACTION_TOO_LONG', msMax: 500 },
    })
  })

  test('ends a candidate at its next step or pulse, and nothing between candidates', () => {
    const { clock, budget } = at()
    const pace = budget.paced()
    clock.ms += 300
    expect(pace?.step()).toBeUndefined()
    budget.admit(BIG)
    clock.ms += 500
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
    clock.ms += 500
    expect(budget.settle()).toBeUndefined()
    expect(budget.admit(LIGHT)).toBe('try')
  })

  test('gives all heavy candidates together no more than half of it', () => {
    const { clock, budget } = at()
    expect(budget.admit(BIG)).toBe('try')
    clock.ms += 300
    expect(budget.settle()).toBeUndefined()
    expect(budget.admit(BIG)).toBe('try')
    clock.ms += 201
    // It had 200 ms, less than a share: that is no fault of its own.
    expect(budget.settle()).toBe('later')
    expect(budget.admit(BIG)).toBe('skip')
    expect(budget.admit(LIGHT)).toBe('try')
    clock.ms += 490
    expect(budget.settle()).toBeUndefined()
    expect(budget.admit(LIGHT)).toBe('try')
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

  test('passes over heavy candidates after one has wasted their time', async () => {
    const chain = await createTestChain({ cpuMeter: ticking() })
    const slow = [2, 3, 4].map((key) => [attack(key, 0n, jumpLoop)])
    const block = await buildOn(chain, pooled([...slow, [honest(0n)]]), 2_000)
    expect(block.dropped.map(({ hash }) => hash)).toEqual(slow.slice(0, 1).map(([tx]) => tx?.hash))
    expect(block.receipts.decode().map(({ status }) => status)).toEqual([1, 1])
  })

  test('ends the system transaction whatever the time', async () => {
    const chain = await createTestChain({ cpuMeter: ticking() })
    const block = await buildOn(chain, pooled([[honest(0n)]]), 0)
    expect(block.receipts.count).toBe(1)
    expect(block.isDegraded).toBe(false)
  })
})

describe('verification', () => {
  test('is given up when its time is over, without a word about the block', async () => {
    const plain = await createTestChain()
    const { raw } = await buildOn(plain, pooled([[attack(4, 0n, jumpLoop, 1_000_000n)]]))
    const request = { parent: plain.parent(), proposer, raw }
    const voter = await createTestChain({ cpuMeter: ticking() })
    await expect(voter.engine.verify({ ...request, cpuBudgetMs: 20 })).rejects.toMatchObject({
      facts: { code: 'EVM_BLOCK_TOO_LONG', msMax: 20 },
    })
    await expect(voter.engine.verify({ ...request, cpuBudgetMs: 1e9 })).resolves.toBeDefined()
    await expect(voter.engine.verify(request)).resolves.toBeDefined()
  })

  test('that a precompile runs out of time in does not call the block wrong', async () => {
    const plain = await createTestChain()
    // One pairing after another: the last of them is ended by a pulse, in the middle.
    const { raw } = await buildOn(plain, pooled([[attack(4, 0n, callLoop('0008', '7ec0'))]]))
    const request = { parent: plain.parent(), proposer, raw }
    const voter = await createTestChain({ cpuMeter: ticking() })
    for (const cpuBudgetMs of [1, 30, 31, 32, 100, 150, 160]) {
      await expect(voter.engine.verify({ ...request, cpuBudgetMs })).rejects.toMatchObject({
        code: 'EVM_BLOCK_TOO_LONG',
      })
    }
  })
})

/** What docs/gasTable.md has at its top, each program with an account of its own. */
const WORST = [
  ...['call of 24 KiB of PUSH1s that jump once', 'CALL of a contract that stops', 'JUMPDEST'],
  ...['0x09 BLAKE2F of 1 round', '0x04 identity of 0 bytes', '0x0a point evaluation'],
  ...['0x0c BLS G1 products of 16', '0x0b BLS G1 addition', '0x08 BN254 pairing of 16'],
  ...['0x05 MODEXP 32^32 mod 32', '0x0f BLS pairing of 8', 'COINBASE', 'EXP'],
  ...['CREATE2 with 49152 bytes of initcode that jump', 'KECCAK256 of nothing', 'TLOAD'],
]

function worstPrograms() {
  const plain = smallGenesis()
  const known = allCases()
  const accounts = new Map<Hex, GenesisAccount>()
  const put = (address: Hex, code: Uint8Array, balance = 0n): void => {
    accounts.set(address, { address, balance, nonce: 1n, code: bytesToHex(code), storage: [] })
  }
  const calls = WORST.map((name, index) => {
    const item = known.find((one) => one.name === name)
    if (item?.program === undefined) throw new Error(`there is no program ${name}`)
    const to: Hex = `0x${(0xbad00 + index).toString(16).padStart(40, '0')}`
    put(to, item.program, 10n ** 18n)
    // Two programs call the same account; one that only stops is the same account with less in it.
    for (const [key, { code }] of item.accounts ?? []) {
      const address = bytesToHex(addressBytes(key))
      if (code !== undefined && !accounts.has(address)) put(address, code)
    }
    return { to, data: bytesToHex(item.data ?? new Uint8Array()) }
  })
  return { genesis: { ...plain, accounts: [...plain.accounts, ...accounts.values()] }, calls }
}

test('attackers who fill the pool do not lengthen a block, and honest transfers get in', async () => {
  const { genesis, calls } = worstPrograms()
  const budgetMs = 400
  /** Each attacker begins with another program. */
  const attackers = () =>
    [2, 3, 4, 5].map((key) =>
      [...calls.slice(3 * key), ...calls.slice(0, 3 * key)].map(({ to, data }, nonce) =>
        signTx({ key: keys[key] as Uint8Array, nonce: BigInt(nonce), to, data, gas: 4_500_000n }),
      ),
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
  // The budget and one share, and what a block costs anyway; half of it again for a busy machine.
  const boundMs = budgetMs + budgetMs / limits.candidateCpuDivisor + quiet.cpuMs
  expect(guarded.cpuMs).toBeLessThan(1.5 * boundMs)
  expect(open.cpuMs).toBeGreaterThan(2 * guarded.cpuMs)
  const { receipts } = guarded.block
  expect(receipts.count).toBeLessThan(open.block.receipts.count)
  expect(receipts.decode().filter(({ from }) => from === addresses[1])).toHaveLength(20)
  const verified = await unlimited.engine.verify({
    parent: unlimited.parent(),
    proposer,
    raw: guarded.block.raw,
  })
  expect(verified.hash).toBe(guarded.block.hash)
}, 120_000)
