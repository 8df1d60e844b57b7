import { spawnSync } from 'node:child_process'
import { cpus, loadavg, release, totalmem, type } from 'node:os'
import { root } from './cacheFolder.ts'
import type { Machine } from './report/benchReport.ts'

/** What is known of this machine; call `finish` when all is measured. */
export function describeMachine(pinning: {
  readonly cpus: string | undefined
  readonly generatorCpus: string | undefined
}): { finish(): Machine } {
  const loadBefore = loadOf()
  const date = new Date().toISOString()
  return {
    finish: () => ({
      date,
      commit: commitOf(),
      node: process.version,
      os: `${type()} ${release()}`,
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryBytes: totalmem(),
      loadBefore,
      loadAfter: loadOf(),
      cpus: pinning.cpus ?? 'any',
      generatorCpus: pinning.generatorCpus ?? 'any',
    }),
  }
}

function loadOf(): number {
  return Math.round((loadavg()[0] ?? 0) * 100) / 100
}

function commitOf(): string {
  const git = (...args: readonly string[]) =>
    spawnSync('git', args, { cwd: root, encoding: 'utf8' }).stdout?.trim() ?? ''
  const changed = git('status', '--porcelain', '--untracked-files=no') === '' ? '' : ' and changes'
  return `${git('rev-parse', '--short=12', 'HEAD') || 'unknown'}${changed}`
}
