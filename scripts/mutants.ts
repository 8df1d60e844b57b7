// Shows that the tests can fail: breaks one line of a contract at a time, as listed in
// test/mutants.json, and demands that some test notices.
//
//   node scripts/mutants.ts                     all of them
//   node scripts/mutants.ts --only Reputation   those whose id or file contains this
//   node scripts/mutants.ts --jobs 2            in this many copies of the tree at once
//   node scripts/mutants.ts --json              the outcomes as JSON on stdout
//   node scripts/mutants.ts --list              only looks whether every line is there
//
// Works in copies under the system's temporary folder; the tree itself is never touched. Fails when
// a mutant survives, does not compile, or names a line that is not there exactly once.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { root } from './lib/hardhatArtifacts.ts'
import { copyTree, type Mutant, type Outcome, readMutants, tryMutant } from './lib/mutation.ts'
import { readOptions } from './lib/options.ts'

const values = readOptions(import.meta.filename, {
  only: { type: 'string' },
  jobs: { type: 'string', default: '1' },
  json: { type: 'boolean', default: false },
  list: { type: 'boolean', default: false },
})

const wanted = values.only?.toLowerCase() ?? ''
const mutants = readMutants(join(root, 'test/mutants.json')).filter(({ id, file }) =>
  `${id} ${file}`.toLowerCase().includes(wanted),
)
if (mutants.length === 0) fail(`no mutant is called like "${values.only}"`)
if (values.list) listLines()
else await hunt()

/** Compares the list with the sources, which takes no time. */
function listLines(): void {
  const lost = mutants.filter(({ file, line }) => {
    const lines = readFileSync(join(root, file), 'utf8').split('\n')
    return lines.filter((actual) => actual.trim() === line).length !== 1
  })
  for (const { id, line } of lost) process.stderr.write(`${id}: not there once: ${line}\n`)
  process.stderr.write(`${mutants.length - lost.length} of ${mutants.length} lines are there\n`)
  if (lost.length > 0) process.exitCode = 1
}

async function hunt(): Promise<void> {
  const queue = [...mutants]
  const outcomes: Outcome[] = []
  const started = performance.now()
  const folders: string[] = []
  const stop = () => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
  process.on('SIGINT', () => {
    stop()
    process.exit(130)
  })
  const jobs = Math.max(1, Math.min(Number(values.jobs), mutants.length))
  try {
    await Promise.all(
      Array.from({ length: jobs }, async () => {
        const folder = mkdtempSync(join(tmpdir(), 'poca-mutants-'))
        folders.push(folder)
        copyTree(root, folder)
        for (let mutant = queue.shift(); mutant !== undefined; mutant = queue.shift()) {
          const outcome = await tryMutant(folder, mutant)
          outcomes.push(outcome)
          report(outcome, outcomes.length)
        }
      }),
    )
  } finally {
    stop()
  }
  conclude(outcomes, (performance.now() - started) / 1_000)
}

function report({ mutant, verdict, seconds, evidence }: Outcome, done: number): void {
  const filled = Math.round((20 * done) / mutants.length)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${done}/${mutants.length}`
  const time = `${seconds.toFixed(1)} s`
  process.stderr.write(`${bar} ${verdict.padEnd(8)} ${time.padStart(6)} ${mutant.id}\n`)
  if (verdict === 'killed') return
  process.stderr.write(`${change(mutant)}${evidence.map((line) => `    ${line}\n`).join('')}`)
}

function conclude(outcomes: readonly Outcome[], seconds: number): void {
  const bad = outcomes.filter(({ verdict }) => verdict !== 'killed')
  const killed = outcomes.length - bad.length
  const each = (seconds / Math.max(outcomes.length, 1)).toFixed(1)
  process.stderr.write(
    `\n${killed} of ${outcomes.length} mutants killed in ${seconds.toFixed(0)} s, ${each} s each\n`,
  )
  for (const { mutant, verdict } of bad) process.stderr.write(`${verdict}: ${change(mutant)}`)
  if (values.json) process.stdout.write(`${JSON.stringify(outcomes, null, 2)}\n`)
  if (bad.length > 0) process.exitCode = 1
}

function change({ id, file, line, replacement }: Mutant): string {
  return `${id} ${file}\n  - ${line}\n  + ${replacement}\n`
}

function fail(reason: string): never {
  process.stderr.write(`${reason}\n`)
  process.exit(1)
}
