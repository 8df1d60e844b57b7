import { readFileSync } from 'node:fs'
import type { StateTestExecutor } from './executor.ts'
import { parseFixture } from './fixture.ts'
import { type KnownCase, knownFor } from './known.ts'
import { compareOnStateTest, runStateTest, type Verdict } from './runStateTest.ts'

/** How to run the tests of a file. */
export type FileRequest = {
  /** As it is opened, and as it is shown and matched. */
  readonly file: string
  readonly path: string
  readonly executor: StateTestExecutor
  /** Compare with this one under `hardfork` instead of with what the file says. */
  readonly against?: { readonly executor: StateTestExecutor; readonly hardfork: string } | undefined
  /** Part of path or test name that a test must have. */
  readonly filter: string
  readonly known: readonly KnownCase[]
  /** Also those that take long. */
  readonly isSlowWanted: boolean
}

/** How one test went, in the light of what is known. */
export type FileResult = {
  readonly path: string
  readonly id: string
  /** `known` failed as the list says; `fixed` passed although the list says otherwise. */
  readonly kind: 'pass' | 'fail' | 'skip' | 'known' | 'fixed'
  readonly text: string
}

/** Runs the tests of one file. */
export async function runFile(request: FileRequest): Promise<readonly FileResult[]> {
  const { file, path, filter, known } = request
  const { tests, withoutBytes } = parseFixture(readFileSync(file, 'utf8'))
  const results: FileResult[] = []
  for (let index = 0; index < withoutBytes; index++) {
    results.push({ path, id: `unsigned ${index}`, kind: 'skip', text: 'cannot be signed' })
  }
  for (const test of tests) {
    const { id, origin } = test
    if (!`${path} ${id}`.toLowerCase().includes(filter)) continue
    const entries = knownFor(known, { path, id, origin, executor: request.executor.name })
    const left = entries.find(
      ({ kind }) => kind === 'skip' || (kind === 'slow' && !request.isSlowWanted),
    )
    if (left !== undefined) {
      results.push({ path, id, kind: 'skip', text: left.reason })
      continue
    }
    const verdict = await verdictOf(request, test)
    results.push({ path, id, ...judge(verdict, entries) })
  }
  return results
}

async function verdictOf(
  { executor, against }: FileRequest,
  test: Parameters<typeof runStateTest>[1],
): Promise<Verdict> {
  try {
    return against === undefined
      ? await runStateTest(executor, test)
      : await compareOnStateTest([against.executor, executor], test, against.hardfork)
  } catch (error) {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
    return { kind: 'fail', difference: `threw ${text.split('\n').slice(0, 3).join(' | ')}` }
  }
}

function judge(verdict: Verdict, entries: readonly KnownCase[]): Pick<FileResult, 'kind' | 'text'> {
  const expected = entries.find(({ kind }) => kind === 'fail')
  switch (verdict.kind) {
    case 'pass':
      if (expected === undefined) return { kind: 'pass', text: '' }
      return { kind: 'fixed', text: expected.reason }
    case 'skip':
      return { kind: 'skip', text: verdict.reason }
    case 'fail':
      if (expected === undefined) return { kind: 'fail', text: verdict.difference }
      return { kind: 'known', text: expected.reason }
  }
}
