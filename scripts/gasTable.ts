// Measures how long each kind of instruction, precompile and transaction takes for its gas.
//
//   node scripts/gasTable.ts                 all of it; writes docs/gasTable.{md,json,svg}
//   node scripts/gasTable.ts --only TEXT     cases whose name or group contains TEXT; prints only
//   node scripts/gasTable.ts --json          prints JSON in place of the table
//   node scripts/gasTable.ts --target NAME   only on this machine; may be repeated
//   node scripts/gasTable.ts --render        writes the documents again from docs/gasTable.json
//
// A program is a loop that is all one instruction, on the worst operands, run until its gas is used
// up on a state that nothing has been read from. The best of several runs counts.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { allCases } from './gasTable/cases.ts'
import { measure, type TargetName, targets } from './gasTable/measure.ts'
import { hostOf, markdownOf, plotOf, type Row, type Table, tableOf } from './gasTable/report.ts'
import { root } from './lib/hardhatArtifacts.ts'
import { readOptions } from './lib/options.ts'

const values = readOptions(import.meta.filename, {
  only: { type: 'string' },
  json: { type: 'boolean', default: false },
  target: { type: 'string', multiple: true },
  render: { type: 'boolean', default: false },
})

const jsonPath = join(root, 'docs/gasTable.json')
const isPart = values.only !== undefined || values.target !== undefined
// What this script has written.
const table: Table = values.render ? JSON.parse(readFileSync(jsonPath, 'utf8')) : await measureAll()
const json = `${JSON.stringify(table, null, 2)}\n`
process.stdout.write(values.json ? json : `${tableOf(table)}\n`)
if (!isPart) {
  writeFileSync(jsonPath, json)
  writeFileSync(join(root, 'docs/gasTable.svg'), plotOf(table))
  writeFileSync(join(root, 'docs/gasTable.md'), markdownOf(table))
}

async function measureAll(): Promise<Table> {
  const names = targetNames(values.target)
  const wanted = (values.only ?? '').toLowerCase()
  const cases = allCases().filter(({ name, group }) =>
    `${group} ${name}`.toLowerCase().includes(wanted),
  )
  const host = hostOf()
  const rows: Row[] = []
  for (const [index, item] of cases.entries()) {
    progress(index, cases.length, item.name)
    const usPerGas: Partial<Record<TargetName, number>> = {}
    for (const name of names) {
      // Elsewhere it is the same machine.
      if (name === 'stock' && item.group !== 'precompiles') continue
      usPerGas[name] = (await measure(item, name)).usPerGas
    }
    rows.push({ name: item.name, group: item.group, usPerGas })
  }
  progress(cases.length, cases.length, '')
  const main = names[0] ?? 'reference'
  rows.sort((a, b) => (b.usPerGas[main] ?? 0) - (a.usPerGas[main] ?? 0))
  return { host, targets: names, rows }
}

function targetNames(given: readonly string[] | undefined): readonly TargetName[] {
  const known = Object.keys(targets)
  const unknown = given?.find((name) => !known.includes(name))
  if (unknown !== undefined) {
    process.stderr.write(`there is no target ${unknown}; there are ${known.join(', ')}\n`)
    process.exit(1)
  }
  // Only what is a key is left.
  return (given ?? known) as readonly TargetName[]
}

function progress(done: number, count: number, name: string): void {
  if (!process.stderr.isTTY) return
  const width = 30
  const filled = Math.round((width * done) / count)
  const bar = '█'.repeat(filled) + '░'.repeat(width - filled)
  process.stderr.write(`\r\x1b[K${bar} ${done}/${count} ${name}${done === count ? '\n' : ''}`)
}
