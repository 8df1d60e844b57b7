// The benchmark measures what it says: its transactions are what the library reads, the same seed
// gives the same bytes, servers are counted by what is in their blocks, and a command line that
// makes no sense is refused in words.
import { spawnSync } from 'node:child_process'
import { createTxFromRLP } from '@ethereumjs/tx'
import { bytesToHex } from '@ethereumjs/util'
import { describe, expect, test } from 'vitest'
import { benchCommon, prepareBaseState } from '../../../scripts/bench/benchChain.ts'
import { createBenchGenesis } from '../../../scripts/bench/benchGenesis.ts'
import { engineTargets } from '../../../scripts/bench/engineTargets.ts'
import { BenchUsageError, helpText, parseBenchOptions } from '../../../scripts/bench/options.ts'
import { quantilesOf } from '../../../scripts/bench/quantiles.ts'
import { createRandom } from '../../../scripts/bench/random.ts'
import { bestOf, type CaseReport, nameAmong } from '../../../scripts/bench/report/benchReport.ts'
import { markdownOf } from '../../../scripts/bench/report/markdown.ts'
import { plotsOf } from '../../../scripts/bench/report/plots.ts'
import { measureRpc } from '../../../scripts/bench/rpc/measureRpc.ts'
import { ownTarget } from '../../../scripts/bench/rpc/ownTarget.ts'
import { signIntent } from '../../../scripts/bench/signIntent.ts'
import { prepareTxFile, readItems } from '../../../scripts/bench/txFile.ts'
import { workloadOf, workloads } from '../../../scripts/bench/workloads.ts'

const common = benchCommon()
const genesisOptions = {
  ...{ seed: 'tool', accounts: 60, senders: 30, hasTokens: false },
  ...{ tokenCodeSize: 0, senderNonce: 0 },
}
const bench = createBenchGenesis(genesisOptions)
const context = (count = 40, blockTxs = 8) => ({
  ...{ accounts: bench.accounts, random: createRandom('tool'), count, blockTxs },
})
const signed = (id: string, index: number, nonce = 7) => {
  const intent = workloadOf(id)!.intent(index, context())
  const key = bench.accounts.keyOf(intent.sender)
  return { intent, raw: signIntent(intent, { chainId: common.chainId(), nonce, key }) }
}

describe('transactions', () => {
  test.each(workloads.filter(({ kind }) => kind !== 'invalid'))(
    'of $id are what the library reads',
    ({ id }) => {
      for (const index of [0, 1, 9, 39]) {
        const { intent, raw } = signed(id, index)
        const tx = createTxFromRLP(raw, { common })
        expect(bytesToHex(tx.serialize())).toBe(bytesToHex(raw))
        expect(tx.getSenderAddress().toString()).toBe(bench.accounts.senders[intent.sender])
        expect(tx).toMatchObject({ nonce: 7n, gasLimit: intent.gas, value: intent.value })
        expect(tx.to?.toString()).toBe(intent.to)
        expect(bytesToHex(tx.data)).toBe(intent.data)
      }
    },
  )

  test('of X1 are wrong in the way they are meant to be', () => {
    expect(() => createTxFromRLP(signed('X1', 0).raw, { common }).getSenderAddress()).toThrow()
    expect(createTxFromRLP(signed('X1', 1).raw, { common }).nonce).toBe(0n)
    const { balance } = bench.genesis.accounts.find(
      ({ address }) => address === bench.accounts.senders[0],
    )!
    expect(createTxFromRLP(signed('X1', 2).raw, { common }).value).toBeGreaterThan(balance)
  })

  test('follow from the seed alone', () => {
    const draw = (seed: string) => {
      const random = createRandom(seed)
      return Array.from({ length: 20 }, () => random.below(1_000))
    }
    expect(draw('a')).toEqual(draw('a'))
    expect(draw('a')).not.toEqual(draw('b'))
    expect(createBenchGenesis(genesisOptions).accounts.senders).toEqual(bench.accounts.senders)
    const again = createBenchGenesis({ ...genesisOptions, seed: 'other' })
    expect(again.accounts.senders).not.toEqual(bench.accounts.senders)
    expect(again.key).not.toBe(bench.key)
  })

  test('leave the supply at the cap', () => {
    const sum = bench.genesis.accounts.reduce((total, { balance }) => total + balance, 0n)
    expect(sum).toBe(210_000_000n * 10n ** 18n)
  })
})

test('a server is measured by what is in its blocks', async () => {
  const workload = workloadOf('T1')!
  const txs = prepareTxFile({ workload, seed: 'tool', count: 50, blockTxs: 8 }, bench)
  expect(readItems(txs.path)).toHaveLength(50)
  const base = await prepareBaseState(bench)
  const result = await measureRpc({
    target: ownTarget(engineTargets[0]!),
    ...{
      txs,
      count: 40,
      warmupCount: 10,
      batch: 8,
      connections: 2,
      mining: 'manual',
      secondsMax: 60,
    },
    start: { bench, genesisOptions, base, intervalMs: 0 },
  })
  expect(result).toMatchObject({ sent: 40, accepted: 40, refused: 0, included: 40 })
  expect(result.gas).toBeGreaterThan(40 * 21_000)
  expect(result.diskBytes).toBeGreaterThan(0)
  expect(result.seconds).toBeGreaterThanOrEqual(result.admissionSeconds)
})

describe('command line', () => {
  test('is read', () => {
    const given = ['-w', 't1,E1', '-l', 'l2', '--accounts', '1_000,2000', '--rate', '50']
    expect(parseBenchOptions(given)).toMatchObject({
      ...{ levels: ['L2'], accounts: [1_000, 2_000], rate: 50, targets: undefined },
      workloads: [{ id: 'T1' }, { id: 'E1' }],
    })
    expect(parseBenchOptions(['--help'])).toBeUndefined()
    for (const { id } of workloads) expect(helpText()).toContain(`  ${id} `)
  })

  test.each([
    ['--workload', 'T99'],
    ['--level', 'L9'],
    ['--target', 'geth'],
    ['--count', '-1'],
    ['--count', 'many'],
    ['--mining', 'often'],
    ['--token-code-size', '24577'],
    ['--colour', 'red'],
  ])('is refused with %s %s', (...args) => {
    expect(() => parseBenchOptions(args)).toThrow(BenchUsageError)
  })
})

test('a recording that cannot be read is told in words', async () => {
  const refused = (path: string) => {
    const args = ['scripts/bench.ts', '--recording', path, '-l', 'L1', '-t', 'fast', '-r', '1']
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(stderr).not.toContain('    at ')
    return { status, stderr }
  }
  const nowhere = refused('nowhere.mdb')
  expect(nowhere.status).toBe(2)
  expect(nowhere.stderr).toContain('There is no database nowhere.mdb.')
  const base = await prepareBaseState(bench)
  const foreign = refused(base.path)
  expect(foreign.status).toBe(1)
  expect(foreign.stderr).toContain('[STORAGE_WRONG_GENESIS]')
})

describe('report', () => {
  const run = {
    ...{ seconds: 1, txs: 10, tps: 10, mgasPerSecond: 1, cpuUsPerTx: 50, blocks: 1 },
    ...{ loopDelayP99Ms: 1, rssPeakBytes: 1e6, diskBytes: 100 },
    stagesUsPerTx: { verify: 30, commit: 5 },
  }
  const one: CaseReport = {
    ...{ workload: 'T1', title: 'transfers', level: 'L3', target: 'reference' },
    ...{ fsync: 'each block', seed: 's', accounts: 1_000, senders: 500, count: 10, blockTxs: 10 },
    tokenCodeSize: 4_099,
    runs: [run, { ...run, tps: 20 }],
  }
  const machine = {
    ...{ date: '2026-01-01T00:00:00Z', commit: 'c', node: 'v24', os: 'o', cpu: 'a<b', cores: 2 },
    ...{ memoryBytes: 2 ** 30, loadBefore: 0, loadAfter: 0, cpus: 'any', generatorCpus: 'any' },
  }

  test('counts the best run and tells how far off the worst is', () => {
    expect(bestOf(one).tps).toBe(20)
    const text = markdownOf({ format: 1, machine, cases: [one], skipped: [] })
    expect(text).toContain('| 20 | 50 %, 2 runs |')
    expect(text).toContain('| T1 L3 reference | 30.0 | 5.0 | 15.0 | 50.0 |')
  })

  test('names cases by what they differ in, and draws a line through what grows', () => {
    const many: CaseReport = { ...one, accounts: 25_000 }
    expect(nameAmong(one, [one, many])).toBe('T1 L3 reference, 1000 accounts')
    expect(nameAmong(many, [one, many])).toBe('T1 L3 reference, 25k accounts')
    const plots = plotsOf({ format: 1, machine, cases: [one, many], skipped: [] })
    expect(plots.map(({ name }) => name)).toEqual(['tps', 'stages', 'accounts'])
    for (const { svg } of plots) expect(svg).toMatch(/^<svg [\s\S]*<\/svg>\n$/)
  })

  test('quantiles are values that were seen', () => {
    const values = Array.from({ length: 100 }, (_, index) => 100 - index)
    expect(quantilesOf(values)).toEqual({ p50: 50, p95: 95, p99: 99, max: 100 })
    expect(quantilesOf([])).toEqual({ p50: 0, p95: 0, p99: 0, max: 0 })
  })
})
