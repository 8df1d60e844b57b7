// The engines agree on random worlds; and the comparison can fail: engines that are wrong on
// purpose, each in one way that a fast path could be wrong in, are found out and the case cut down.
import { describe, expect, it } from 'vitest'
import type { BuiltBlock, Engine, ExecutedBlock } from '../../../../chain/evm/engine.ts'
import { fastExecutor } from '../../../conformance/fastExecutor.ts'
import { referenceExecutor } from '../../../conformance/referenceExecutor.ts'
import { type EngineMaker, fastMaker, receiptsOf, referenceMaker } from './engines.ts'
import type { TransactionPlan } from './plan.ts'
import { createRandom, seedOf } from './random.ts'
import { randomWorld } from './randomWorld.ts'
import { refusalClass } from './refusals.ts'
import { runOnExecutors } from './runOnExecutors.ts'
import { runWorld, type WorldPlan } from './runWorld.ts'
import { shrinkWorld } from './shrink.ts'
import { places, senders } from './world.ts'

const SEED = Number(process.env.POCA_FUZZ_SEED ?? 20)

const transfer: TransactionPlan = {
  sender: 3,
  type: 2,
  isProtected: true,
  chainId: '0x4850',
  nonceDelta: 0,
  to: places.absent[0] ?? null,
  value: '0x1',
  payload: { hex: '0x' },
  gas: { from: 'zero', plus: 21_000 },
  feeDelta: 5,
  tip: 3,
  accessList: [],
  authorizations: [],
}

/** A world of one block that only holds what a test is about. */
function worldOf(...transactions: readonly TransactionPlan[]): WorldPlan {
  const block = { proposer: 0, seconds: 1, isSkipping: false, corruptions: [], hasReads: false }
  return { seed: 1, blocks: [{ ...block, transactions }] }
}

/** The reference engine with its results changed. */
function wrong(change: {
  readonly built?: (block: BuiltBlock) => BuiltBlock
  readonly verify?: (verify: Engine['verify']) => Engine['verify']
  readonly engine?: (engine: Engine) => Partial<Engine>
}): EngineMaker {
  return {
    name: 'wrong',
    create(deps) {
      const engine = referenceMaker().create(deps)
      const { built = (block) => block, verify = (one) => one } = change
      return {
        ...engine,
        build: async (request) => built(await engine.build(request)),
        verify: verify(engine.verify),
        ...change.engine?.(engine),
      }
    },
  }
}

describe(`two engines, seed ${SEED}`, () => {
  it('do the same in random worlds', async () => {
    for (let index = 0; index < 2; index++) {
      const plan = randomWorld(seedOf(SEED, index), {
        blocks: 4,
        transactions: 60,
        corruptions: 4,
        readsEvery: 3,
      })
      const { difference, counts } = await runWorld(plan, [referenceMaker(), fastMaker])
      expect(difference).toBeUndefined()
      expect(counts.get('transactions')).toBeGreaterThan(10)
    }
  }, 240_000)

  it('execute the same transactions alike without blocks', async () => {
    const size = { blocks: 4, transactions: 80, corruptions: 0, readsEvery: 1 }
    const plan = randomWorld(seedOf(SEED, 99), size)
    const { difference, counts } = await runOnExecutors(plan, [referenceExecutor, fastExecutor])
    expect(difference).toBeUndefined()
    expect(counts.get('transactions')).toBeGreaterThan(10)
  }, 240_000)
})

describe('the comparison', () => {
  const receiptsWith = (block: ExecutedBlock, gas: bigint): ExecutedBlock['receipts'] => ({
    ...block.receipts,
    decode: () => receiptsOf(block).map((one) => ({ ...one, gasUsed: one.gasUsed + gas })),
  })

  it.each<readonly [string, Parameters<typeof wrong>[0], string]>([
    [
      'gas in a receipt',
      { built: (block) => ({ ...block, receipts: receiptsWith(block, 1n) }) },
      'build: receipts',
    ],
    [
      'a candidate that is dropped',
      { built: (block) => ({ ...block, dropped: [] }) },
      'build: dropped',
    ],
    [
      'a degraded block',
      { built: (block) => ({ ...block, isDegraded: true }) },
      'build: facts.isDegraded',
    ],
    [
      'a base fee',
      { engine: (engine) => ({ nextBaseFee: async (at) => (await engine.nextBaseFee(at)) + 1n }) },
      'nextBaseFee',
    ],
    ['a block that is valid', { verify: () => () => Promise.reject(new Error('no')) }, 'verify'],
    [
      'an account',
      {
        engine: (engine) => ({
          account: async (address, at) => ({ ...(await engine.account(address, at)), nonce: 9n }),
        }),
      },
      'account',
    ],
  ])('notices %s', async (_, change, where) => {
    const plan = worldOf(transfer, { ...transfer, sender: 4, value: 'tooMuch' })
    const blocks = plan.blocks.map((block) => ({ ...block, hasReads: true }))
    const pair = [referenceMaker(), wrong(change)] as const
    const { difference } = await runWorld({ ...plan, blocks }, pair)
    expect(difference?.where.startsWith(where)).toBe(true)
  })

  it('notices an engine that takes a spoiled block', async () => {
    const [block] = worldOf(transfer).blocks
    if (block === undefined) throw new Error('block')
    const corruption = { index: 9, edit: 'increment', at: 0, byte: 1, isRooted: true } as const
    const plan = {
      seed: 1,
      blocks: [{ ...block, corruptions: [{ ...corruption, kind: 'header' } as const] }],
    }
    let known: ExecutedBlock | undefined
    const trusting = wrong({
      verify: (verify) => async (request) => {
        known ??= await verify(request)
        return known
      },
    })
    const { difference } = await runWorld(plan, [referenceMaker(), trusting])
    expect(difference?.where).toMatch(/^verify .*header/)
    expect(difference).toMatchObject({ left: 'EVM_BAD_HEADER gasLimit', right: 'no error' })
  })

  it('cuts a case down to the transaction that shows it', async () => {
    const [absent] = places.absent
    const plan = worldOf(
      transfer,
      {
        ...transfer,
        sender: 5,
        to: places.plain,
        accessList: [{ address: places.plain, storageKeys: [] }],
      },
      { ...transfer, sender: 6, to: senders[7] ?? null },
    )
    // Wrong about one recipient only.
    const forgetful = wrong({
      built: (block) => {
        const touches = receiptsOf(block).some(({ to }) => to === absent)
        return touches ? { ...block, isDegraded: true } : block
      },
    })
    const pair = [referenceMaker(), forgetful] as const
    const differs = async (smaller: WorldPlan) =>
      (await runWorld(smaller, pair)).difference !== undefined
    const smallest = await shrinkWorld(plan, differs, 60)
    const [block] = smallest.blocks
    expect(smallest.blocks).toHaveLength(1)
    expect(block?.transactions).toHaveLength(1)
    expect(block?.transactions[0]).toMatchObject({ to: absent, value: '0x0', tip: 0, type: 0 })
    expect(JSON.parse(JSON.stringify(smallest))).toEqual(smallest)
  })
})

describe('refusalClass', () => {
  it.each([
    [
      "the tx doesn't have the correct nonce. account has nonce of: 1 (vm hf=osaka -> ...)",
      'nonce',
    ],
    ['wrong nonce', 'nonce'],
    ["sender doesn't have enough funds to send tx. (vm hf=osaka -> nonce=3)", 'funds'],
    ['sender cannot pay', 'funds'],
    ['INTRINSIC_GAS_TOO_LOW: tx gas limit 1 (vm hf=osaka -> nonce=3)', 'intrinsicGas'],
    ['gas below the intrinsic gas', 'intrinsicGas'],
    ['blob transactions are not accepted', 'malformed'],
    ['invalid RLP: total length is larger than the data', 'malformed'],
  ])('finds the class of %j', (reason, expected) => {
    expect(refusalClass(reason)).toBe(expected)
  })
})

describe('createRandom', () => {
  it('repeats itself for a seed, differs for another and stays below its bound', () => {
    const draw = (seed: number) => {
      const random = createRandom(seed)
      return Array.from({ length: 50 }, () => random.below(1_000))
    }
    expect(draw(5)).toEqual(draw(5))
    expect(draw(5)).not.toEqual(draw(6))
    expect(Math.max(...draw(7))).toBeLessThan(1_000)
    expect(createRandom(1).bigBelow(7n)).toBeLessThan(7n)
    expect(new Set(Array.from({ length: 500 }, (_, index) => seedOf(1, index))).size).toBe(500)
  })
})
