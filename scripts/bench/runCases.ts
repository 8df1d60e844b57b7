import { join } from 'node:path'
import { type BaseState, prepareBaseState } from './benchChain.ts'
import {
  type BenchGenesis,
  type BenchGenesisOptions,
  benchGenesisKey,
  createBenchGenesis,
  tokenCodeSizeOf,
} from './benchGenesis.ts'
import { prepareBlockFile } from './blockFile.ts'
import { engineTargets } from './engineTargets.ts'
import type { ImportResult } from './importCell.ts'
import type { BenchOptions, Level } from './options.ts'
import { prepareRecording, recordedGenesis } from './recording.ts'
import type { CaseReport, RunReport } from './report/benchReport.ts'
import { anvilTarget } from './rpc/anvilTarget.ts'
import { hardhatTarget } from './rpc/hardhatTarget.ts'
import { measureRpc, type RpcResult } from './rpc/measureRpc.ts'
import { ownTarget } from './rpc/ownTarget.ts'
import type { RpcTarget } from './rpc/rpcTarget.ts'
import { startProgram } from './rpc/spawnTarget.ts'
import { prepareTxFile, type TxFile } from './txFile.ts'
import { recordedWorkload, type Workload } from './workloads.ts'

/** One workload on one target at one level, not measured yet. */
type Case = {
  readonly workload: Workload
  readonly level: Level
  readonly target: string
  readonly count: number
  readonly blockTxs: number
  readonly genesis: BenchGenesisOptions
}

/** Everything of a case that is made before its first measurement. */
type Prepared = {
  readonly bench: BenchGenesis
  readonly base: BaseState
  readonly txs: TxFile
  readonly blocksPath: string
}

/** What is told while cases are measured. */
export type RunListener = {
  readonly onLine: (line: string) => void
  readonly onCase: (report: CaseReport) => void
  readonly onSkip: (what: string, why: string) => void
}

/** Servers by name: ours with each engine, and those of others. */
const rpcTargets: readonly RpcTarget[] = [
  ...engineTargets.map(ownTarget),
  anvilTarget,
  hardhatTarget,
]

/** Bytes of a signed transfer in a block, at least. */
const TRANSFER_SIZE_MIN = 110
const BIG_BLOCK_SIZE = 20_000_000
const usualRpcCount = 10_000
const usualBlocks = 5
/** Seconds after which a server is waited for no longer. */
const rpcSecondsMax = 120

type Measured = { readonly run: RunReport; readonly version?: string }

/**
 * Measures every combination that `options` name, one after another. Targets take turns: each is
 * measured once before any is measured again, so that what the machine does meanwhile falls on all.
 */
export async function runCases(options: BenchOptions, listener: RunListener): Promise<void> {
  for (const rivals of casesOf(options)) {
    const able = rivals.filter((one) => {
      const why = whyNot(one)
      if (why !== undefined) listener.onSkip(nameOf(one), why)
      return why === undefined
    })
    const [first] = able
    if (first === undefined) continue
    const { recording } = options
    const prepared = await (recording === undefined
      ? prepare(first, options)
      : prepareRecorded(recording))
    const measured = await measureInTurns(able, prepared, { options, listener })
    for (const [one, runs] of measured) {
      const { bench } = prepared
      if (runs.length > 0) listener.onCase(reportOf(one, options, { runs, bench }))
    }
  }
}

async function measureInTurns(
  rivals: readonly Case[],
  prepared: Prepared,
  { options, listener }: { readonly options: BenchOptions; readonly listener: RunListener },
): Promise<ReadonlyMap<Case, readonly Measured[]>> {
  const measured = new Map(rivals.map((one): [Case, Measured[]] => [one, []]))
  const failed = new Set<Case>()
  for (let round = 1; round <= options.repeat; round++) {
    for (const [one, runs] of measured) {
      if (failed.has(one)) continue
      listener.onLine(`measuring ${nameOf(one)}, ${round} of ${options.repeat}`)
      try {
        runs.push(await measure(one, prepared, options))
      } catch (error) {
        failed.add(one)
        listener.onSkip(nameOf(one), error instanceof Error ? error.message : String(error))
      }
    }
  }
  return measured
}

function nameOf({ workload, level, target }: Case): string {
  return `${workload.id} ${level} ${target}`
}

/** Groups of cases that differ in nothing but the target. */
export function casesOf(options: BenchOptions): readonly (readonly Case[])[] {
  return options.workloads.flatMap((workload) =>
    options.levels.flatMap((level) => {
      // A server decides by itself how long its blocks are.
      const sizes = level === 'L4' ? options.blockTxs.slice(0, 1) : options.blockTxs
      const targets = options.targets ?? targetsOf(level)
      return genesesOf(workload, options).flatMap((genesis) =>
        sizes.map((size) => {
          const { count, blockTxs } = sizesOf(workload, level, { ...options, size })
          return targets.map((target) => ({ workload, level, target, count, blockTxs, genesis }))
        }),
      )
    }),
  )
}

function genesesOf(workload: Workload, options: BenchOptions): readonly BenchGenesisOptions[] {
  const { seed, tokenCodeSizes } = options
  const hasTokens = workload.needsTokens
  const senderNonce = workload.kind === 'invalid' ? 1 : 0
  return (options.accounts ?? [workload.accounts]).flatMap((accounts) => {
    const usualSenders = Math.min(workload.senders, Math.floor(accounts / 2))
    const senders = Math.min(options.senders ?? usualSenders, accounts - 1)
    return tokenCodeSizes.map((tokenCodeSize) => ({
      ...{ seed, accounts, senders, hasTokens, tokenCodeSize, senderNonce },
    }))
  })
}

function sizesOf(
  workload: Workload,
  level: Level,
  { count, size }: { readonly count: number | undefined; readonly size: number },
) {
  if (workload.id === 'B1') {
    const all = count ?? Math.ceil(BIG_BLOCK_SIZE / TRANSFER_SIZE_MIN)
    return { count: all, blockTxs: all }
  }
  const usual = level === 'L4' ? usualRpcCount : size * usualBlocks
  return { count: count ?? usual, blockTxs: size }
}

function targetsOf(level: Level): readonly string[] {
  return level === 'L4' ? rpcTargets.map(({ name }) => name) : engineTargets.map(({ name }) => name)
}

function whyNot({ workload, level, target }: Case): string | undefined {
  if (level === 'L4' && workload === recordedWorkload) return 'a recording has levels L1 to L3'
  if (level === 'L4') return rpcTargets.find(({ name }) => name === target)?.missing()
  if (!engineTargets.some(({ name }) => name === target)) return `${target} has level L4 only`
  return workload.kind === 'invalid' ? 'invalid transactions get no further than L4' : undefined
}

async function prepare(one: Case, options: BenchOptions): Promise<Prepared> {
  const { workload, level, count, blockTxs, genesis } = one
  const bench = genesisOf(genesis)
  const all = level === 'L4' ? count + warmupOf(one, options) : count
  const txs = prepareTxFile({ workload, seed: genesis.seed, count: all, blockTxs }, bench)
  const base = await prepareBaseState(bench)
  const blocksPath = level === 'L4' ? '' : await prepareBlockFile({ txs, blockTxs, base })
  return { bench, base, txs, blocksPath }
}

/** Transactions that a server gets before those that count; of invalid ones none. */
function warmupOf({ workload }: Case, { warmupTxs }: BenchOptions): number {
  return workload.kind === 'invalid' ? 0 : warmupTxs
}

async function prepareRecorded(path: string): Promise<Prepared> {
  const bench = recordedGenesis()
  const base = await prepareBaseState(bench)
  const blocksPath = await prepareRecording(path, bench)
  return { bench, base, blocksPath, txs: { key: '', path: '' } }
}

let newest: BenchGenesis | undefined

/** The genesis; cases that follow each other mostly have the same one. */
function genesisOf(options: BenchGenesisOptions): BenchGenesis {
  if (newest?.key !== benchGenesisKey(options)) newest = createBenchGenesis(options)
  return newest
}

async function measure(one: Case, prepared: Prepared, options: BenchOptions): Promise<Measured> {
  if (one.level !== 'L4') return { run: importRunOf(await importOnce(one, prepared, options)) }
  const target = rpcTargets.find(({ name }) => name === one.target)
  if (target === undefined) throw new Error(`There is no server ${one.target}.`)
  const { bench, base, txs } = prepared
  const intervalMs = options.mining === 'manual' ? 0 : options.intervalMs
  const result = await measureRpc({
    ...{ target, txs, count: one.count, warmupCount: warmupOf(one, options) },
    ...{ batch: options.batch, connections: options.connections, perSecond: options.rate },
    mining: options.mining,
    secondsMax: Math.max(rpcSecondsMax, options.secondsMax),
    ...{ targetCpus: options.cpus, generatorCpus: options.generatorCpus },
    start: { bench, genesisOptions: one.genesis, base, intervalMs },
  })
  return { run: rpcRunOf(one.workload, result), version: result.version }
}

async function importOnce(
  one: Case,
  { base, blocksPath }: Prepared,
  options: BenchOptions,
): Promise<ImportResult> {
  const { warmupBlocks, secondsMax } = options
  const job = { level: one.level, target: one.target, base, blocksPath, warmupBlocks, secondsMax }
  const child = startProgram({
    command: process.execPath,
    args: [join(import.meta.dirname, 'importChild.ts'), JSON.stringify(job)],
    cpus: options.cpus,
  })
  let result: ImportResult | undefined
  child.onLine((line) => {
    result = JSON.parse(line)
  })
  await child.ended
  if (result === undefined) throw new Error(`The measurement failed. ${child.complaint()}`)
  return result
}

function importRunOf(result: ImportResult): RunReport {
  const { txs, seconds, gas, cpuUs, stagesUs, buildMsMax, ...rest } = result
  const stages = Object.entries(stagesUs).map(([stage, us]) => [stage, us / txs])
  return {
    ...rest,
    ...{ txs, seconds, tps: txs / seconds, mgasPerSecond: gas / seconds / 1e6 },
    cpuUsPerTx: cpuUs / txs,
    stagesUsPerTx: Object.fromEntries(stages),
    buildMs: buildMsMax,
  }
}

/** Of valid traffic what is in blocks counts, of invalid traffic what was refused. */
function rpcRunOf({ kind }: Workload, result: RpcResult): RunReport {
  const { sent, accepted, refused, included, seconds, admissionSeconds } = result
  const txs = kind === 'invalid' ? refused : included
  return {
    ...{ txs, seconds, tps: txs / seconds, mgasPerSecond: result.gas / seconds / 1e6 },
    ...{ blocks: result.blocks, refusedTxs: refused, lostTxs: sent - refused - included },
    cpuUsPerTx: result.targetCpuUs / Math.max(txs, 1),
    admittedTps: accepted / admissionSeconds,
    admitCpuUsPerTx: result.targetAdmitCpuUs / sent,
    ...(result.latencyMs === undefined ? {} : { latencyMs: result.latencyMs }),
    loopDelayP99Ms: result.loopDelayP99Ms,
    rssPeakBytes: result.targetRssPeakBytes,
    diskBytes: result.diskBytes,
    generatorCpuUsPerTx: result.cpuUs / sent,
  }
}

function reportOf(
  { workload, level, target, count, blockTxs, genesis }: Case,
  options: BenchOptions,
  measured: {
    readonly runs: readonly Measured[]
    readonly bench: BenchGenesis
  },
): CaseReport {
  const { seed, accounts, senders } = genesis
  const { runs } = measured
  const tokenCodeSize = tokenCodeSizeOf(measured.bench)
  const { batch, connections, mining, intervalMs } = options
  const version = runs[0]?.version
  const server = rpcTargets.find(({ name }) => name === target)
  const common = {
    ...{ workload: workload.id, title: workload.title, level, target },
    ...(version === undefined ? {} : { version }),
    ...{ seed, accounts, senders, count, tokenCodeSize },
    runs: runs.map(({ run }) => run),
  }
  if (workload === recordedWorkload) {
    const { length } = measured.bench.genesis.accounts
    const txs = Math.max(...common.runs.map((run) => run.txs))
    return { ...common, accounts: length, senders: length, count: txs, fsync: fsyncOf(level) }
  }
  if (level !== 'L4') {
    return { ...common, blockTxs, fsync: fsyncOf(level) }
  }
  const feed = { batch, connections, rate: options.rate ?? null, mining, intervalMs }
  return { ...common, fsync: server?.fsync ?? 'unknown', feed }
}

/** When a block is on disk, at the levels that run in one process. */
function fsyncOf(level: Level): string {
  return level === 'L3' ? 'each block' : 'none'
}
