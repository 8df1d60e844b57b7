import { copyFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { makeRunFolder } from '../cacheFolder.ts'
import type { EngineTarget } from '../engineTargets.ts'
import type { OwnNodeJob } from './ownNode.ts'
import { type RpcTarget, type RpcTargetOptions, waitUntilReady } from './rpcTarget.ts'
import { startProgram } from './spawnTarget.ts'

/** A node of ours with an engine. */
export function ownTarget({ name }: EngineTarget): RpcTarget {
  return {
    name,
    fsync: 'before a block is the head',
    missing: () => undefined,
    start: (options) => startOwn(name, options),
  }
}

async function startOwn(engine: OwnNodeJob['engine'], options: RpcTargetOptions) {
  const { base, genesisOptions, intervalMs, cpus } = options
  const dataDir = makeRunFolder()
  const path = join(dataDir, 'chain.mdb')
  copyFileSync(base.path, path)
  const before = statSync(path).size
  const job: OwnNodeJob = { engine, genesisOptions, dataDir, intervalMs }
  const program = startProgram({
    command: process.execPath,
    args: [join(import.meta.dirname, 'ownNode.ts'), JSON.stringify(job)],
    cpus,
  })
  const url = await Promise.race([
    new Promise<string>((resolve) => program.onLine((line) => resolve(JSON.parse(line).url))),
    program.ended.then(() => {
      throw new Error(`The node did not start. ${program.complaint()}`)
    }),
  ])
  const version = await waitUntilReady(url, program)
  return {
    ...{ url, version, pid: program.pid },
    diskBytes: () => statSync(path).size - before,
    async stop() {
      await program.stop()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}
