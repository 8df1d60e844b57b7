// Shows what a worker's folder keeps over a restart, and that damage is told and not guessed at.
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Hex } from 'viem'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openWorkerStore, type StoredResult } from '../../../src/worker/store.ts'

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const result: StoredResult = {
  taskId: 12n,
  slot: 3,
  attempt: 0,
  resultRoot: word('0a'),
  units: 334n,
  salt: word('0b'),
  result: '0x0102',
}
const cursor = {
  genesisHash: word('0c'),
  height: 2n ** 60n,
  slots: [{ taskId: 12n, slot: 3, since: 2n ** 59n }],
}

describe('openWorkerStore', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'poca-worker-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  it('keeps results and the cursor over a restart', async () => {
    const before = await openWorkerStore(folder)
    await before.writeResult(result)
    await before.writeCursor(cursor)
    const after = await openWorkerStore(folder)
    expect(await after.readResult(result)).toMatchObject(result)
    expect(await after.readCursor()).toMatchObject(cursor)
  })

  it('reads a cursor from before slots knew since when they are held', async () => {
    const store = await openWorkerStore(folder)
    const old = { ...cursor, version: 1, height: '7', slots: [{ taskId: '12', slot: 3 }] }
    await writeFile(join(folder, 'cursor.json'), JSON.stringify(old))
    expect((await store.readCursor())?.slots).toEqual([{ taskId: 12n, slot: 3, since: 0n }])
  })

  it('keeps attempts of a slot apart', async () => {
    const store = await openWorkerStore(folder)
    await store.writeResult(result)
    expect(await store.readResult({ ...result, attempt: 1 })).toBeUndefined()
    expect(await store.readResult({ ...result, slot: 2 })).toBeUndefined()
  })

  it('ignores a draft that was never finished', async () => {
    const store = await openWorkerStore(folder)
    await store.writeResult(result)
    await writeFile(join(folder, 'results', '12-3-0.json.new'), '{"version"')
    expect(await store.readResult(result)).toMatchObject(result)
  })

  it('tells of a damaged file', async () => {
    const store = await openWorkerStore(folder)
    const path = join(folder, 'results', '12-3-0.json')
    await writeFile(path, '{"version":1}')
    await expect(store.readResult(result)).rejects.toMatchObject({
      facts: { code: 'JSON_FILE_DAMAGED', path },
    })
  })

  it('forgets everything when it is cleared', async () => {
    const store = await openWorkerStore(folder)
    await store.writeResult(result)
    await store.writeCursor(cursor)
    await store.clear()
    expect(await store.readCursor()).toBeUndefined()
    expect(await readdir(join(folder, 'results'))).toEqual([])
    await store.deleteResult(result)
  })
})
