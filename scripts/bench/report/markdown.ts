import { type Stage, stages } from '../../../chain/primitives/stageClock.ts'
import { type Level, levels } from '../options.ts'
import {
  type BenchReport,
  bestOf,
  type CaseReport,
  type Machine,
  nameAmong,
  spreadOf,
} from './benchReport.ts'

type Column = readonly [title: string, cell: (report: CaseReport) => string]

/** The whole report in words and tables. */
export function markdownOf(report: BenchReport): string {
  const { machine, cases, skipped } = report
  const parts = [
    '# Benchmark',
    describeMachine(machine),
    resultTables(cases),
    ...(cases.some(hasStages) ? ['## Processor time by stage', stageTable(cases)] : []),
    ...(skipped.length === 0
      ? []
      : ['## Not measured', skipped.map(({ what, why }) => `- ${what}: ${why}`).join('\n')]),
  ]
  return `${parts.join('\n\n')}\n`
}

/** Where and how it was measured, as sentences. */
export function describeMachine(machine: Machine): string {
  const memory = (machine.memoryBytes / 2 ** 30).toFixed(0)
  return [
    `${machine.date.slice(0, 10)}, commit ${machine.commit}. Node ${machine.node}, ${machine.os},`,
    `${machine.cores} cores of ${machine.cpu}, ${memory} GiB. Load average`,
    `${machine.loadBefore} before and ${machine.loadAfter} after. Processors of what is measured:`,
    `${machine.cpus}; of the generator: ${machine.generatorCpus}.`,
  ].join('\n')
}

/** A table for each level that was measured, under its own heading. */
export function resultTables(cases: readonly CaseReport[]): string {
  return (Object.keys(levels) as Level[]) // the keys of a literal are its type's
    .filter((level) => cases.some((one) => one.level === level))
    .flatMap((level) => [
      `**${level}: ${levels[level]}**`,
      resultTable(cases.filter((one) => one.level === level)),
    ])
    .join('\n\n')
}

/** One row for each case. */
function resultTable(cases: readonly CaseReport[]): string {
  const isRpc = cases.some(({ level }) => level === 'L4')
  return tableOf(isRpc ? rpcColumns : importColumns, cases)
}

const setup: readonly Column[] = [
  ['workload', ({ workload }) => workload],
  ['target', ({ target, version }) => (version === undefined ? target : `${target} (${version})`)],
  ['accounts', ({ accounts }) => whole(accounts)],
]

const outcome: readonly Column[] = [
  ['TPS', (report) => whole(bestOf(report).tps)],
  [
    'slowest of',
    (report) => `${(spreadOf(report) * 100).toFixed(0)} %, ${report.runs.length} runs`,
  ],
  ['Mgas/s', (report) => bestOf(report).mgasPerSecond.toFixed(1)],
  ['CPU µs/tx', (report) => fine(bestOf(report).cpuUsPerTx)],
]

const rest: readonly Column[] = [
  ['loop delay p99 ms', (report) => fine(bestOf(report).loopDelayP99Ms)],
  ['RSS MB', (report) => whole(bestOf(report).rssPeakBytes / 1e6)],
  ['disk B/tx', (report) => whole(bestOf(report).diskBytes / Math.max(1, bestOf(report).txs))],
  ['fsync', ({ fsync }) => fsync],
]

const importColumns: readonly Column[] = [
  ...setup,
  ['ERC-20 code B', ({ tokenCodeSize }) => whole(tokenCodeSize)],
  ['txs/block', ({ blockTxs }) => (blockTxs === undefined ? 'as it was' : whole(blockTxs))],
  ...outcome,
  ['block ms p50/p95', (report) => quantiles(bestOf(report).blockMs)],
  ['block MB', (report) => ((bestOf(report).blockBytesMax ?? 0) / 1e6).toFixed(2)],
  ['built in ms', (report) => whole(bestOf(report).buildMs ?? 0)],
  ['GC ms/s', (report) => fine((bestOf(report).gcMs ?? 0) / bestOf(report).seconds)],
  ['reverted', (report) => whole(bestOf(report).failedTxs ?? 0)],
  ...rest,
]

const rpcColumns: readonly Column[] = [
  ...setup,
  ['fed', ({ feed }) => (feed === undefined ? '' : feedOf(feed))],
  ...outcome,
  ['admitted/s', (report) => whole(bestOf(report).admittedTps ?? 0)],
  ['admit µs/tx', (report) => fine(bestOf(report).admitCpuUsPerTx ?? 0)],
  ['latency ms p50/p95/p99', (report) => quantiles(bestOf(report).latencyMs, true)],
  ['lost', (report) => whole(bestOf(report).lostTxs ?? 0)],
  ['refused', (report) => whole(bestOf(report).refusedTxs ?? 0)],
  ['generator µs/tx', (report) => fine(bestOf(report).generatorCpuUsPerTx ?? 0)],
  ...rest,
]

function feedOf({ batch, rate, mining, intervalMs }: NonNullable<CaseReport['feed']>): string {
  const how = batch === 1 ? 'singly' : `by ${batch}`
  const pace = rate === null ? 'flat out' : `${whole(rate)}/s`
  return `${how}, ${pace}, ${mining === 'manual' ? 'mined after' : `block each ${intervalMs} ms`}`
}

/** Microseconds per transaction of each stage, one row for each case that has stages. */
export function stageTable(cases: readonly CaseReport[]): string {
  const used = stages.filter((stage) =>
    cases.some((report) => (bestOf(report).stagesUsPerTx?.[stage] ?? 0) > 0),
  )
  const columns: readonly Column[] = [
    ['case', (report) => nameAmong(report, cases)],
    ...used.map(
      (stage): Column => [stage, (report) => fine(bestOf(report).stagesUsPerTx?.[stage] ?? 0)],
    ),
    ['other threads', (report) => fine(otherThreadsUs(report))],
    ['sum', (report) => fine(bestOf(report).cpuUsPerTx)],
  ]
  return tableOf(columns, cases.filter(hasStages))
}

/** Processor time per transaction that no stage accounts for: workers, compiler, collector. */
export function otherThreadsUs(report: CaseReport): number {
  const { cpuUsPerTx, stagesUsPerTx = {} } = bestOf(report)
  const known = stages.reduce((sum, stage: Stage) => sum + (stagesUsPerTx[stage] ?? 0), 0)
  return Math.max(0, cpuUsPerTx - known)
}

/** Whether the processor time of a case is known by stage. */
export function hasStages(report: CaseReport): boolean {
  return bestOf(report).stagesUsPerTx !== undefined
}

function tableOf(columns: readonly Column[], cases: readonly CaseReport[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [
    line(columns.map(([title]) => title)),
    `|${columns.map(() => '---').join('|')}|`,
    ...cases.map((report) => line(columns.map(([, cell]) => cell(report)))),
  ].join('\n')
}

function quantiles(
  values: { readonly p50: number; readonly p95: number; readonly p99: number } | undefined,
  hasTail = false,
): string {
  if (values === undefined) return '–'
  const { p50, p95, p99 } = values
  return (hasTail ? [p50, p95, p99] : [p50, p95]).map(whole).join(' / ')
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function fine(value: number): string {
  return value >= 100 ? whole(value) : value.toFixed(1)
}
