import type { Stage } from '../../../chain/primitives/stageClock.ts'
import type { Level } from '../options.ts'
import type { Quantiles } from '../quantiles.ts'

/** Everything that a run of the benchmark found. */
export type BenchReport = {
  readonly format: 1
  readonly machine: Machine
  /** Microseconds below which no stage of a transfer can come, when ours were measured. */
  readonly floorsUs?: Readonly<Partial<Record<Stage, number>>>
  readonly cases: readonly CaseReport[]
  /** What could not be measured, and why. */
  readonly skipped: readonly { readonly what: string; readonly why: string }[]
}

/** Where it ran. */
export type Machine = {
  readonly date: string
  readonly commit: string
  readonly node: string
  readonly os: string
  readonly cpu: string
  readonly cores: number
  readonly memoryBytes: number
  /** Processes that wanted to run, over the last minute. */
  readonly loadBefore: number
  readonly loadAfter: number
  /** Processors that were measured on, and those of the generator. */
  readonly cpus: string
  readonly generatorCpus: string
}

/** One workload on one target at one level. */
export type CaseReport = {
  readonly workload: string
  readonly title: string
  readonly level: Level
  readonly target: string
  /** Version of the server, at L4. */
  readonly version?: string
  readonly fsync: string
  readonly seed: string
  readonly accounts: number
  readonly senders: number
  readonly count: number
  /** Transactions per block, L1 to L3. */
  readonly blockTxs?: number
  /** Bytes of code of the ERC-20. */
  readonly tokenCodeSize: number
  /** How L4 was fed. */
  readonly feed?: {
    readonly batch: number
    readonly connections: number
    /** Transactions per second offered; null flat out. */
    readonly rate: number | null
    readonly mining: string
    readonly intervalMs: number
  }
  readonly runs: readonly RunReport[]
}

/** One measurement. */
export type RunReport = {
  readonly seconds: number
  readonly txs: number
  /** Of them, included but reverted. */
  readonly failedTxs?: number
  /** Offered and not included. */
  readonly lostTxs?: number
  readonly refusedTxs?: number
  readonly tps: number
  readonly mgasPerSecond: number
  /** Processor time of all threads of what is measured, microseconds per transaction. */
  readonly cpuUsPerTx: number
  /** Of the executing thread by stage; what is left of `cpuUsPerTx` are other threads. */
  readonly stagesUsPerTx?: Readonly<Partial<Record<Stage, number>>>
  /** L4: admitted per second, and processor time until then. */
  readonly admittedTps?: number
  readonly admitCpuUsPerTx?: number
  /** L1 to L3: of a block. */
  readonly blockMs?: Quantiles
  /** L1 to L3: of building the largest block, by the engine that made the blocks. */
  readonly buildMs?: number
  readonly blockBytesMax?: number
  /** L4: from due to be sent until seen in a block. */
  readonly latencyMs?: Quantiles
  readonly blocks: number
  readonly gcMs?: number
  readonly loopDelayP99Ms: number
  readonly rssPeakBytes: number
  readonly diskBytes: number
  /** L4: of the generator, microseconds per transaction. */
  readonly generatorCpuUsPerTx?: number
}

/** The run that counts: the one with most transactions per second. */
export function bestOf({ runs }: CaseReport): RunReport {
  const best = runs.reduce((a, b) => (b.tps > a.tps ? b : a))
  return best
}

type Trait = {
  readonly name: string
  readonly of: (report: CaseReport) => string | number | undefined
}

/** In what cases of one workload, level and target may differ. */
const traits: readonly Trait[] = [
  {
    name: 'batch',
    of: ({ feed }) => feed && (feed.batch === 1 ? 'singly' : `by ${feed.batch}`),
  },
  { name: 'rate', of: ({ feed }) => feed && (feed.rate === null ? 'flat out' : `${feed.rate}/s`) },
  {
    name: 'mining',
    of: ({ feed }) => feed && (feed.mining === 'manual' ? 'mined after' : `${feed.intervalMs} ms`),
  },
  { name: 'accounts', of: ({ accounts }) => `${short(accounts)} accounts` },
  { name: 'blocks', of: ({ blockTxs }) => blockTxs && `${short(blockTxs)}/block` },
  { name: 'code', of: ({ tokenCodeSize }) => `${tokenCodeSize} B code` },
]

/**
 * Names a case: what it is, and of all else that in which it differs from others of `cases`, but
 * for the trait `except`.
 */
export function nameAmong(
  report: CaseReport,
  cases: readonly CaseReport[],
  except?: 'accounts' | 'blocks' | 'code',
): string {
  const baseOf = ({ workload, level, target }: CaseReport) => `${workload} ${level} ${target}`
  const base = baseOf(report)
  const alike = cases.filter((other) => baseOf(other) === base)
  const telling = traits.filter(
    ({ name, of }) => name !== except && new Set(alike.map(of)).size > 1,
  )
  return [base, ...telling.map(({ of }) => of(report))].join(', ')
}

/** 25,000 as 25k. */
function short(value: number): string {
  if (value >= 1_000_000 && value % 100_000 === 0) return `${value / 1_000_000}M`
  return value >= 10_000 && value % 100 === 0 ? `${value / 1_000}k` : String(value)
}

/** The slowest run's share of the fastest one's transactions per second, from 0 to 1. */
export function spreadOf({ runs }: CaseReport): number {
  const rates = runs.map(({ tps }) => tps)
  return rates.length === 0 ? 1 : Math.min(...rates) / Math.max(...rates)
}
