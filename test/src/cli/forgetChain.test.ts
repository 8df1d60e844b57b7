// Starting anew removes a chain that nobody runs, also a damaged one, and never one that runs.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Store } from '../../../chain/storage/store.ts'
import { forgetChain } from '../../../src/cli/dev/devChain.ts'

const genesisHash = `0x${'11'.repeat(32)}` as const

let dataDir: string
let path: string

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'poca-forget-'))
  path = join(dataDir, 'chain.mdb')
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

test('the chain of a node that runs is refused and stays', async () => {
  const store = await Store.open({ path, genesisHash, durable: true })
  await expect(forgetChain(dataDir)).rejects.toMatchObject({
    facts: { code: 'STORAGE_LOCKED', path, pid: process.pid },
  })
  expect(existsSync(path)).toBe(true)
  await store.close()
})

test('a chain that nobody runs goes, and nothing else', async () => {
  await (await Store.open({ path, genesisHash, durable: true })).close()
  const other = join(dataDir, 'notes.txt')
  writeFileSync(other, 'mine')
  await forgetChain(dataDir)
  expect(existsSync(path)).toBe(false)
  expect(existsSync(other)).toBe(true)
  await forgetChain(dataDir)
  await forgetChain(join(dataDir, 'none'))
})

test('a damaged chain goes too', async () => {
  writeFileSync(path, 'not a database')
  await forgetChain(dataDir)
  expect(existsSync(path)).toBe(false)
})
