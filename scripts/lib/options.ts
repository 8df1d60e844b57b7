import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Flags = NonNullable<ParseArgsConfig['options']>

/**
 * Reads the command line of a script. What stands above the script's first import is its help, so
 * that a flag is described in one place. Ends the process after `--help`, with 0, and on a flag
 * that the script does not have, with 2.
 *
 * @param path Of the script: `import.meta.filename`.
 */
export function readOptions<const F extends Flags>(path: string, options: F) {
  if (process.argv.includes('--help')) {
    process.stdout.write(helpOf(readFileSync(path, 'utf8')))
    process.exit(0)
  }
  try {
    return parseArgs({ options }).values
  } catch (error) {
    return refuseOptions(path, error instanceof Error ? error.message : String(error))
  }
}

/** Ends the process with 2 because its command line cannot be followed. */
export function refuseOptions(path: string, reason: string): never {
  process.stderr.write(`${reason}\nSee: node scripts/${basename(path)} --help\n`)
  process.exit(2)
}

/** The whole number that a flag is given; ends the process when it is none, or less than `min`. */
export function wholeNumber(
  path: string,
  flag: { readonly name: string; readonly text: string; readonly min: number },
): number {
  const value = Number(flag.text)
  if (flag.text.trim() !== '' && Number.isSafeInteger(value) && value >= flag.min) return value
  const reason = `--${flag.name} is a whole number of at least ${flag.min}, not "${flag.text}"`
  return refuseOptions(path, reason)
}

/** The comment that a source begins with, without its slashes. */
export function helpOf(source: string): string {
  const lines = source.split('\n')
  const end = lines.findIndex((line) => !line.startsWith('//'))
  return lines
    .slice(0, end === -1 ? undefined : end)
    .map((line) => `${line.replace(/^\/\/ ?/, '')}\n`)
    .join('')
}
