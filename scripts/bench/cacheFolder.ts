import { createHash } from 'node:crypto'
import {
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join, resolve } from 'node:path'

/** The top of the repository. */
export const root = resolve(import.meta.dirname, '../..')

/** Where everything lies that can be made again; git does not look there. */
export const cacheFolder = join(root, 'cache', 'bench')

/** A name that changes with any of `facts`. */
export function keyOf(facts: unknown): string {
  const text = JSON.stringify(facts, (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  )
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

/** Writes a file whole or not at all. */
export function writeWhole(path: string, parts: readonly Uint8Array[]): void {
  mkdirSync(join(path, '..'), { recursive: true })
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, Buffer.concat(parts))
  renameSync(draft, path)
}

/** Milliseconds after which a folder that a measurement left behind belongs to nobody. */
const LEFTOVER_MS = 3_600_000

/** Makes a folder of its own for one measurement; whoever asks for it removes it. */
export function makeRunFolder(): string {
  mkdirSync(cacheFolder, { recursive: true })
  return mkdtempSync(join(cacheFolder, 'run-'))
}

/** Removes the folders of measurements that were killed. */
export function removeLeftovers(): void {
  for (const name of globSync('run-*', { cwd: cacheFolder })) {
    const path = join(cacheFolder, name)
    if (Date.now() - statSync(path).mtimeMs < LEFTOVER_MS) continue
    rmSync(path, { recursive: true, force: true })
  }
}

/** Changes with every source of the chain: what is cached of its state is of this code. */
export function chainSourcesKey(): string {
  const hash = createHash('sha256')
  for (const path of globSync('chain/**/*.ts', { cwd: root }).sort()) {
    hash.update(path).update(readFileSync(join(root, path)))
  }
  return hash.digest('hex').slice(0, 16)
}
