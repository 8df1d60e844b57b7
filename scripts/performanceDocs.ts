// Fills the figures of docs/performance.md in from the reports in docs/bench, which `npm run bench`
// writes. No figure is written by hand.
//
//   node scripts/performanceDocs.ts            writes the page
//   node scripts/performanceDocs.ts --check    fails when the page is not what the reports say
//
// A figure stands between two comments: <!-- figures NAME PART --> and <!-- end -->. NAME is the
// report's, PART is machine, results, stages, budget, plot (of the stages), or another plot's name.
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './bench/cacheFolder.ts'
import type { BenchReport } from './bench/report/benchReport.ts'
import { budgetTable } from './bench/report/budget.ts'
import { describeMachine, resultTables, stageTable } from './bench/report/markdown.ts'
import { plotsOf } from './bench/report/plots.ts'
import { readOptions } from './lib/options.ts'

const values = readOptions(import.meta.filename, { check: { type: 'boolean', default: false } })
const pagePath = join(root, 'docs', 'performance.md')
const page = readFileSync(pagePath, 'utf8')
const filled = page.replaceAll(
  /(<!-- figures (\w+) (\w+) -->\n)[\s\S]*?(<!-- end -->)/g,
  (_, begin: string, name: string, part: string, end: string) =>
    `${begin}${figures(name, part)}\n${end}`,
)
if (!values.check) writeFileSync(pagePath, filled)
else if (filled !== page) {
  process.stderr.write(
    'docs/performance.md is not what docs/bench says; run this without --check\n',
  )
  process.exitCode = 1
}

function figures(name: string, part: string): string {
  const path = join(root, 'docs', 'bench', `${name}.json`)
  if (!existsSync(path)) return 'Not measured.'
  const report: BenchReport = JSON.parse(readFileSync(path, 'utf8'))
  if (part === 'machine') return describeMachine(report.machine)
  if (part === 'results') return resultTables(report.cases)
  if (part === 'stages') return stageTable(report.cases)
  if (part === 'budget') return budgetTable(report)
  const plot = plotsOf(report).find((one) => one.name === (part === 'plot' ? 'stages' : part))
  if (plot === undefined) throw new Error(`The report ${name} has no figures called ${part}.`)
  return `![${name}: ${plot.name}](bench/${name}-${plot.name}.svg)`
}
