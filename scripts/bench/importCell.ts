import { statSync } from 'node:fs'
import { monitorEventLoopDelay, PerformanceObserver } from 'node:perf_hooks'
import type { ExecutedBlock } from '../../chain/evm/engine.ts'
import type { Stage } from '../../chain/primitives/stageClock.ts'
import { type BaseState, type BenchChain, openBenchChain, proposer } from './benchChain.ts'
import { type PreparedBlock, readBlockFile } from './blockFile.ts'
import type { EngineTarget } from './engineTargets.ts'
import { type Quantiles, quantilesOf } from './quantiles.ts'
import { createStageMeter, type StageMeter } from './stageMeter.ts'

/** Levels that run in one process: executor only, bytes to root, and to disk. */
export type ImportLevel = 'L1' | 'L2' | 'L3'

/** One measurement of blocks made beforehand. */
export type ImportJob = {
  readonly level: ImportLevel
  readonly target: EngineTarget
  readonly base: BaseState
  readonly blocksPath: string
  /** Blocks that are not counted, while the compiler is still at work. */
  readonly warmupBlocks: number
  /** Seconds after which no further block is begun. */
  readonly secondsMax: number
}

/** What came out. Times of blocks in milliseconds, of the processor in microseconds. */
export type ImportResult = {
  readonly blocks: number
  readonly txs: number
  readonly failedTxs: number
  readonly gas: number
  readonly seconds: number
  /** Of all threads together; also of threads that collect garbage. */
  readonly cpuUs: number
  /** Of the thread that executes. */
  readonly stagesUs: Readonly<Partial<Record<Stage, number>>>
  readonly blockMs: Quantiles
  readonly gcMs: number
  readonly loopDelayP99Ms: number
  readonly rssPeakBytes: number
  /** By which the database grew. */
  readonly diskBytes: number
  /** Of the largest block: its size, and milliseconds that building it took. */
  readonly blockBytesMax: number
  readonly buildMsMax: number
}

/** Verifies the blocks of a file one after another and measures what level `level` is about. */
export async function measureImport(job: ImportJob): Promise<ImportResult> {
  const blocks = readBlockFile(job.blocksPath)
  const meter = createStageMeter()
  const { onStage } = meter
  const durable = job.level === 'L3'
  const chain = await openBenchChain(job.base, job.target, { durable, onStage })
  const total = createTotal(chain.store.path)
  const firstCounted = Math.min(job.warmupBlocks, blocks.length - 1)
  let ahead: Work['ahead']
  try {
    for (const [index, block] of blocks.entries()) {
      const isCounted = index >= firstCounted
      if (isCounted && !total.isRunning()) {
        meter.reset()
        total.start()
      }
      // A node that catches up has the next block at hand while it executes one. The first that
      // counts is begun in its own time.
      const next = durable && index + 1 !== firstCounted ? blocks[index + 1] : undefined
      const work: Work = { chain, meter, block, ahead, next }
      const span = await importBlock(job.level, work)
      ahead = work.ahead
      if (isCounted) total.add(block, span)
      if (isCounted && total.seconds() >= job.secondsMax) break
      // Garbage collection and observers have their turn outside of what is timed.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return total.result(meter.totals())
  } finally {
    await chain.stop()
  }
}

type Span = { readonly ms: number; readonly cpuUs: number }

type Work = {
  readonly chain: BenchChain
  readonly meter: StageMeter
  readonly block: PreparedBlock
  /** What was begun for this block, and after `importBlock` for the next one. */
  ahead: ReturnType<BenchChain['engine']['prepare']>
  readonly next: PreparedBlock | undefined
}

async function importBlock(level: ImportLevel, work: Work): Promise<Span> {
  const { chain, meter, block } = work
  const request = { parent: block.parent, proposer, raw: block.raw }
  const run = level === 'L1' ? await chain.prepare(request) : () => verifyOne(work)
  const cpuBefore = process.cpuUsage()
  const before = performance.now()
  meter.onStage('verify')
  const executed = await run()
  if (level === 'L3') {
    meter.onStage('commit')
    await chain.commit(executed)
  }
  meter.pause()
  const ms = performance.now() - before
  const { user, system } = process.cpuUsage(cpuBefore)
  if (executed.stateRoot !== block.stateRoot || executed.hash !== block.hash) {
    throw new Error(`The engine gives block ${executed.height} another root than its maker.`)
  }
  if (level !== 'L3') await chain.commit(executed)
  return { ms, cpuUs: user + system }
}

async function verifyOne(work: Work): Promise<ExecutedBlock> {
  const { chain, block, next } = work
  const { engine } = chain
  const prepared = work.ahead ?? engine.prepare(block.raw)
  work.ahead = next === undefined ? undefined : engine.prepare(next.raw)
  const request = { parent: block.parent, proposer, raw: block.raw }
  return engine.verify(prepared === undefined ? request : { ...request, prepared })
}

/** Adds up what the counted blocks took. */
function createTotal(databasePath: string) {
  const spans: Span[] = []
  const counts = { txs: 0, failedTxs: 0, gas: 0, blockBytesMax: 0, buildMsMax: 0 }
  const delay = monitorEventLoopDelay({ resolution: 1 })
  let gcMs = 0
  const collector = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) gcMs += duration
  })
  let diskBefore = 0
  let isRunning = false
  const seconds = () => spans.reduce((sum, { ms }) => sum + ms, 0) / 1_000
  return {
    isRunning: () => isRunning,
    start() {
      isRunning = true
      diskBefore = statSync(databasePath).size
      delay.enable()
      collector.observe({ entryTypes: ['gc'] })
    },
    add(block: PreparedBlock, span: Span) {
      spans.push(span)
      counts.txs += block.txCount
      counts.failedTxs += block.failedCount
      counts.gas += Number(block.gasUsed)
      counts.blockBytesMax = Math.max(counts.blockBytesMax, block.raw.length)
      counts.buildMsMax = Math.max(counts.buildMsMax, block.buildMs)
    },
    seconds,
    result(stagesUs: ImportResult['stagesUs']): ImportResult {
      delay.disable()
      collector.disconnect()
      return {
        ...counts,
        blocks: spans.length,
        seconds: seconds(),
        cpuUs: spans.reduce((sum, { cpuUs }) => sum + cpuUs, 0),
        stagesUs,
        blockMs: quantilesOf(spans.map(({ ms }) => ms)),
        gcMs,
        loopDelayP99Ms: delay.percentile(99) / 1e6,
        // The system counts in KiB.
        rssPeakBytes: process.resourceUsage().maxRSS * 1_024,
        diskBytes: statSync(databasePath).size - diskBefore,
      }
    },
  }
}
