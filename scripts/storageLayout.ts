// Compares where upgradable contracts keep their state with snapshots/storageLayout.json. What is
// appended goes into the snapshot; what moved, went away or changed its type fails, because code
// with such a layout would misread what a running chain has stored. With --check it writes nothing
// and fails on any difference. With --accept it writes whatever is there: before a first release.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { proxied } from '../chain/system/genesis/manifest.ts'
import { root } from './lib/hardhatArtifacts.ts'
import { readOptions } from './lib/options.ts'
import { compareLayouts, readLayouts, type StorageLayout } from './lib/storageLayout.ts'

const path = join(root, 'snapshots/storageLayout.json')
const values = readOptions(import.meta.filename, {
  check: { type: 'boolean' },
  accept: { type: 'boolean' },
})
const layoutOf = readLayouts()
const names = Object.values(proxied).toSorted()
const next = Object.fromEntries(names.map((name) => [name, layoutOf(name)]))
const last: Readonly<Record<string, StorageLayout>> = existsSync(path)
  ? JSON.parse(readFileSync(path, 'utf8'))
  : {}

const problems = Object.entries(last).flatMap(([name, layout]) => {
  const now = next[name]
  if (now === undefined) return [`${name} is gone`]
  return compareLayouts(layout, now).problems.map((problem) => `${name}: ${problem}`)
})
const text = `${JSON.stringify(next, undefined, 1)}\n`
const isSame = existsSync(path) && readFileSync(path, 'utf8') === text

if (problems.length > 0 && !values.accept) {
  process.stderr.write(`Code with this layout would misread stored state:\n`)
  for (const problem of problems) process.stderr.write(`  ${problem}\n`)
  process.exitCode = 1
} else if (values.check && !isSame) {
  process.stderr.write('Stale snapshot of storage. Run "node scripts/storageLayout.ts".\n')
  process.exitCode = 1
} else if (!values.check) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  process.stdout.write(`${names.length} storage layouts, ${isSame ? 'unchanged' : 'written'}.\n`)
}
