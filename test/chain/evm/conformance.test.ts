// The runner of public state tests: small files in the same format pass on both executors, and each
// thing that a file states is found out when it is wrong.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { StateTestExecutor } from '../../conformance/executor.ts'
import { executors } from '../../conformance/executors.ts'
import { fastExecutor } from '../../conformance/fastExecutor.ts'
import { parseFixture, type StateTest } from '../../conformance/fixture.ts'
import { type KnownCase, readKnown } from '../../conformance/known.ts'
import { referenceExecutor } from '../../conformance/referenceExecutor.ts'
import { runFile } from '../../conformance/runFile.ts'
import { compareOnStateTest, runStateTest } from '../../conformance/runStateTest.ts'

const folder = join(import.meta.dirname, '../../conformance')
const files = readdirSync(join(folder, 'fixtures')).sort()
const testsOf = (file: string): readonly StateTest[] =>
  parseFixture(readFileSync(join(folder, 'fixtures', file), 'utf8')).tests
const tests = files.flatMap(testsOf)

function testCalled(part: string): StateTest {
  const found = tests.find(({ id }) => id.includes(part))
  if (found === undefined) throw new Error(`no test is called ${part}`)
  return found
}

function withExpected(test: StateTest, change: Partial<StateTest['expected']>): StateTest {
  return { ...test, expected: { ...test.expected, ...change } }
}

describe('own state tests', () => {
  it.each(tests.map((test) => [test.id, test] as const))('%s passes', async (_, test) => {
    for (const executor of executors.values()) {
      const isKnown = test.fork === 'Osaka' || executor !== fastExecutor
      const { kind } = await runStateTest(executor, test)
      expect(kind).toBe(isKnown ? 'pass' : 'skip')
    }
    const pair = [referenceExecutor, fastExecutor] as const
    expect(await compareOnStateTest(pair, test, 'osaka')).toEqual({ kind: 'pass' })
  })

  it('cover signed and unsigned transactions, and such as must be refused', () => {
    expect(files).toEqual(['contract.json', 'refused.json', 'transfer.json'])
    expect(tests).toHaveLength(8)
    expect(tests.filter(({ expected }) => expected.exception !== undefined)).toHaveLength(2)
  })
})

describe('runStateTest', () => {
  const wrongHash = `0x${'11'.repeat(32)}` as const

  it.each([
    ['state root', withExpected(testCalled('storage and log Osaka'), { stateRoot: wrongHash })],
    ['logs hash', withExpected(testCalled('storage and log Osaka'), { logsHash: wrongHash })],
    ['executed', withExpected(testCalled('to nobody'), { exception: 'anything' })],
    ['refused', withExpected(testCalled('wrong nonce'), { exception: undefined })],
  ])('finds a wrong %s', async (words, test) => {
    for (const executor of executors.values()) {
      const verdict = await runStateTest(executor, test)
      expect(verdict).toMatchObject({ kind: 'fail', difference: expect.stringContaining(words) })
    }
  })

  it('passes over forks and transactions that an executor does not know', async () => {
    const test = testCalled('to nobody')
    const later = await runStateTest(referenceExecutor, { ...test, fork: 'Later' })
    expect(later).toEqual({ kind: 'skip', reason: 'unknown fork Later' })
    const blob = { ...test, raw: Uint8Array.of(3, ...test.raw.slice(1)) }
    expect(await runStateTest(fastExecutor, blob)).toMatchObject({ kind: 'skip' })
  })

  it('finds two executors that differ', async () => {
    const generous: StateTestExecutor = {
      ...referenceExecutor,
      open: async (request) => {
        const state = await referenceExecutor.open(request)
        return {
          ...state,
          run: async (block, transactions) => {
            const outcomes = await state.run(block, transactions)
            return outcomes.map((one) => ('gasUsed' in one ? { ...one, gasUsed: 0n } : one))
          },
        }
      },
    }
    const test = testCalled('delegation')
    const verdict = await compareOnStateTest([referenceExecutor, generous], test, 'osaka')
    expect(verdict.kind).toBe('fail')
  })
})

describe('known cases', () => {
  const run = (known: readonly KnownCase[], isSlowWanted = false, filter = '') =>
    runFile({
      file: join(folder, 'fixtures/refused.json'),
      path: 'fixtures/refused.json',
      executor: referenceExecutor,
      filter,
      known,
      isSlowWanted,
    })
  const kinds = async (...args: Parameters<typeof run>) =>
    (await run(...args)).map(({ kind }) => kind)

  it('are all read, and each explains itself', () => {
    const known = readKnown(join(folder, 'known.json'))
    expect(known.length).toBeGreaterThan(5)
    for (const { reason } of known) expect(reason.length).toBeGreaterThan(10)
  })

  it('decide what is run and what a failure means', async () => {
    expect(await kinds([])).toEqual(['pass', 'pass'])
    const slow: KnownCase = { path: 'refused', kind: 'slow', reason: 'slow' }
    expect(await kinds([slow])).toEqual(['skip', 'skip'])
    expect(await kinds([slow], true)).toEqual(['pass', 'pass'])
    expect(await kinds([{ test: 'floor', kind: 'skip', reason: 'x' }])).toEqual(['skip', 'pass'])
    expect(await kinds([{ test: 'floor', kind: 'fail', reason: 'x' }])).toEqual(['fixed', 'pass'])
    expect(await kinds([{ origin: 'elsewhere', kind: 'skip', reason: 'x' }])).toEqual([
      'pass',
      'pass',
    ])
    expect(await kinds([], false, 'nonce')).toEqual(['pass'])
  })
})
