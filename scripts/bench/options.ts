import { parseArgs } from 'node:util'
import { engineTargets } from './engineTargets.ts'
import type { Mining } from './rpc/generatorJob.ts'
import { recordedWorkload, type Workload, workloadOf, workloads } from './workloads.ts'

/** What is measured, from the raw bytes to where. */
export const levels = {
  L1: 'executor only: senders are known',
  L2: 'raw block bytes to state root',
  L3: 'L2, and durable on disk',
  L4: 'JSON-RPC over HTTP, from the first request to the last transaction in a block',
} as const

/** The id of a level. */
export type Level = keyof typeof levels

/** Servers of others; they have level L4 only. */
export const otherTargets = ['anvil', 'hardhat'] as const

/** What the command line asks for. Lists are measured in all combinations. */
export type BenchOptions = {
  readonly workloads: readonly Workload[]
  readonly levels: readonly Level[]
  /** Names; undefined for all that have the level. */
  readonly targets: readonly string[] | undefined
  readonly seed: string
  /** Database of a development chain whose blocks are measured instead of a workload's. */
  readonly recording: string | undefined
  /** Transactions; undefined for what the workload usually has. */
  readonly count: number | undefined
  readonly blockTxs: readonly number[]
  /** Funded accounts, and those of them that send; undefined for what the workload usually has. */
  readonly accounts: readonly number[] | undefined
  readonly senders: number | undefined
  readonly tokenCodeSizes: readonly number[]
  readonly repeat: number
  readonly warmupBlocks: number
  /** Transactions that a server gets before those that count. */
  readonly warmupTxs: number
  /** Seconds of one measurement after which it begins no further block. */
  readonly secondsMax: number
  readonly batch: number
  readonly connections: number
  /** Transactions per second offered at L4; undefined for flat out. */
  readonly rate: number | undefined
  readonly mining: Mining
  readonly intervalMs: number
  /** Processors as `taskset` names them. */
  readonly cpus: string | undefined
  readonly generatorCpus: string | undefined
  readonly json: boolean
  /** Path without extension of the report's files. */
  readonly out: string | undefined
}

/** A command line that cannot be followed. */
export class BenchUsageError extends Error {}

const flags = {
  workload: { type: 'string', short: 'w', default: 'T1' },
  level: { type: 'string', short: 'l', default: 'L3' },
  target: { type: 'string', short: 't' },
  count: { type: 'string', short: 'n' },
  'block-txs': { type: 'string', default: '1000' },
  accounts: { type: 'string' },
  senders: { type: 'string' },
  'token-code-size': { type: 'string', default: '0' },
  repeat: { type: 'string', short: 'r', default: '3' },
  warmup: { type: 'string', default: '1' },
  'warmup-txs': { type: 'string', default: '2000' },
  seconds: { type: 'string', short: 's', default: '10' },
  batch: { type: 'string', default: '100' },
  connections: { type: 'string', default: '4' },
  rate: { type: 'string' },
  mining: { type: 'string', default: 'interval' },
  'interval-ms': { type: 'string', default: '1000' },
  cpus: { type: 'string' },
  'generator-cpus': { type: 'string' },
  seed: { type: 'string', default: 'poca' },
  recording: { type: 'string' },
  json: { type: 'boolean', default: false },
  out: { type: 'string', short: 'o' },
  help: { type: 'boolean', short: 'h', default: false },
} as const

/**
 * Reads the command line; undefined when it asks for help.
 * @throws BenchUsageError with a sentence that says what is wrong.
 */
export function parseBenchOptions(args: readonly string[]): BenchOptions | undefined {
  const values = parseFlags(args)
  if (values.help) return undefined
  const { mining } = values
  if (mining !== 'interval' && mining !== 'manual') {
    throw new BenchUsageError('--mining is interval or manual.')
  }
  return {
    workloads:
      values.recording === undefined
        ? listOf(values.workload).flatMap(findWorkloads)
        : [recordedWorkload],
    levels: listOf(values.level).map(findLevel),
    targets: values.target === undefined ? undefined : listOf(values.target).map(findTarget),
    seed: values.seed,
    recording: values.recording,
    count: optional(values.count, 'count'),
    blockTxs: listOf(values['block-txs']).map((text) => number(text, 'block-txs', 1)),
    accounts:
      values.accounts === undefined
        ? undefined
        : listOf(values.accounts).map((text) => number(text, 'accounts', 2)),
    senders: optional(values.senders, 'senders'),
    tokenCodeSizes: listOf(values['token-code-size']).map((text) =>
      number(text, 'token-code-size', 0, CODE_SIZE_MAX),
    ),
    repeat: number(values.repeat, 'repeat', 1),
    warmupBlocks: number(values.warmup, 'warmup', 0),
    warmupTxs: number(values['warmup-txs'], 'warmup-txs', 0),
    secondsMax: number(values.seconds, 'seconds', 1),
    batch: number(values.batch, 'batch', 1, BATCH_MAX),
    connections: number(values.connections, 'connections', 1, CONNECTIONS_MAX),
    rate: optional(values.rate, 'rate'),
    mining,
    intervalMs: number(values['interval-ms'], 'interval-ms', MS_PER_SECOND / 10),
    cpus: values.cpus,
    generatorCpus: values['generator-cpus'] ?? values.cpus,
    json: values.json,
    out: values.out,
  }
}

/** EIP-170. */
const CODE_SIZE_MAX = 24_576
/** What our own servers take in one request. */
const BATCH_MAX = 1_000
const CONNECTIONS_MAX = 256
const MS_PER_SECOND = 1_000

/** What `--help` says. */
export function helpText(): string {
  const table = (rows: readonly (readonly [string, string])[]) =>
    rows.map(([name, text]) => `  ${name.padEnd(24)}${text}`).join('\n')
  const targets = [
    ...engineTargets.map(({ name }) => [name, 'ours, every level'] as const),
    ...otherTargets.map((name) => [name, 'L4'] as const),
  ]
  return `Measures transactions per second, and where their processor time goes.

  npm run bench -- [options]

${table([
  ['-w, --workload IDS', 'what is sent; a comma-separated list, or "all" (T1)'],
  ['-l, --level IDS', 'from where to where; a list (L3)'],
  ['-t, --target NAMES', 'who is measured; a list (all that have the level)'],
  ['-n, --count N', 'transactions (L4 10,000, else 5 blocks; B1 20 MB)'],
  ['--block-txs LIST', 'transactions in a block, L1 to L3 (1000)'],
  ['--accounts LIST', 'funded accounts (25,000; T2 1,000,000)'],
  ['--senders N', 'those of them that send (half; T2 10,000)'],
  ['--token-code-size LIST', 'bytes of code of the ERC-20; 0 as compiled (0)'],
  ['-r, --repeat N', 'measurements, each in a fresh process; the best counts (3)'],
  ['--warmup N', 'blocks that are not counted (1)'],
  ['--warmup-txs N', 'L4: transactions that are not counted (2000)'],
  ['-s, --seconds N', 'seconds after which a measurement begins no block (10); L4 gives up'],
  ['--batch N', 'L4: calls in one HTTP request, 1 for single calls (100)'],
  ['--connections N', 'L4: requests under way at once (4)'],
  ['--rate N', 'L4: transactions per second offered, open loop; flat out otherwise'],
  ['--mining KIND', 'L4: blocks by interval, or "manual": after everything is admitted'],
  ['--interval-ms N', 'L4: milliseconds between blocks (1000)'],
  ['--cpus LIST', 'processors of what is measured, as taskset takes them (any)'],
  ['--generator-cpus LIST', 'L4: processors of the generator (as --cpus)'],
  ['--recording FILE', 'blocks of a chain that "poca dev" has kept, instead of a workload (R1)'],
  ['--seed TEXT', 'another seed gives other accounts (poca)'],
  ['-o, --out PATH', 'also write PATH.json, PATH.md and plots PATH-*.svg'],
  ['--json', 'print the report as JSON'],
])}

Workloads
${table(workloads.map(({ id, title }) => [id, title]))}

Levels
${table(Object.entries(levels))}

Targets
${table(targets)}
`
}

function parseFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: flags }).values
  } catch (cause) {
    throw new BenchUsageError(cause instanceof Error ? cause.message : String(cause), { cause })
  }
}

function listOf(text: string): readonly string[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
}

function findWorkloads(id: string): readonly Workload[] {
  if (id === 'all') return workloads
  const found = workloadOf(id)
  if (found !== undefined) return [found]
  const known = workloads.map((workload) => workload.id).join(', ')
  throw new BenchUsageError(`There is no workload ${id}; there are ${known}.`)
}

function findLevel(id: string): Level {
  const wanted = id.toUpperCase()
  if (isLevel(wanted)) return wanted
  throw new BenchUsageError(`There is no level ${id}; there are ${Object.keys(levels).join(', ')}.`)
}

function isLevel(id: string): id is Level {
  return id in levels
}

function findTarget(name: string): string {
  const known: readonly string[] = [...engineTargets.map((target) => target.name), ...otherTargets]
  if (known.includes(name)) return name
  throw new BenchUsageError(`There is no target ${name}; there are ${known.join(', ')}.`)
}

function optional(text: string | undefined, flag: string): number | undefined {
  return text === undefined ? undefined : number(text, flag, 1)
}

function number(text: string, flag: string, min: number, max = 100_000_000): number {
  const value = Number(text.replaceAll('_', ''))
  if (Number.isInteger(value) && value >= min && value <= max) return value
  throw new BenchUsageError(`--${flag} is a whole number from ${min} to ${max}, not "${text}".`)
}
