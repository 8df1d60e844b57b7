// The commands with which docs/performance.md says that its figures can be measured again are those
// that were used: each asks for exactly the cases that the report of its name holds.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseBenchOptions } from '../../scripts/bench/options.ts'
import type { BenchReport } from '../../scripts/bench/report/benchReport.ts'
import { casesOf } from '../../scripts/bench/runCases.ts'
import { recordedWorkload } from '../../scripts/bench/workloads.ts'

const page = readFileSync('docs/performance.md', 'utf8')
const commands = page
  .split('\n')
  .filter((line) => line.startsWith('npm run bench -- ') && line.includes(' -o docs/bench/'))
  .map((line) => parseBenchOptions(line.split(' ').slice(4))!)

test('every report on the page has a command', () => {
  const named = new Set([...page.matchAll(/<!-- figures (\w+) /g)].map(([, name]) => name))
  expect(commands.map(({ out }) => out?.split('/').at(-1)).sort()).toEqual([...named].sort())
})

test.each(commands.map((options) => [options.out, options] as const))('%s', (out, options) => {
  const report: BenchReport = JSON.parse(readFileSync(`${out}.json`, 'utf8'))
  const asked = casesOf(options)
    .flat()
    .map(({ workload, level, target, count, blockTxs, genesis }) => ({
      ...{ workload: workload.id, level, target, runs: options.repeat },
      // A recording has as many accounts and transactions as it has.
      ...(workload === recordedWorkload ? {} : { count, accounts: genesis.accounts }),
      ...(level === 'L4' || workload === recordedWorkload ? {} : { blockTxs }),
      ...(level === 'L4' ? { batch: options.batch, mining: options.mining } : {}),
    }))
  const held = report.cases.map(({ workload, level, target, count, accounts, ...rest }) => ({
    ...{ workload, level, target, runs: rest.runs.length },
    ...(workload === recordedWorkload.id ? {} : { count, accounts }),
    ...(rest.blockTxs === undefined ? {} : { blockTxs: rest.blockTxs }),
    ...(rest.feed === undefined ? {} : { batch: rest.feed.batch, mining: rest.feed.mining }),
  }))
  const sorted = (list: readonly object[]) => list.map((one) => JSON.stringify(one)).sort()
  expect(sorted(held)).toEqual(sorted(asked))
})
