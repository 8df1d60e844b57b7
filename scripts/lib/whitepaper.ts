import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './hardhatArtifacts.ts'

/** A sentence of a whitepaper that asks something of the economy. */
export type Sentence = {
  /** `SC 4.3`: the SmartChain paper, or `TS`, the Tesra one. */
  readonly section: string
  readonly text: string
}

/** What docs/sources.md says about a sentence. */
export type SourceRow = Sentence & {
  /** `HalvingEmission.emitted`, or why the economy does not answer it. */
  readonly places: readonly string[]
  readonly outside: string | undefined
  /** Test files. */
  readonly tests: readonly string[]
  /** Number of its line in docs/sources.md. */
  readonly lineNumber: number
}

/** What begins the cell of a sentence that something other than the economy answers. */
const outsideMark = 'outside the economy: '

const papers = { SC: 'smartchain.txt', TS: 'tesra.txt' } as const

/** Every sentence that has to have a row. */
export function readSentences(): readonly Sentence[] {
  return JSON.parse(readFileSync(join(root, 'docs/whitepaperSentences.json'), 'utf8'))
}

/**
 * The rows of docs/sources.md that quote a sentence:
 * `| SC 4.3 | "the sentence" | Contract.function | test/contracts/economics/file.t.sol |`.
 */
export function readSourceRows(): readonly SourceRow[] {
  const lines = readFileSync(join(root, 'docs/sources.md'), 'utf8').split('\n')
  return lines.flatMap((line, index) => {
    const cells = line.split('|').map((cell) => cell.trim())
    const [, section = '', quote = '', place = '', test = ''] = cells
    if (!/^".+"$/.test(quote)) return []
    const isOutside = place.startsWith(outsideMark)
    return [
      {
        section,
        text: quote.slice(1, -1),
        places: isOutside ? [] : listOf(place),
        outside: isOutside ? place.slice(outsideMark.length) : undefined,
        tests: isOutside ? [] : listOf(test),
        lineNumber: index + 1,
      },
    ]
  })
}

/** The quotes in `@custom:sentence` tags of a test, which may go over several lines. */
export function quotesOf(source: string): readonly string[] {
  return [
    ...source.matchAll(
      /@custom:sentence\s+((?:.|\n)*?)(?=\n\s*(?:\/\/\/|\*)?\s*@|\*\/|\n(?!\s*(?:\/\/\/|\*)))/g,
    ),
  ].map(([, text = '']) =>
    text
      .replace(/\n\s*(\/\/\/|\*)/g, ' ')
      .trim()
      .replace(/^"|"$/g, ''),
  )
}

/** Sentences that the papers in `folder` do not contain. */
export function foreignSentences(folder: string, sentences: readonly Sentence[]) {
  const texts = new Map<string, string>()
  for (const [paper, file] of Object.entries(papers)) {
    const path = join(folder, file)
    if (existsSync(path)) texts.set(paper, bare(readFileSync(path, 'utf8').replace(/^P\/$/gm, '')))
  }
  return sentences.filter(({ section, text }) => {
    const paper = texts.get(section.slice(0, 2))
    return paper === undefined || !paper.includes(bare(text))
  })
}

/** Whether one of the two quotes contains the other, however their lines are broken. */
export function isSameSentence(a: string, b: string): boolean {
  const [first, second] = [bare(a), bare(b)]
  return first.includes(second) || second.includes(first)
}

/** A text as it is compared: the papers came out of page images, with spaces anywhere. */
export function bare(text: string): string {
  return text.replace(/[“”]/g, '"').replace(/[‘’]/g, "'").replace(/\s+/g, '')
}

function listOf(cell: string): readonly string[] {
  return cell
    .split(',')
    .map((part) => part.trim().replace(/^`|`$/g, ''))
    .filter((part) => part !== '')
}
