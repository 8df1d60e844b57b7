import { spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** One changed line of a contract, and the tests of which at least one has to notice. */
export type Mutant = {
  /** `HalvingEmission#2`: the second of its file. */
  readonly id: string
  readonly file: string
  /** The whole line, without the space around it. */
  readonly line: string
  readonly replacement: string
  readonly tests: readonly string[]
}

/** What became of a mutant. `broken` does not compile, so it shows nothing. */
export type Verdict = 'killed' | 'survived' | 'broken' | 'missing'

export type Outcome = {
  readonly mutant: Mutant
  readonly verdict: Verdict
  readonly seconds: number
  /** Names of the tests that failed, or what the tools said when there are none. */
  readonly evidence: readonly string[]
}

/** The mutants of one contract, as `test/mutants.json` lists them. */
export type MutantList = Readonly<
  Record<
    string,
    {
      readonly tests: readonly string[]
      readonly mutants: readonly {
        readonly line: string
        readonly replacement: string
        /** In place of the file's tests. */
        readonly tests?: readonly string[]
      }[]
    }
  >
>

/** A mutant that makes tests run longer than this is looked at by a person. */
const timeLimitMs = 300_000

/** What a run needs of the tree. `cache` and `artifacts` spare the first compilation. */
const parts = [
  ...['contracts', 'test', 'chain', 'src', 'scripts', 'deploy', 'cache', 'artifacts'],
  ...['hardhat.config.ts', 'package.json', 'tsconfig.json'],
]

/** All mutants of the list, in its order. */
export function readMutants(path: string): readonly Mutant[] {
  // The file is ours; a wrong shape fails below or in the type check of the result.
  const list = JSON.parse(readFileSync(path, 'utf8')) as MutantList
  return Object.entries(list).flatMap(([file, { tests, mutants }]) =>
    mutants.map((mutant, index) => ({
      tests,
      ...mutant,
      file,
      id: `${file.replace(/^.*\/|\.sol$/g, '')}#${index + 1}`,
    })),
  )
}

/** A copy of the tree in which mutants live. Takes the place of what is in `folder`. */
export function copyTree(root: string, folder: string): void {
  rmSync(folder, { recursive: true, force: true })
  for (const part of parts) {
    const source = join(root, part)
    if (existsSync(source)) cpSync(source, join(folder, part), { recursive: true })
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'))
}

/** Changes the line in the copy, runs the tests there and changes it back. */
export async function tryMutant(folder: string, mutant: Mutant): Promise<Outcome> {
  const started = performance.now()
  const path = join(folder, mutant.file)
  const original = existsSync(path) ? readFileSync(path, 'utf8') : ''
  const lines = original.split('\n')
  const places = lines.flatMap((line, index) => (line.trim() === mutant.line ? [index] : []))
  const outcome = (verdict: Verdict, evidence: readonly string[]): Outcome => ({
    mutant,
    verdict,
    seconds: (performance.now() - started) / 1_000,
    evidence,
  })
  const [place] = places
  if (place === undefined || places.length > 1) {
    return outcome('missing', [`the line stands there ${places.length} times`])
  }
  const lost = mutant.tests.filter((test) => !existsSync(join(folder, test)))
  if (lost.length > 0) return outcome('missing', lost)

  lines[place] = mutant.replacement
  writeFileSync(path, lines.join('\n'))
  try {
    return outcome(...(await judge(folder, mutant.tests)))
  } finally {
    writeFileSync(path, original)
  }
}

/** Runs the tests, the Solidity ones first, on the changed code. */
async function judge(
  folder: string,
  tests: readonly string[],
): Promise<readonly [Verdict, readonly string[]]> {
  const reads = (words: readonly string[]) => tests.some((test) => mentions(folder, test, words))
  // Running one test file compiles what it imports, not what it reads from the artifacts.
  if (reads(['getCode', 'loadAllocs'])) {
    const built = await run(folder, ['hardhat', '--no-typechain', 'build', '--no-tests', '--quiet'])
    if (built.code !== 0) return ['broken', lastLines(built.output)]
  }
  if (reads(['loadAllocs'])) {
    const genesis = await run(folder, ['node', 'scripts/buildGenesis.ts'])
    // A constructor that now refuses is a mutant that nobody could start a chain with.
    if (genesis.code !== 0) return ['killed', lastLines(genesis.output)]
  }
  const kinds = [
    ['solidity', tests.filter((test) => test.endsWith('.sol'))],
    ['nodejs', tests.filter((test) => test.endsWith('.ts'))],
  ] as const
  for (const [kind, files] of kinds) {
    if (files.length === 0) continue
    const { code, output } = await run(folder, [
      ...['hardhat', '--no-typechain', 'test', kind, ...files],
    ])
    if (code === 0) continue
    const failed = [...output.matchAll(/^\s*\d+\) (.+)$/gm)].map(([, name = '']) => name.trim())
    return /\b\d+ failing\b/.test(output) ? ['killed', failed] : ['broken', lastLines(output)]
  }
  return ['survived', []]
}

/** Whether a test, or a file of ours that it imports, calls one of these. */
function mentions(
  folder: string,
  test: string,
  words: readonly string[],
  seen = new Set<string>(),
): boolean {
  // Those of TypeScript run on the genesis.
  if (test.endsWith('.ts')) return true
  const path = join(folder, test)
  if (seen.has(path) || !existsSync(path)) return false
  seen.add(path)
  const source = readFileSync(path, 'utf8')
  if (words.some((word) => source.includes(`.${word}(`))) return true
  return [...source.matchAll(/from "(\.[^"]+)"/g)].some(([, target = '']) =>
    mentions(folder, join(dirname(test), target), words, seen),
  )
}

function run(
  folder: string,
  [program = '', ...args]: readonly string[],
): Promise<{ readonly code: number; readonly output: string }> {
  const path = program === 'node' ? process.execPath : join('node_modules/.bin', program)
  return new Promise((resolve, reject) => {
    const env = { ...process.env, NO_COLOR: '1' }
    const child = spawn(path, args, { cwd: folder, env, timeout: timeLimitMs })
    const chunks: string[] = []
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8')
      stream.on('data', (chunk: string) => chunks.push(chunk))
    }
    child.on('error', reject)
    child.on('close', (code) => resolve({ code: code ?? 1, output: chunks.join('') }))
  })
}

function lastLines(output: string): readonly string[] {
  return output
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-4)
}
