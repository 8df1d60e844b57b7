// Runs public Ethereum state tests, which are not part of this repository:
//
//   node scripts/conformance.ts --fixtures DIR            what the files say, under their own forks
//   node scripts/conformance.ts --fixtures DIR --jobs 2   in this many processes
//   … --executor fast                                     on another executor than `reference`
//   … --executor fast --against reference --as osaka      the two compared, all under one fork
//   … --filter stCreate2                                  tests whose path or name contains this
//   … --slow                                              also those listed as slow
//   … --json                                              every result as JSON on stdout
//
// DIR holds files as in `GeneralStateTests` of ethereum/tests or `state_tests` of a release of
// execution-spec-tests; --fixtures may be given more than once. Fails on every failure that
// test/conformance/known.json does not explain, and when a file takes longer than --seconds.
import { readdirSync, statSync } from 'node:fs'
import { join, relative } from 'node:path'
import { executors } from '../test/conformance/executors.ts'
import { type KnownCase, readKnown } from '../test/conformance/known.ts'
import { type FileResult, runFile } from '../test/conformance/runFile.ts'
import { root } from './lib/hardhatArtifacts.ts'
import { runJobs, serveJobs } from './lib/jobs.ts'
import { readOptions, refuseOptions, wholeNumber } from './lib/options.ts'

const values = readOptions(import.meta.filename, {
  fixtures: { type: 'string', multiple: true, default: [] },
  executor: { type: 'string', default: 'reference' },
  against: { type: 'string' },
  as: { type: 'string', default: 'osaka' },
  filter: { type: 'string', default: '' },
  jobs: { type: 'string', default: '1' },
  seconds: { type: 'string', default: '300' },
  slow: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  child: { type: 'boolean', default: false },
})

const jobs = wholeNumber(import.meta.filename, { name: 'jobs', text: values.jobs, min: 1 })
const seconds = wholeNumber(import.meta.filename, { name: 'seconds', text: values.seconds, min: 1 })

type Task = { readonly file: string; readonly path: string }
type Count = Record<FileResult['kind'], number>

const executor = executorCalled(values.executor)
const against =
  values.against === undefined
    ? undefined
    : { executor: executorCalled(values.against), hardfork: values.as }

// Two executors that agree need no explanation of what both do.
const known: readonly KnownCase[] = readKnown(join(root, 'test/conformance/known.json')).filter(
  ({ kind }) => against === undefined || kind !== 'fail',
)

if (values.child) serveJobs((task: Task) => runOne(task))
else await main()

function runOne(task: Task): Promise<readonly FileResult[]> {
  return runFile({
    ...task,
    executor,
    against,
    filter: values.filter.toLowerCase(),
    known,
    isSlowWanted: values.slow,
  })
}

async function main(): Promise<void> {
  if (values.fixtures.length === 0) refuse('give the folder of the fixtures with --fixtures')
  const tasks = values.fixtures.flatMap(filesUnder)
  const results: FileResult[] = []
  let done = 0
  const started = performance.now()
  await runJobs<Task, readonly FileResult[]>({
    script: import.meta.filename,
    args: [...process.argv.slice(2), '--child'],
    processes: jobs,
    msMax: seconds * 1_000,
    tasks,
    onResult: (task, answer) => {
      const news =
        'result' in answer
          ? answer.result
          : [{ path: task.path, id: 'file', kind: 'fail', text: answer.error } as const]
      results.push(...news)
      done++
      for (const one of news) if (one.kind === 'fail') tell(one)
      progress(done, tasks.length, task.path)
    },
  })
  conclude(results, (performance.now() - started) / 1_000)
}

function conclude(results: readonly FileResult[], seconds: number): void {
  const folders = new Map<string, Count>()
  const total = emptyCount()
  for (const { path, kind } of results) {
    const folder = path.split('/').slice(0, -1).join('/')
    const count = folders.get(folder) ?? emptyCount()
    count[kind]++
    total[kind]++
    folders.set(folder, count)
  }
  process.stderr.write(`\n\n${'pass'.padStart(7)}${'fail'.padStart(7)}${'known'.padStart(7)}`)
  process.stderr.write(`${'skip'.padStart(7)}  folder\n`)
  for (const [folder, count] of [...folders].sort(([a], [b]) => (a < b ? -1 : 1))) {
    process.stderr.write(`${row(count)}  ${folder}\n`)
  }
  process.stderr.write(`${row(total)}  all, in ${seconds.toFixed(0)} s\n`)
  explain(results, 'known', 'differs as explained')
  explain(results, 'skip', 'not run')
  explain(results, 'fixed', 'passes although listed as failing')
  if (values.json) process.stdout.write(`${JSON.stringify(results, null, 2)}\n`)
  if (total.pass === 0) process.stderr.write('no test has passed\n')
  if (total.fail > 0 || total.pass === 0) process.exitCode = 1
}

/** How many tests share each reason. */
function explain(results: readonly FileResult[], kind: FileResult['kind'], title: string): void {
  const reasons = new Map<string, number>()
  for (const one of results) {
    if (one.kind === kind) reasons.set(one.text, (reasons.get(one.text) ?? 0) + 1)
  }
  for (const [reason, count] of reasons) {
    process.stderr.write(`${title}: ${count} × ${reason}\n`)
  }
}

function row(count: Count): string {
  const cells = [count.pass + count.fixed, count.fail, count.known, count.skip]
  return cells.map((cell) => String(cell).padStart(7)).join('')
}

function emptyCount(): Count {
  return { pass: 0, fail: 0, skip: 0, known: 0, fixed: 0 }
}

function filesUnder(folder: string): readonly Task[] {
  const found = statSync(folder, { throwIfNoEntry: false })
  if (found === undefined) refuse(`there is no folder ${folder}`)
  if (found.isFile()) return [{ file: folder, path: folder }]
  const tasks = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => !file.includes('/.meta/'))
    .sort()
    .map((file) => ({ file, path: relative(folder, file) }))
  if (tasks.length === 0) refuse(`there is no .json file in ${folder}`)
  return tasks
}

function tell({ path, id, text }: FileResult): void {
  process.stderr.write(`\r\x1b[KFAIL ${path}\n     ${id}\n     ${text}\n`)
}

function progress(done: number, all: number, path: string): void {
  if (!process.stderr.isTTY && done % 100 !== 0 && done !== all) return
  const filled = Math.round((20 * done) / all)
  const bar = `${'█'.repeat(filled)}${'░'.repeat(20 - filled)} ${done}/${all}`
  const start = process.stderr.isTTY ? '\r\x1b[K' : '\n'
  process.stderr.write(`${start}${bar} ${path.slice(-50)}`)
}

function executorCalled(name: string) {
  const found = executors.get(name)
  if (found === undefined) {
    return refuse(`no executor is called ${name}; there are ${[...executors.keys()].join(', ')}`)
  }
  return found
}

function refuse(reason: string): never {
  return refuseOptions(import.meta.filename, reason)
}
