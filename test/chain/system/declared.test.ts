// Shows that no custom error and no event of the contracts goes untested: each is expected by name
// in some test, with `.selector` or `emit` in Solidity, as a quoted name in TypeScript.
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '../../..')
const text = (file: string): string => readFileSync(join(root, file), 'utf8')

/** Not part of any chain. */
const foreign = ['contracts/mocks/', 'contracts/examples/']

const sources = globSync('contracts/**/*.sol', { cwd: root })
  .filter((file) => !foreign.some((folder) => file.startsWith(folder)))
  .map(text)
const tests = {
  solidity: globSync('test/contracts/**/*.sol', { cwd: root }).map(text).join('\n'),
  typescript: globSync('test/{contracts,src,e2e}/**/*.ts', { cwd: root }).map(text).join('\n'),
}

describe('the contracts', () => {
  it('declare no error that no test expects', () => {
    const expected = new Set([
      ...namesIn(tests.solidity, /\b(\w+)\.selector\b/g),
      ...namesIn(tests.typescript, /'([A-Z]\w+)'/g),
    ])
    expect(declared('error').filter((name) => !expected.has(name))).toEqual([])
  })

  it('declare no event that no test expects', () => {
    const expected = new Set([
      ...namesIn(tests.solidity, /\bemit\s+(?:\w+\.)?(\w+)\s*\(/g),
      ...namesIn(tests.solidity, /\b(\w+)\.selector\b/g),
      ...namesIn(tests.typescript, /'([A-Z]\w+)'/g),
    ])
    expect(declared('event').filter((name) => !expected.has(name))).toEqual([])
  })
})

function declared(kind: 'error' | 'event'): readonly string[] {
  const pattern = new RegExp(`^\\s*${kind}\\s+(\\w+)\\s*\\(`, 'gm')
  return [...new Set(sources.flatMap((source) => namesIn(source, pattern)))].sort()
}

function namesIn(source: string, pattern: RegExp): readonly string[] {
  return [...source.matchAll(pattern)].map(([, name = '']) => name)
}
