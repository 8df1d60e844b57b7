import { join } from 'node:path'
import type { TxFile } from '../txFile.ts'
import type { GeneratorJob, GeneratorResult, Mining } from './generatorJob.ts'
import { type ProcessUse, readProcessUse } from './processMeter.ts'
import type { RpcTarget, RpcTargetOptions } from './rpcTarget.ts'
import { startProgram } from './spawnTarget.ts'

/** One measurement of a server. */
export type RpcJob = {
  readonly target: RpcTarget
  readonly txs: TxFile
  readonly count: number
  /** Transactions before these that do not count. */
  readonly warmupCount: number
  readonly batch: number
  readonly connections: number
  /** Transactions per second offered; flat out when left out. */
  readonly perSecond?: number | undefined
  readonly mining: Mining
  readonly secondsMax: number
  /** Processors of the server and of the generator. */
  readonly targetCpus?: string | undefined
  readonly generatorCpus?: string | undefined
  readonly start: Omit<RpcTargetOptions, 'cpus'>
}

/** What came out; processor times are the server's unless they say otherwise. */
export type RpcResult = GeneratorResult & {
  readonly version: string
  /** Microseconds until all was admitted, and in all. */
  readonly targetAdmitCpuUs: number
  readonly targetCpuUs: number
  readonly targetRssPeakBytes: number
  readonly diskBytes: number
}

/** Starts the server, lets a generator in another process send to it, and stops it. */
export async function measureRpc(job: RpcJob): Promise<RpcResult> {
  const running = await job.target.start({ ...job.start, cpus: job.targetCpus })
  try {
    const marks: Record<string, ProcessUse> = {}
    const result = await generate(job, running.url, (event) => {
      marks[event] = readProcessUse(running.pid)
    })
    const cpuAt = (event: string): number => marks[event]?.cpuUs ?? 0
    return {
      ...result,
      version: running.version,
      targetAdmitCpuUs: cpuAt('admitted') - cpuAt('begin'),
      targetCpuUs: cpuAt('end') - cpuAt('begin'),
      targetRssPeakBytes: marks.end?.rssPeakBytes ?? 0,
      diskBytes: running.diskBytes(),
    }
  } finally {
    await running.stop()
  }
}

async function generate(
  job: RpcJob,
  url: string,
  onEvent: (event: string) => void,
): Promise<GeneratorResult> {
  const { txs, count, warmupCount, batch, connections, perSecond, mining, secondsMax } = job
  const task: GeneratorJob = {
    ...{ url, txsPath: txs.path, count, warmupCount, batch, connections, mining, secondsMax },
    ...(perSecond === undefined ? {} : { perSecond }),
  }
  const program = startProgram({
    command: process.execPath,
    args: [join(import.meta.dirname, 'generator.ts'), JSON.stringify(task)],
    cpus: job.generatorCpus,
  })
  let result: GeneratorResult | undefined
  program.onLine((line) => {
    const message: { readonly event: string; readonly result?: GeneratorResult } = JSON.parse(line)
    onEvent(message.event)
    if (message.result !== undefined) result = message.result
  })
  await program.ended
  if (result === undefined) throw new Error(`The generator failed. ${program.complaint()}`)
  return result
}
