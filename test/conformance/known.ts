import { readFileSync } from 'node:fs'

/** A public test that this chain does not pass or does not run, and why. */
export type KnownCase = {
  /** Part of the file's path. */
  readonly path?: string
  /** Part of the test's name, fork and indexes. */
  readonly test?: string
  /** Part of where the file says that it comes from. */
  readonly origin?: string
  /** Applies to this executor alone. */
  readonly executor?: string
  /** `fail`: runs and differs. `skip`: is not run. `slow`: is run only when asked for. */
  readonly kind: 'fail' | 'skip' | 'slow'
  readonly reason: string
}

/** Reads the list and refuses entries that would match everything or explain nothing. */
export function readKnown(path: string): readonly KnownCase[] {
  // A file of this repository; the test of the runner reads every entry.
  const list = JSON.parse(readFileSync(path, 'utf8')) as readonly KnownCase[]
  for (const one of list) {
    const isNarrow = [one.path, one.test, one.origin].some((part) => part !== undefined)
    if (!isNarrow || one.reason === '' || !['fail', 'skip', 'slow'].includes(one.kind)) {
      throw new Error(
        `a known case needs path, test or origin, kind and reason: ${JSON.stringify(one)}`,
      )
    }
  }
  return list
}

/** The entries that are about a test. */
export function knownFor(
  list: readonly KnownCase[],
  test: {
    readonly path: string
    readonly id: string
    readonly origin: string
    readonly executor: string
  },
): readonly KnownCase[] {
  return list.filter(
    (one) =>
      (one.path === undefined || test.path.includes(one.path)) &&
      (one.test === undefined || test.id.includes(one.test)) &&
      (one.origin === undefined || test.origin.includes(one.origin)) &&
      (one.executor === undefined || one.executor === test.executor),
  )
}
