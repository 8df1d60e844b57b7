// Shows that the tree keeps the house rules of ARCHITECTURE.md and the style guide. Each rule reads
// every file of its kind, so a breach names its file.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import packageJson from '../package.json' with { type: 'json' }

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const tops = ['chain', 'src', 'contracts', 'scripts', 'test', 'deploy']
const generated = ['chain/system/abi/', 'deploy/genesis/']

/** Folder prefix -> what its files may import of ours, besides the folder itself. */
const layers: readonly (readonly [string, readonly string[]])[] = [
  ['chain/primitives', []],
  ['chain/params', ['chain/primitives']],
  ['chain/crypto', ['chain/primitives']],
  ['chain/system', ['chain/primitives', 'chain/params']],
  ['chain/metrics', ['chain/primitives']],
  ['chain/state', ['chain/primitives', 'chain/crypto', 'chain/codec']],
  ['chain/codec', below('primitives', 'crypto')],
  ...['storage', 'evm', 'txpool', 'consensus', 'p2p'].map(
    (name) =>
      [
        `chain/${name}`,
        below('primitives', 'params', 'crypto', 'system', 'metrics', 'codec', 'state'),
      ] as const,
  ),
  ...['sync', 'producer', 'rpc'].map(
    (name) =>
      [
        `chain/${name}`,
        below(
          ...['primitives', 'params', 'crypto', 'system', 'metrics', 'codec', 'state'],
          ...['storage', 'evm', 'txpool', 'consensus', 'p2p'],
        ),
      ] as const,
  ),
  ['chain/node', ['chain']],
  ['src/client', below('primitives', 'params', 'system')],
  ['src/compute', ['src/client', ...below('primitives', 'params', 'system')]],
  ...['oracle', 'worker', 'wallet', 'web'].map(
    (name) =>
      [
        `src/${name}`,
        ['src/client', 'src/compute', ...below('primitives', 'params', 'crypto', 'system')],
      ] as const,
  ),
  ['src/hardhat', ['src/client', 'src/compute', ...below('primitives', 'params', 'system')]],
  ['src/cli', ['src', 'chain', 'package.json']],
]

function below(...names: readonly string[]): readonly string[] {
  return names.map((name) => `chain/${name}`)
}

function escapeRegExp(literal: string): string {
  return literal.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
}

/** A line without what stands in its strings, which cannot be broken. */
function withoutStrings(line: string): string {
  return line.replace(/'[^']*'|`[^`]*`|"[^"]*"/g, "''")
}

function walk(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`
    return entry.isDirectory() ? walk(path) : [path]
  })
}

const files = tops
  .filter((top) => statSync(join(root, top), { throwIfNoEntry: false }))
  .flatMap(walk)
const own = files.filter((file) => !generated.some((prefix) => file.startsWith(prefix)))
const typescript = own.filter((file) => file.endsWith('.ts'))
const solidity = own.filter((file) => file.endsWith('.sol'))
const text = (file: string): string => readFileSync(join(root, file), 'utf8')
const importsOf = (file: string): readonly string[] =>
  [...text(file).matchAll(/(?:from|import|import\()\s*'(\.[^']+)'/g)].map((match) =>
    relative(root, resolve(root, dirname(file), match[1] ?? ''))
      .split(sep)
      .join('/'),
  )
const within = (file: string, folder: string): boolean => file.startsWith(`${folder}/`)

describe('tree', () => {
  it('imports only from the same folder or from below', () => {
    const breaches = typescript.flatMap((file) => {
      const layer = layers.find(([folder]) => within(file, folder))
      if (layer === undefined) return []
      const [folder, allowed] = layer
      return importsOf(file)
        .filter(
          (target) =>
            !within(target, folder) && !allowed.some((a) => target === a || within(target, a)),
        )
        .map((target) => `${file} imports ${target}`)
    })
    expect(breaches).toEqual([])
  })

  it('gives every folder of chain and src a layer', () => {
    const homeless = typescript
      .filter((file) => /^(chain|src)\//.test(file))
      .filter((file) => !layers.some(([folder]) => within(file, folder)))
    expect(homeless).toEqual([])
  })

  it('imports nothing from scripts, test or deploy into chain and src', () => {
    const breaches = typescript
      .filter((file) => /^(chain|src)\//.test(file))
      .filter((file) => importsOf(file).some((target) => /^(scripts|test)\//.test(target)))
    expect(breaches).toEqual([])
  })

  it('has no file that nothing uses', () => {
    const users = files.filter((file) => /\.(ts|mjs)$/.test(file))
    const used = new Set(
      users.flatMap((file) =>
        [...text(file).matchAll(/['"`](\.{1,2}\/[^'"`]+\.ts)['"`]/g)].map((match) =>
          relative(root, resolve(root, dirname(file), match[1] ?? ''))
            .split(sep)
            .join('/'),
        ),
      ),
    )
    const entries: readonly string[] = Object.values(packageJson.exports).map((path) =>
      path.slice(2),
    )
    const unused = typescript
      .filter((file) => /^(chain|src)\//.test(file))
      .filter((file) => !used.has(file) && !entries.includes(file))
    expect(unused).toEqual([])
  })

  it('keeps files under 600 lines and lines within 100 columns', () => {
    const breaches = [...typescript, ...solidity].flatMap((file) => {
      const lines = text(file).split('\n')
      const long = lines.findIndex((line) => [...withoutStrings(line)].length > 100)
      return [
        ...(lines.length > 601 ? [`${file}: ${lines.length} lines`] : []),
        ...(long >= 0 ? [`${file}:${long + 1} is too long`] : []),
      ]
    })
    expect(breaches).toEqual([])
  })

  it('has a row in ARCHITECTURE.md for every folder', () => {
    const architecture = text('ARCHITECTURE.md')
    const folders = new Set(
      own
        .map((file) => file.split('/').slice(0, 2))
        .filter((parts) => parts.length === 2 && !parts[1]?.includes('.'))
        .map((parts) => parts.join('/')),
    )
    const missing = [...folders]
      .filter((folder) => /^(chain|src|contracts)\//.test(folder))
      .filter((folder) => !architecture.includes(`\`${folder}\``))
    expect(missing).toEqual([])
  })

  it('leaves no loose ends', () => {
    const word = ['TO', 'DO|FIX', 'ME|XX', 'X'].join('')
    const breaches = [...typescript, ...solidity].filter((file) =>
      new RegExp(`\\b(${word})\\b(?!\\(#\\d+\\))`).test(text(file)),
    )
    expect(breaches).toEqual([])
  })

  it('runs every test', () => {
    const breaches = typescript
      .filter((file) => file.endsWith('.test.ts'))
      .filter((file) => /\b(it|test|describe)\.(skip|only|todo)\b/.test(text(file)))
    expect(breaches).toEqual([])
  })
})

describe('determinism', () => {
  const pure = typescript.filter((file) => /^chain\/(consensus|evm)\//.test(file))

  it('reads no clock, environment or randomness in consensus and execution', () => {
    const breaches = pure.filter((file) =>
      /\bDate\b|Math\.random|process\.env|performance\.now|randomBytes/.test(text(file)),
    )
    expect(breaches).toEqual([])
  })

  it('uses no fractions in consensus, execution and formulas', () => {
    const breaches = [...pure, ...typescript.filter((file) => /formulas\.ts$/.test(file))].filter(
      (file) =>
        /(?<![\w.])\d+\.\d+(?![\w.])/.test(
          text(file).replace(/\/\*[\s\S]*?\*\/|\/\/.*$|'[^']*'/gm, ''),
        ),
    )
    expect(breaches).toEqual([])
  })
})

describe('words', () => {
  it('cites only sources that docs/sources.md lists', () => {
    const ids = [...text('docs/sources.md').matchAll(/^\| ([^|]+?) \|/gm)].map(([, id]) => id ?? '')
    const cited = [...typescript, ...solidity].flatMap((file) =>
      [...text(file).matchAll(/@(?:custom:)?source ([^\n*]+)/g)].flatMap((match) =>
        (match[1] ?? '').split(';').map((source) => [file, source.trim()] as const),
      ),
    )
    // What follows the id may say where in the source.
    const isKnown = (source: string) =>
      ids.some((id) => new RegExp(`^${escapeRegExp(id)}(?!\\w)`).test(source))
    const unknown = cited
      .filter(([, source]) => !isKnown(source))
      .map(([file, source]) => `${file}: ${source}`)
    expect(unknown).toEqual([])
  })

  it('starts internal Solidity functions of contracts with an underscore', () => {
    const breaches = solidity
      .filter((file) => file.startsWith('contracts/') && !/\blibrary\b/.test(text(file)))
      .flatMap((file) =>
        [...text(file).matchAll(/function ([a-z]\w*)\([^)]*\)[^{;]*\b(internal|private)\b/g)]
          .filter((match) => !/override/.test(match[0]))
          .map((match) => `${file}: ${match[1]}`),
      )
    expect(breaches).toEqual([])
  })
})
