import { styleText } from 'node:util'
import { progress } from '@clack/prompts'
import { short } from './amounts.ts'

/** Tells a story on a terminal, or as plain lines when nobody watches. */
export type Narrator = {
  /** Opens a chapter. */
  chapter(title: string): void
  /** One line of the story, with the hash of the transaction that did it. */
  say(line: string, hash?: string): void
  /** A fact worth looking up: name and value in columns. */
  fact(name: string, value: string): void
  /** States whether something holds, and remembers it. */
  check(sentence: string, holds: boolean): void
  /** A bar for anything that may take over two seconds. */
  progress(title: string, max: number): Progress
  /** All that was checked, in order. */
  readonly checks: readonly Check[]
}

/** A sentence of the story and whether it held. */
export type Check = { readonly sentence: string; readonly holds: boolean }

/** A running bar. */
export type Progress = {
  /** Moves the bar to `done` out of its maximum. */
  to(done: number, note?: string): void
  stop(line: string): void
}

/** Where hashes begin, so that they can be read down. */
const hashColumn = 66

type Output = NodeJS.WritableStream & { readonly isTTY?: boolean }

/** Makes a narrator that writes to `output`. */
export function createNarrator(output: Output = process.stdout): Narrator {
  const checks: Check[] = []
  const line = (text: string): void => {
    output.write(`${text}\n`)
  }
  const styled = (format: Parameters<typeof styleText>[0], text: string): string =>
    output.isTTY === true ? styleText(format, text) : text
  return {
    checks,
    chapter: (title) => line(`\n${styled('bold', title)}`),
    say(text, hash) {
      line(
        `  ${hash === undefined ? text : `${text.padEnd(hashColumn)} ${styled('dim', short(hash))}`}`,
      )
    },
    fact: (name, value) => line(`  ${styled('dim', name.padEnd(24))} ${value}`),
    check(sentence, holds) {
      checks.push({ sentence, holds })
      line(`  ${holds ? styled('green', '✓') : styled('red', '✗')} ${sentence}`)
    },
    progress: (title, max) =>
      output.isTTY === true ? bar(title, max) : lines({ title, max, line }),
  }
}

function bar(title: string, max: number): Progress {
  const shown = progress({ max, style: 'block', size: 30 })
  let at = 0
  shown.start(title)
  return {
    to(done, note) {
      const next = Math.min(Math.max(done, at), max)
      shown.advance(next - at, note ?? title)
      at = next
    },
    stop: (text) => shown.stop(text),
  }
}

function lines(options: {
  readonly title: string
  readonly max: number
  readonly line: (text: string) => void
}): Progress {
  let quarter = 0
  options.line(`  ${options.title} …`)
  return {
    to(done) {
      const reached = Math.floor((4 * done) / options.max)
      if (reached > quarter && reached < 4) options.line(`  ${options.title}: ${25 * reached} %`)
      quarter = Math.max(quarter, reached)
    },
    stop: (text) => options.line(`  ${text}`),
  }
}
