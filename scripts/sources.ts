// Compares docs/sources.md with the whitepapers and the contracts, and fails on a gap.
//
//   node scripts/sources.ts                  the check
//   node scripts/sources.ts --papers FOLDER  also that the papers contain every sentence
//   node scripts/sources.ts --table          prints the rows that tests' tags already justify
//
// docs/whitepaperSentences.json lists every sentence of both papers that asks something of the
// economy. Each needs a row in docs/sources.md that quotes it and names a contract's function that
// exists and a test that exists and carries the sentence in a `@custom:sentence` tag; or that says
// which part of the system answers it instead.
import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readArtifacts, root } from './lib/hardhatArtifacts.ts'
import { readOptions } from './lib/options.ts'
import {
  bare,
  foreignSentences,
  isSameSentence,
  quotesOf,
  readSentences,
  readSourceRows,
  type SourceRow,
} from './lib/whitepaper.ts'

const values = readOptions(import.meta.filename, {
  papers: { type: 'string' },
  table: { type: 'boolean', default: false },
})

const sentences = readSentences()
const rows = readSourceRows()
const { artifactOf, has } = readArtifacts()

if (values.table) printTable()
else check()

function check(): void {
  const gaps = [
    ...sentences
      .filter(({ section, text }) => !rows.some((row) => isRowOf(row, section, text)))
      .map(({ section, text }) => `${section} has no row for: ${text}`),
    ...rows.flatMap((row) => faultsOf(row).map((fault) => `line ${row.lineNumber}: ${fault}`)),
    ...strayTags(),
    ...(values.papers === undefined
      ? []
      : foreignSentences(values.papers, sentences).map(
          ({ section, text }) => `${section} is not in the paper: ${text}`,
        )),
  ]
  for (const gap of gaps) process.stderr.write(`${gap}\n`)
  const outside = rows.filter((row) => row.outside !== undefined).length
  process.stderr.write(
    `${sentences.length} sentences, ${rows.length} rows, ${outside} of them outside the economy, ` +
      `${gaps.length} gaps\n`,
  )
  if (gaps.length > 0) process.exitCode = 1
}

function isRowOf(row: SourceRow, section: string, text: string): boolean {
  return row.section === section && bare(row.text) === bare(text)
}

function faultsOf(row: SourceRow): readonly string[] {
  const isListed = sentences.some(({ section, text }) => isRowOf(row, section, text))
  const unlisted = isListed ? [] : [`docs/whitepaperSentences.json has no: ${row.text}`]
  if (row.outside !== undefined) {
    return [...unlisted, ...(row.outside.length < 3 ? ['no reason is given'] : [])]
  }
  return [
    ...unlisted,
    ...(row.places.length === 0 ? ['names no function'] : []),
    ...row.places.filter((place) => !isFunction(place)).map((place) => `there is no ${place}`),
    ...(row.tests.length === 0 ? ['names no test'] : []),
    ...row.tests.filter((test) => !existsSync(join(root, test))).map((t) => `there is no ${t}`),
    ...(row.tests.some((test) => isQuotedIn(test, row.text))
      ? []
      : [`no @custom:sentence of its tests quotes: ${row.text}`]),
  ]
}

/** `Contract.function`, in the contract's ABI or, for what libraries keep inside, its source. */
function isFunction(place: string): boolean {
  const [contract = '', name = ''] = place.split('.')
  if (contract === '' || name === '' || !has(contract)) return false
  if (artifactOf(contract).abi.some((item) => 'name' in item && item.name === name)) return true
  return globSync(`contracts/**/${contract}.sol`, { cwd: root }).some((path) =>
    new RegExp(`\\b(function|constant) ${name}\\b`).test(readFileSync(join(root, path), 'utf8')),
  )
}

function isQuotedIn(test: string, text: string): boolean {
  const path = join(root, test)
  if (!existsSync(path)) return false
  return quotesOf(readFileSync(path, 'utf8')).some((quote) => isSameSentence(quote, text))
}

/** Quotes in tests that are no sentence of either paper. */
function strayTags(): readonly string[] {
  return economicsTests().flatMap((test) =>
    quotesOf(readFileSync(join(root, test), 'utf8'))
      .filter((quote) => !sentences.some(({ text }) => isSameSentence(quote, text)))
      .map((quote) => `${test} quotes what docs/whitepaperSentences.json has not: ${quote}`),
  )
}

function economicsTests(): readonly string[] {
  return [...globSync('test/contracts/**/*.{sol,ts}', { cwd: root })].sort()
}

/** A first draft of the rows, for whoever writes docs/sources.md. */
function printTable(): void {
  const quotes = economicsTests().map(
    (test) => [test, quotesOf(readFileSync(join(root, test), 'utf8'))] as const,
  )
  for (const { section, text } of sentences) {
    const tests = quotes
      .filter(([, said]) => said.some((quote) => isSameSentence(quote, text)))
      .map(([test]) => `\`${test}\``)
    const known = rows.find((row) => isRowOf(row, section, text))
    const place = known?.outside
      ? `outside the economy: ${known.outside}`
      : known?.places.join(', ')
    process.stdout.write(`| ${section} | "${text}" | ${place ?? ''} | ${tests.join(', ')} |\n`)
  }
}
