// Writes snapshots/contractSizes.json: the size of the code of every contract of a genesis, in
// bytes, and fails when one is over the limit. With --check it writes nothing and fails on any
// difference, so that growth is seen in review. @source EIP-170
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { dev } from '../chain/params/specs.ts'
import { manifestOf, proxied } from '../chain/system/genesis/manifest.ts'
import { readArtifacts, root } from './lib/hardhatArtifacts.ts'
import { readOptions } from './lib/options.ts'

/** EIP-170. */
const sizeBytesMax = 24_576

const path = join(root, 'snapshots/contractSizes.json')
const values = readOptions(import.meta.filename, { check: { type: 'boolean' } })
const { artifactOf } = readArtifacts()
const named = manifestOf(dev).flatMap((entry) => (entry.kind === 'contract' ? [entry.name] : []))
const names = [...new Set([...named, ...Object.values(proxied), 'LinearEmission', 'SystemProxy'])]
const sizes = Object.fromEntries(names.toSorted().map((name) => [name, sizeOf(name)]))
const tooLarge = Object.entries(sizes).filter(([, size]) => size > sizeBytesMax)
const text = `${JSON.stringify(sizes, undefined, 1)}\n`
const isSame = existsSync(path) && readFileSync(path, 'utf8') === text

if (tooLarge.length > 0) {
  for (const [name, size] of tooLarge) {
    process.stderr.write(`${name} has ${size} bytes of code, over the limit of ${sizeBytesMax}.\n`)
  }
  process.exitCode = 1
} else if (values.check && !isSame) {
  process.stderr.write('Stale contract sizes. Run "node scripts/contractSizes.ts".\n')
  process.exitCode = 1
} else if (!values.check) {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  process.stdout.write(`${names.length} sizes, ${isSame ? 'unchanged' : 'written'}.\n`)
}

function sizeOf(name: string): number {
  const artifact = artifactOf(name) as ReturnType<typeof artifactOf> & {
    readonly deployedBytecode: string // in every artifact
  }
  return (artifact.deployedBytecode.length - 2) / 2
}
