// Measures transactions per second and where their processor time goes, with engines of ours and
// with the servers of others, all in one run.
//
//   npm run bench -- --help
//
// Phase 1 signs a file of transactions that follows from a seed, and makes blocks of it; both are
// kept under cache/bench. Phase 2 gives the same file to one target after another, each time in
// fresh processes. docs/performance.md says how to read the figures.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import { PocaError } from '../chain/primitives/errors.ts'
import { removeLeftovers } from './bench/cacheFolder.ts'
import { measureFloors } from './bench/floors.ts'
import { describeMachine } from './bench/machine.ts'
import { type BenchOptions, BenchUsageError, helpText, parseBenchOptions } from './bench/options.ts'
import type { BenchReport, CaseReport } from './bench/report/benchReport.ts'
import { bestOf } from './bench/report/benchReport.ts'
import { markdownOf } from './bench/report/markdown.ts'
import { plotsOf } from './bench/report/plots.ts'
import { canPin } from './bench/rpc/spawnTarget.ts'
import { runCases } from './bench/runCases.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseBenchOptions(args)
    if (options === undefined) {
      process.stdout.write(helpText())
      return 0
    }
    if (options.cpus !== undefined && !canPin()) {
      throw new BenchUsageError('--cpus needs the program taskset, and there is none.')
    }
    return await bench(options)
  } catch (error) {
    if (error instanceof BenchUsageError) {
      process.stderr.write(`${error.message} See npm run bench -- --help.\n`)
      return 2
    }
    if (!(error instanceof PocaError)) throw error
    process.stderr.write(`${error.message} [${error.code}]\n`)
    return 1
  }
}

async function bench(options: BenchOptions): Promise<number> {
  removeLeftovers()
  const machine = describeMachine(options)
  const cases: CaseReport[] = []
  const skipped: BenchReport['skipped'][number][] = []
  const tell = (line: string) => process.stderr.write(`${line}\n`)
  await runCases(options, {
    onLine: tell,
    onCase(report) {
      cases.push(report)
      const { tps, cpuUsPerTx } = bestOf(report)
      const name = `${report.workload} ${report.level} ${report.target}`
      tell(`  ${name}: ${tps.toFixed(0)} TPS, ${cpuUsPerTx.toFixed(1)} µs of processor time each`)
    },
    onSkip(what, why) {
      skipped.push({ what, why })
      tell(`  skipped ${what}: ${why}`)
    },
  })
  const floors = cases.some(({ level }) => level !== 'L4') ? await measureFloors() : undefined
  const report: BenchReport = {
    ...{ format: 1, machine: machine.finish(), cases, skipped },
    ...(floors === undefined ? {} : { floorsUs: floors }),
  }
  const text = markdownOf(report)
  process.stdout.write(options.json ? `${JSON.stringify(report, null, 2)}\n` : text)
  if (options.out !== undefined && cases.length > 0) writeAll(options.out, report, text)
  return cases.length > 0 ? 0 : 1
}

function writeAll(out: string, report: BenchReport, text: string): void {
  const files = [
    [`${out}.json`, `${JSON.stringify(report, null, 2)}\n`],
    [`${out}.md`, text],
    ...plotsOf(report).map(({ name, svg }) => [`${out}-${name}.svg`, svg] as const),
  ] as const
  mkdirSync(dirname(resolve(out)), { recursive: true })
  for (const [path, content] of files) {
    writeFileSync(path, content)
    process.stderr.write(`wrote ${relative(process.cwd(), resolve(path))}\n`)
  }
}
