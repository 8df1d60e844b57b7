// Lets two engines build and verify random chains and stops where they differ:
//
//   node scripts/fuzzEngines.ts                           100,000 transactions, a seed of today
//   node scripts/fuzzEngines.ts --transactions 1000000 --jobs 2 --seed 7
//   node scripts/fuzzEngines.ts --left reference --right fast
//   node scripts/fuzzEngines.ts --mode executor           transactions alone, without blocks
//   node scripts/fuzzEngines.ts --world 12345             one world again, by the seed of it
//   node scripts/fuzzEngines.ts --replay case.json        a case that an earlier run has printed
//   … --json                                              the outcome as JSON on stdout
//
// Each world has a seed of its own, told when something differs. A world that shows a difference is
// cut down to the least that still shows it, and printed as a case to replay. Fails when anything
// differs, and when a world takes longer than --seconds.
import { existsSync, readFileSync } from 'node:fs'
import { engineMakers } from '../test/chain/evm/differential/engines.ts'
import { seedOf } from '../test/chain/evm/differential/random.ts'
import { randomWorld } from '../test/chain/evm/differential/randomWorld.ts'
import { runOnExecutors } from '../test/chain/evm/differential/runOnExecutors.ts'
import {
  runWorld,
  type WorldPlan,
  type WorldReport,
} from '../test/chain/evm/differential/runWorld.ts'
import { shrinkWorld } from '../test/chain/evm/differential/shrink.ts'
import { executors } from '../test/conformance/executors.ts'
import { runJobs, serveJobs } from './lib/jobs.ts'
import { readOptions, refuseOptions, wholeNumber } from './lib/options.ts'

const values = readOptions(import.meta.filename, {
  transactions: { type: 'string', default: '100000' },
  seed: { type: 'string', default: String(Math.floor(Date.now() / 86_400_000)) },
  left: { type: 'string', default: 'reference' },
  right: { type: 'string', default: 'fast' },
  mode: { type: 'string', default: 'engine' },
  jobs: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '900' },
  shrink: { type: 'string', default: '400' },
  world: { type: 'string' },
  replay: { type: 'string' },
  json: { type: 'boolean', default: false },
  child: { type: 'boolean', default: false },
})

const numbers = {
  transactions: number('transactions', 1),
  seed: number('seed', 0),
  jobs: number('jobs', 1),
  seconds: number('seconds', 1),
  shrink: number('shrink', 0),
}
if (values.mode !== 'engine' && values.mode !== 'executor') {
  refuseOptions(import.meta.filename, `--mode is engine or executor, not "${values.mode}"`)
}

/** Blocks in a world: few, so that a case is short, and some, so that state is read back. */
const BLOCKS = 10
/** Most transactions that a block is offered. */
const BLOCK_TRANSACTIONS = 240
/** Worlds begun at most for each 1,000 transactions asked for, should they hold less. */
const WORLDS_PER_THOUSAND_MAX = 20

/** What a world came to; survives JSON. */
type Result = {
  readonly seed: number
  readonly counts: readonly (readonly [string, number])[]
  readonly difference: WorldReport['difference']
  readonly smallest?: WorldPlan
}

const size =
  values.mode === 'executor'
    ? { blocks: BLOCKS, transactions: BLOCK_TRANSACTIONS, corruptions: 0, readsEvery: 1_000_000 }
    : { blocks: BLOCKS, transactions: BLOCK_TRANSACTIONS, corruptions: 2, readsEvery: 12 }
const run = runnerOf(values.mode)

if (values.child) serveJobs((seed: number) => explore(seed, randomWorld(seed, size)))
else if (values.replay !== undefined) await repeat(readCase(values.replay))
else if (values.world !== undefined) {
  const seed = wholeNumber(import.meta.filename, { name: 'world', text: values.world, min: 0 })
  await repeat(randomWorld(seed, size))
} else await fuzz()

function number(name: 'transactions' | 'seed' | 'jobs' | 'seconds' | 'shrink', min: number) {
  return wholeNumber(import.meta.filename, { name, text: values[name], min })
}

function runnerOf(mode: string): (plan: WorldPlan) => Promise<WorldReport> {
  if (mode === 'executor') {
    const pair = [
      called(executors, values.left, 'executor'),
      called(executors, values.right, 'executor'),
    ] as const
    return (plan) => runOnExecutors(plan, pair)
  }
  const pair = [
    called(engineMakers, values.left, 'engine'),
    called(engineMakers, values.right, 'engine'),
  ] as const
  return (plan) => runWorld(plan, pair)
}

/** Runs a world and, where something differs, looks for a smaller one. */
async function explore(seed: number, plan: WorldPlan): Promise<Result> {
  const { counts, difference } = await run(plan)
  const result = { seed, counts: [...counts], difference }
  if (difference === undefined) return result
  const kind = kindOf(difference)
  const differs = async (smaller: WorldPlan): Promise<boolean> => {
    const report = await run(smaller)
    return report.difference !== undefined && kindOf(report.difference) === kind
  }
  const blocks = plan.blocks.slice(0, difference.block + 1)
  return { ...result, smallest: await shrinkWorld({ ...plan, blocks }, differs, numbers.shrink) }
}

/** The operation that differs, without its details: a smaller case shows the same fault. */
function kindOf(difference: NonNullable<WorldReport['difference']>): string {
  return difference.where.split(/[\s:]/)[0] ?? ''
}

async function fuzz(): Promise<void> {
  const { transactions: wanted, seed: base } = numbers
  const total = new Map<string, number>()
  const found: Result[] = []
  const broken: string[] = []
  const started = performance.now()
  const worldsMax = Math.ceil((wanted / 1_000) * WORLDS_PER_THOUSAND_MAX) + 1
  process.stderr.write(`seed ${base}, ${values.left} against ${values.right}\n`)
  await runJobs<number, Result>({
    script: import.meta.filename,
    args: [...process.argv.slice(2), '--child'],
    processes: numbers.jobs,
    msMax: numbers.seconds * 1_000,
    tasks: Array.from({ length: worldsMax }, (_, index) => seedOf(base, index)),
    isDone: () => done(total) >= wanted || found.length > 0,
    onResult: (seed, answer) => {
      if ('error' in answer) broken.push(`world ${seed}: ${answer.error}`)
      else {
        for (const [what, count] of answer.result.counts) {
          total.set(what, (total.get(what) ?? 0) + count)
        }
        if (answer.result.difference !== undefined) found.push(answer.result)
      }
      progress(done(total), wanted, (performance.now() - started) / 1_000)
    },
  })
  process.stderr.write(`\n\n${list(total)}`)
  for (const line of broken) process.stderr.write(`${line}\n`)
  for (const result of found) tell(result)
  if (values.json) process.stdout.write(`${text({ seed: base, found, total: [...total] })}\n`)
  if (found.length > 0 || broken.length > 0 || done(total) < wanted) process.exitCode = 1
}

async function repeat(plan: WorldPlan): Promise<void> {
  const result = await explore(plan.seed, plan)
  process.stderr.write(list(new Map(result.counts)))
  if (result.difference === undefined) {
    process.stderr.write('no difference\n')
    return
  }
  tell(result)
  process.exitCode = 1
}

function tell({ seed, difference, smallest }: Result): void {
  if (difference === undefined) return
  const { where, left, right, block } = difference
  process.stderr.write(`\nDIFFERENCE in world ${seed}, block ${block}: ${where}\n`)
  process.stderr.write(`  ${values.left}: ${left.slice(0, 500)}\n`)
  process.stderr.write(`  ${values.right}: ${right.slice(0, 500)}\n`)
  if (smallest !== undefined) process.stderr.write(`case:\n${text(smallest)}\n`)
}

function done(total: ReadonlyMap<string, number>): number {
  return total.get('transactions') ?? 0
}

function list(total: ReadonlyMap<string, number>): string {
  const lines = [...total].sort(([a], [b]) => (a < b ? -1 : 1))
  return lines.map(([what, count]) => `${String(count).padStart(9)} ${what}\n`).join('')
}

function progress(count: number, wanted: number, seconds: number): void {
  const filled = Math.min(20, Math.round((20 * count) / wanted))
  const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${count}/${wanted}`
  const line = `${bar} in ${seconds.toFixed(0)} s`
  process.stderr.write(process.stderr.isTTY ? `\r\x1b[K${line}` : `${line}\n`)
}

function text(value: unknown): string {
  return JSON.stringify(value, null, 1)
}

function readCase(path: string): WorldPlan {
  if (!existsSync(path)) refuseOptions(import.meta.filename, `there is no file ${path}`)
  // What `tell` has printed.
  return JSON.parse(readFileSync(path, 'utf8')) as WorldPlan
}

function called<T>(list: ReadonlyMap<string, T>, name: string, kind: string): T {
  const found = list.get(name)
  if (found !== undefined) return found
  const known = [...list.keys()].join(', ')
  return refuseOptions(import.meta.filename, `no ${kind} is called ${name}; there are ${known}`)
}
