// The command line of the scripts: one description of a flag, no stack trace for a wrong one.
import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { helpOf } from '../../scripts/lib/options.ts'

test('help is the comment that a script begins with', () => {
  const source = '// Does a thing:\n//\n//   node it.ts --now\nimport a from "a"\n// not this\n'
  expect(helpOf(source)).toBe('Does a thing:\n\n  node it.ts --now\n')
})

test('--help explains a script and does nothing else', () => {
  const { status, stdout, stderr } = run('scripts/performanceDocs.ts', '--help')
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).toContain('node scripts/performanceDocs.ts --check')
})

test('a flag that a script does not have is named, with where to look', () => {
  const { status, stdout, stderr } = run('scripts/performanceDocs.ts', '--chekc')
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain("Unknown option '--chekc'")
  expect(stderr).toContain('See: node scripts/performanceDocs.ts --help')
  expect(stderr).not.toContain('    at ')
})

test.each([
  ['fuzzEngines', ['--transactions', 'many'], 'at least 1, not "many"'],
  ['fuzzEngines', ['--seed', ''], 'at least 0, not ""'],
  ['fuzzEngines', ['--jobs', '1.5'], 'at least 1, not "1.5"'],
  ['fuzzEngines', ['--mode', 'fast'], 'engine or executor, not "fast"'],
  ['fuzzEngines', ['--replay', 'nowhere.json'], 'there is no file nowhere.json'],
  ['conformance', [], 'with --fixtures'],
  ['conformance', ['--fixtures', 'nowhere'], 'there is no folder nowhere'],
  ['conformance', ['--fixtures', 'test/scripts'], 'no .json file in test/scripts'],
  ['conformance', ['--fixtures', 'test', '--seconds=-1'], 'at least 1, not "-1"'],
  ['conformance', ['--fixtures', 'test', '--executor', 'stock'], 'there are reference, fast'],
])('%s compares nothing when it is told %j, and says why', (script, args, words) => {
  const { status, stdout, stderr } = run(`scripts/${script}.ts`, ...args)
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
  expect(stderr).toContain(words)
  expect(stderr).toContain(`See: node scripts/${script}.ts --help`)
  expect(stderr).not.toContain('    at ')
})

function run(...args: readonly string[]) {
  return spawnSync(process.execPath, [...args], { encoding: 'utf8', timeout: 30_000 })
}
