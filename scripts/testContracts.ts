// Runs every test of the contracts: compiles once, then shares the files over as many processes as
// there are cores. `--runs` sets how often each fuzz test runs, `--sequences` how many sequences of
// 100 calls each invariant test makes.
import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { readOptions } from './lib/options.ts'

const root = join(import.meta.dirname, '..')
const folder = join(root, 'test/contracts')
const hardhat = join(root, 'node_modules/hardhat/dist/src/cli.js')
/** An invariant test costs about so many times what an ordinary one does. */
const invariantWeight = 200

type Job = { readonly kind: 'solidity' | 'nodejs'; readonly files: string[]; weight: number }

const values = readOptions(import.meta.filename, {
  runs: { type: 'string', default: '1000' },
  sequences: { type: 'string', default: '1000' },
})
const cores = Math.max(1, availableParallelism())

if ((await run(['build', '--quiet'])).code !== 0) process.exit(1)
const files = listTests()
const jobs = shareOut(files)
process.stdout.write(
  `${files.length} files of Solidity tests in ${jobs.length - 1} processes: ${values.runs} runs of each ` +
    `fuzz test, ${values.sequences} sequences of each invariant\n`,
)
// Longest first; the TypeScript tests go last, into the first free process.
let failed = false
const waiting = [...jobs]
await Promise.all(
  Array.from({ length: cores }, async () => {
    for (let job = waiting.shift(); job !== undefined; job = waiting.shift()) {
      const { code, output } = await run(['test', job.kind, '--no-compile', ...job.files])
      process.stdout.write(output)
      if (code !== 0) failed = true
    }
  }),
)
process.exitCode = failed ? 1 : 0

/** Test files with what they cost, the dearest first. */
function listTests(): readonly { readonly path: string; readonly weight: number }[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.name.endsWith('.t.sol'))
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => {
      const text = readFileSync(path, 'utf8')
      const invariants = text.match(/function invariant/g)?.length ?? 0
      const tests = text.match(/function test/g)?.length ?? 0
      return { path, weight: 1 + tests + invariants * invariantWeight }
    })
    .sort((a, b) => b.weight - a.weight)
}

function shareOut(tests: ReturnType<typeof listTests>): readonly Job[] {
  const shards = Array.from(
    { length: cores },
    (): Job => ({ kind: 'solidity', files: [], weight: 0 }),
  )
  for (const { path, weight } of tests) {
    const lightest = shards.reduce((least, next) => (next.weight < least.weight ? next : least))
    lightest.files.push(path)
    lightest.weight += weight
  }
  return [...shards, { kind: 'nodejs', files: [], weight: 0 }]
}

function run(args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [hardhat, ...args], {
      cwd: root,
      env: { ...process.env, POCA_FUZZ_RUNS: values.runs, POCA_SEQUENCES: values.sequences },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = (chunk: Buffer) => {
      output += chunk.toString()
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('close', (code) => resolve({ code: code ?? 1, output }))
  })
}
