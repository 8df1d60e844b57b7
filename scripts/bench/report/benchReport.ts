import type { Stage } from '../../../chain/primitives/stageClock.ts'
import type { Level } from '../options.ts'
import type { Quantiles } from '../quantiles.ts'

/** Everything that a run of the benchmark found. */
export type BenchReport = {
  readonly format: 1
  readonly machine: Machine
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

/** Names a case so that no other of `cases` has the name. */
export function nameAmong(report: CaseReport, cases: readonly CaseReport[]): string {
  const { workload, level, target, feed } = report
  const alike = cases.filter(
    (other) => other.workload === workload && other.level === level && other.target === target,
  )
  const parts = [
    feed === undefined ? undefined : feed.batch === 1 ? 'singly' : `by ${feed.batch}`,
    feed?.rate == null ? undefined : `${feed.rate}/s`,
    feed?.mining === 'manual' ? 'mined after' : undefined,
    `${report.accounts} accounts`,
    report.blockTxs === undefined ? undefined : `${report.blockTxs} txs/block`,
    `${report.tokenCodeSize} B code`,
  ]
  const base = `${workload} ${level} ${target}`
  if (alike.length <= 1) return base
  return [base, ...parts.filter((part) => part !== undefined)].join(', ')
}

/** The slowest run's share of the fastest one's transactions per second, from 0 to 1. */
export function spreadOf({ runs }: CaseReport): number {
  const rates = runs.map(({ tps }) => tps)
  return rates.length === 0 ? 1 : Math.min(...rates) / Math.max(...rates)
}
