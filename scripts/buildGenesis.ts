// Builds genesis files from the compiled contracts.
//
//   node scripts/buildGenesis.ts                 writes deploy/genesis/
//   node scripts/buildGenesis.ts --check         compares with deploy/genesis/, writes nothing
//   node scripts/buildGenesis.ts --deployment my.json --out my-genesis.json
//
// The development chain is written whole. For the networks, whose founders are not known here, a
// rehearsal with public keys is locked, so that a change of their genesis is seen.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { ChainSpec } from '../chain/params/chainSpec.ts'
import { dev } from '../chain/params/specs.ts'
import { PocaError } from '../chain/primitives/errors.ts'
import { buildGenesis } from '../chain/system/genesis/buildGenesis.ts'
import { parseDeployment } from '../chain/system/genesis/deployment.ts'
import { lockOf } from './lib/genesisLock.ts'
import { readArtifacts, root } from './lib/hardhatArtifacts.ts'
import { readOptions } from './lib/options.ts'

const values = readOptions(import.meta.filename, {
  check: { type: 'boolean', default: false },
  artifacts: { type: 'string' },
  deployment: { type: 'string' },
  out: { type: 'string' },
  'allow-dev-keys': { type: 'boolean', default: false },
})

try {
  await main()
} catch (error) {
  if (!(error instanceof PocaError)) throw error
  process.stderr.write(`${error.code}: ${error.message}\n`)
  process.exitCode = 1
}

async function main(): Promise<void> {
  const { deployment, out } = values
  if (deployment === undefined) return refresh()
  const spec = specFrom(deployment, values['allow-dev-keys'])
  const { genesis, lock } = await build(spec)
  const path = out ?? deployment.replace(/(\.json)?$/, '.genesis.json')
  write(path, genesis)
  write(path.replace(/(\.json)?$/, '.lock'), lock)
  process.stdout.write(`${path}\n`)
}

/** Rebuilds what the repository holds. */
async function refresh(): Promise<void> {
  const folder = join(root, 'deploy/genesis')
  const built = await build(dev)
  const files = [
    ['dev.json', built.genesis],
    ['dev.lock', built.lock],
  ]
  for (const name of ['smart', 'tesra']) {
    const spec = specFrom(join(root, `deploy/deployments/${name}.rehearsal.json`), true)
    files.push([`${name}.lock`, (await build(spec)).lock])
  }
  for (const [name = '', text = ''] of files) {
    const path = join(folder, name)
    const changed = !existsSync(path) || readFileSync(path, 'utf8') !== text
    if (changed && values.check) {
      process.stderr.write(`deploy/genesis/${name} is stale; run "npm run generate".\n`)
      process.exitCode = 1
    } else if (changed) {
      write(path, text)
      process.stdout.write(`deploy/genesis/${name} written\n`)
    }
  }
}

async function build(
  spec: ChainSpec,
): Promise<{ readonly genesis: string; readonly lock: string }> {
  const artifacts = readArtifacts(values.artifacts)
  const built = await buildGenesis(spec, artifacts.artifactOf)
  return { genesis: json(built.file), lock: json(lockOf(built, artifacts)) }
}

function specFrom(path: string, allowDevKeys: boolean): ChainSpec {
  return parseDeployment(JSON.parse(readFileSync(path, 'utf8')), { allowDevKeys })
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
