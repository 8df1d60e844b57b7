// What is committed is read back, also after closing; damaged, foreign and used databases are
// refused with a code and stay as they are.
import { execFile } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { bytesToHex } from '@ethereumjs/util'
import { open } from 'lmdb'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { keepReceipts } from '../../../chain/codec/receipts.ts'
import type { ExecutedBlock } from '../../../chain/evm/engine.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import type { StateSource } from '../../../chain/state/stateSource.ts'
import { createStateTree } from '../../../chain/state/stateTree.ts'
import { accountsOf } from '../../../chain/state/walk.ts'
import { type BlockRecord, Store } from '../../../chain/storage/store.ts'
import { createTestChain, decode } from '../evm/harness.ts'
import { proposerAddress, say, signTx, toolAddress, word } from '../fixtures/smallChain.ts'

const blocks: ExecutedBlock[] = []
const chain = await createTestChain()
blocks.push(placed(chain.blocks[0] as ExecutedBlock, 0))
for (let i = 0n; i < 3n; i++) {
  const base = chain.log.sizeBytes()
  const tx = signTx({ nonce: i, to: toolAddress, data: say(word(i), i) })
  blocks.push(placed(await chain.build([tx]), base))
}
const genesisHash = (blocks[0] as ExecutedBlock).hash

/** The newest block of the chain, whose nodes are already placed, in a log that ended at `base`. */
function placed(block: ExecutedBlock, base: number): ExecutedBlock {
  const bytes = chain.log.from(base)
  const root = chain.log.rootPosition(block.stateRoot) as number
  // Nodes that are in a log are not written again.
  const place = (end: number) => ({ bytes: end === base ? bytes : new Uint8Array(), root })
  return { ...block, state: { ...block.state, place } }
}

let folder: string
let path: string
let store: Store | undefined

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'poca-store-'))
  path = join(folder, 'chain.mdb')
})
afterEach(async () => {
  await store?.close()
  store = undefined
  rmSync(folder, { recursive: true, force: true })
})

async function openStore(): Promise<Store> {
  store = await Store.open({ path, genesisHash, durable: true })
  return store
}

async function fill(): Promise<Store> {
  const opened = await openStore()
  for (const block of blocks) await opened.commit(record(block))
  return opened
}

function record(block: ExecutedBlock) {
  return { ...block, certificate: new Uint8Array([1, Number(block.height)]) }
}

async function closeStore(): Promise<void> {
  await store?.close()
  store = undefined
}

/** Every account of a state, read from the disk node by node. */
function accountsIn(source: StateSource, stateRoot: Hash) {
  const root = createStateTree(source).rootOf(stateRoot)
  return [...accountsOf(source, root)].map(({ nonce, balance, codeHash }) => ({
    nonce,
    balance,
    codeHash,
  }))
}

function refused(code: string) {
  return expect(Store.open({ path, genesisHash, durable: true })).rejects.toMatchObject({ code })
}

/** Changes the raw database while no store has it. */
async function edit(
  work: (tables: (name: string) => import('lmdb').Database<Uint8Array, Uint8Array>) => void,
) {
  const binary = { encoding: 'binary', keyEncoding: 'binary' } as const
  const options = { path, noSubdir: true, maxDbs: 16, overlappingSync: false }
  const root = open<Uint8Array, Uint8Array>({ ...binary, ...options })
  // Opened before the transaction: opening one inside it would wait for it.
  const names = ['meta', 'nodes', 'roots', 'codes', 'blocks', 'headers', 'receipts', 'certificates']
  const tables = new Map(names.map((name) => [name, root.openDB({ ...binary, name })]))
  await root.transaction(() =>
    work((name) => tables.get(name) as import('lmdb').Database<Uint8Array, Uint8Array>),
  )
  await root.close()
}

/** Puts a lock into the database from another process, as one does that cannot see this one. */
async function putLock(lock: string): Promise<void> {
  const script = `
    import { open } from 'lmdb'
    const binary = { encoding: 'binary', keyEncoding: 'binary' }
    const [path, lock] = process.argv.slice(1)
    const root = open({ ...binary, path, noSubdir: true, maxDbs: 16, overlappingSync: false })
    await root.openDB({ ...binary, name: 'meta' }).put(Buffer.from('lock'), Buffer.from(lock))
    await root.close()`
  const options = ['--input-type=module', '--eval', script, path, lock]
  await promisify(execFile)(process.execPath, options)
}

/** Runs as somebody to whom permissions apply. */
async function withoutPrivileges(work: () => Promise<void>): Promise<void> {
  const user = process.geteuid?.()
  if (user === 0) process.seteuid?.(65_534)
  try {
    await work()
  } finally {
    if (user === 0) process.seteuid?.(0)
  }
}

const height = (n: number) => Buffer.from(n.toString(16).padStart(16, '0'), 'hex')

describe('commit', () => {
  test('everything is there again after closing and opening', async () => {
    expect((await openStore()).head()).toBeUndefined()
    await closeStore()
    await fill()
    await closeStore()
    const again = await openStore()
    const newest = blocks.at(-1) as ExecutedBlock
    expect(again.head()).toEqual({ height: 3n, hash: newest.hash })
    for (const block of blocks) {
      expect(bytesToHex(new Uint8Array(again.blockAt(block.height) ?? []))).toBe(
        bytesToHex(block.raw),
      )
      expect(again.hashAt(block.height)).toBe(block.hash)
      expect(again.heightOf(block.hash)).toBe(block.height)
      expect(again.receiptsAt(block.height)?.decode()).toEqual(block.receipts.decode())
      expect(again.certificateAt(block.height)?.[1]).toBe(Number(block.height))
      for (const [index, tx] of decode(block.raw).transactions.entries()) {
        const places = again.transactionPlaces(bytesToHex(tx.hash()))
        expect(places).toEqual([{ height: block.height, index }])
      }
      expect(accountsIn(again, block.stateRoot)).toEqual(accountsIn(chain.log, block.stateRoot))
      for (const [hash, code] of block.state.codes) expect(again.code(hash)).toEqual(code)
    }
    expect(again.blockAt(4n)).toBeUndefined()
    expect(again.transactionPlaces(word(1n))).toEqual([])
    expect(again.rootPosition(word(1n))).toBeUndefined()
    expect(again.code(word(1n))).toBeUndefined()
  })

  test('logs are found by address and by topic at its place', async () => {
    const { logs } = await fill()
    const query = { fromHeight: 0n, toHeight: 9n, addresses: [], topics: [] }
    const topic = (n: bigint) => [[], [word(n)]]
    expect(logs.heights(query)).toBeUndefined()
    expect(logs.heights({ ...query, addresses: [toolAddress] })).toEqual([1n, 2n, 3n])
    expect(logs.heights({ ...query, addresses: [toolAddress], toHeight: 2n })).toEqual([1n, 2n])
    expect(logs.heights({ ...query, topics: topic(1n) })).toContain(2n)
    expect(logs.heights({ ...query, topics: [[word(1n)]] })).toEqual([])
    const both = { ...query, addresses: [toolAddress], topics: topic(2n) }
    // Candidates: in block 2 the tool speaks, and another contract has that topic.
    expect(logs.heights(both)).toEqual([2n, 3n])
    expect(logs.heights({ ...query, addresses: [proposerAddress] })).toEqual([])
  })

  test('a block that LMDB does not take is an error with the path, and no new head', async () => {
    const opened = await openStore()
    await opened.commit(record(blocks[0] as ExecutedBlock))
    await closeStore()
    await expect(opened.commit(record(blocks[1] as ExecutedBlock))).rejects.toMatchObject({
      facts: { code: 'STORAGE_WRITE_FAILED', path },
    })
    expect(opened.head()?.height).toBe(0n)
    expect((await openStore()).head()?.height).toBe(0n)
  })

  test('a block that cannot be written as a whole leaves nothing behind', async () => {
    const opened = await openStore()
    await opened.commit(record(blocks[0] as ExecutedBlock))
    const good = record(blocks[1] as ExecutedBlock)
    // Nodes and roots are written before code; this code has a hash that is none.
    const codes = new Map<Hash, Uint8Array>([['0xnone', new Uint8Array(1)]])
    const bad = { ...good, state: { ...good.state, codes } }
    await expect(opened.commit(bad)).rejects.toMatchObject({ code: 'STORAGE_WRITE_FAILED' })
    expect(opened.head()?.height).toBe(0n)
    expect(opened.rootPosition(good.stateRoot)).toBeUndefined()
    expect(opened.blockAt(1n)).toBeUndefined()
    await opened.commit(good)
    await closeStore()
    const again = await openStore()
    expect(again.head()?.height).toBe(1n)
    expect(accountsIn(again, good.stateRoot)).toEqual(accountsIn(chain.log, good.stateRoot))
  })

  test('a block that does not follow the head changes nothing', async () => {
    const opened = await openStore()
    // As when the hub fails: the index of logs would notice others.
    const silent = (at: number): BlockRecord => {
      const block = blocks[at] as ExecutedBlock
      const receipts = block.receipts.decode().map((one) => ({ ...one, logs: [] }))
      return { ...record(block), receipts: keepReceipts(receipts) }
    }
    const refusal = 'a block follows the head'
    await expect(opened.commit(silent(1))).rejects.toThrow(refusal)
    await opened.commit(silent(0))
    await opened.commit(silent(1))
    await expect(opened.commit(silent(1))).rejects.toThrow(refusal)
    await expect(opened.commit(silent(3))).rejects.toThrow(refusal)
    await closeStore()
    const again = await openStore()
    expect(again.head()).toEqual({ height: 1n, hash: blocks[1]?.hash })
    await again.commit(silent(2))
  })

  test('going back forgets later blocks and their indexes', async () => {
    const opened = await fill()
    const gone = decode((blocks[3] as ExecutedBlock).raw).transactions[0]
    await opened.revertTo(2n)
    expect(opened.head()).toEqual({ height: 2n, hash: blocks[2]?.hash })
    expect(opened.blockAt(3n)).toBeUndefined()
    expect(opened.heightOf(blocks[3]?.hash ?? word(0n))).toBeUndefined()
    expect(opened.transactionPlaces(bytesToHex(gone?.hash() ?? new Uint8Array(32)))).toEqual([])
    expect(accountsIn(opened, blocks[2]?.stateRoot ?? word(0n)).length).toBeGreaterThan(3)
    const query = { fromHeight: 0n, toHeight: 9n, addresses: [toolAddress], topics: [] }
    expect(opened.logs.heights(query)).toEqual([1n, 2n])
    await opened.commit(record(blocks[3] as ExecutedBlock))
    expect(opened.logs.heights(query)).toEqual([1n, 2n, 3n])
    await expect(opened.revertTo(9n)).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
  })
})

describe('open', () => {
  test('a database in use is refused, and free again when its user has gone', async () => {
    await fill()
    await expect(Store.open({ path, genesisHash, durable: true })).rejects.toMatchObject({
      facts: { code: 'STORAGE_LOCKED', path, pid: process.pid },
    })
    await closeStore()
    await openStore()
  })

  test('the lock of a process that was killed does not hold', async () => {
    await fill()
    await closeStore()
    await edit((table) => table('meta').put(Buffer.from('lock'), Buffer.from('999999999 x')))
    await openStore()
    await closeStore()
    // The same number, another process.
    const own = Buffer.from(`${process.pid} another-boot:1`)
    await edit((table) => table('meta').put(Buffer.from('lock'), own))
    await openStore()
  })

  test('a database that another node has taken is not written any more', async () => {
    const opened = await openStore()
    await opened.commit(record(blocks[0] as ExecutedBlock))
    await putLock('1 elsewhere:1')
    const taken = { facts: { code: 'STORAGE_TAKEN', path } }
    const commit = () => opened.commit(record(blocks[1] as ExecutedBlock))
    await expect(commit()).rejects.toMatchObject(taken)
    await expect(opened.revertTo(0n)).rejects.toMatchObject(taken)
    expect(opened.head()?.height).toBe(0n)
    await closeStore()
    let lock = ''
    await edit((table) => {
      lock = Buffer.from(table('meta').get(Buffer.from('lock')) ?? []).toString()
    })
    expect(lock).toBe('1 elsewhere:1')
    expect((await openStore()).head()?.height).toBe(0n)
  })

  test('the database of another chain is refused', async () => {
    await fill()
    await closeStore()
    const other = Store.open({ path, genesisHash: word(1n), durable: true })
    await expect(other).rejects.toMatchObject({ code: 'STORAGE_WRONG_GENESIS' })
    await openStore()
  })

  test('another format is refused', async () => {
    for (const version of [1, 9]) {
      await fill()
      await closeStore()
      await edit((table) => table('meta').put(Buffer.from('version'), Buffer.from([version])))
      const other = Store.open({ path, genesisHash, durable: true })
      await expect(other).rejects.toMatchObject({
        facts: { code: 'STORAGE_FORMAT', found: version },
      })
      rmSync(path)
      rmSync(`${path}-lock`, { force: true })
    }
  })

  test('a file that is no database is refused and stays as it is', async () => {
    for (const content of [
      Buffer.alloc(0),
      Buffer.from('not a database'),
      Buffer.alloc(9_000, 7),
    ]) {
      writeFileSync(path, content)
      await refused('STORAGE_CORRUPT')
      expect(readFileSync(path)).toEqual(content)
    }
  })

  test('a folder in place of the file is refused', async () => {
    mkdirSync(path)
    await refused('STORAGE_CORRUPT')
  })

  test('a database that is not ours to read or write is not called damaged', async () => {
    await fill()
    await closeStore()
    const file = { facts: { code: 'STORAGE_NO_ACCESS', path } }
    const open = () => Store.open({ path, genesisHash, durable: true })
    const none = join(folder, 'none.mdb')
    const create = () => Store.open({ path: none, genesisHash, durable: true })
    chmodSync(folder, 0o555)
    chmodSync(path, 0o444)
    chmodSync(`${path}-lock`, 0o444)
    await withoutPrivileges(async () => {
      await expect(open()).rejects.toMatchObject(file)
      await expect(create()).rejects.toMatchObject({ facts: { ...file.facts, path: none } })
    })
    chmodSync(path, 0)
    await withoutPrivileges(() => expect(open()).rejects.toMatchObject(file))
    chmodSync(folder, 0o755)
  })

  test('a file that was cut short is refused', async () => {
    await fill()
    await closeStore()
    const { length } = readFileSync(path)
    for (const size of [length - 1, length - 4_096, 8_192, 4_096, 100]) {
      const copy = join(folder, `cut${size}.mdb`)
      copyFileSync(path, copy)
      truncateSync(copy, size)
      const cut = Store.open({ path: copy, genesisHash, durable: true })
      await expect(cut).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
    }
  })

  test.each([
    ['block', 'blocks'],
    ['receipts', 'receipts'],
    ['certificate', 'certificates'],
  ])('a head without its %s is refused', async (_, name) => {
    await fill()
    await closeStore()
    await edit((table) => table(name).remove(height(3)))
    await refused('STORAGE_CORRUPT')
  })

  test('a head whose block, receipts, state or pointer changed is refused', async () => {
    const newest = blocks[3] as ExecutedBlock
    const root = Buffer.from(newest.stateRoot.slice(2), 'hex')
    const flipped = newest.raw.slice()
    flipped[100] = (flipped[100] ?? 0) ^ 1
    const edits: Parameters<typeof edit>[0][] = [
      (table) => table('blocks').put(height(3), flipped),
      (table) => table('receipts').put(height(3), new Uint8Array([9])),
      (table) => table('receipts').put(height(3), new Uint8Array([2, 0, 0, 0, 0, 0, 0, 0, 0])),
      (table) => table('headers').put(height(3), flipped.slice(0, 500)),
      (table) => table('roots').remove(root),
      (table) => table('roots').put(root, height(2 ** 30)),
      (table) => table('nodes').remove(height(0)),
      (table) => table('meta').put(Buffer.from('nodesEnd'), height(2 ** 40)),
      (table) => table('meta').put(Buffer.from('head'), new Uint8Array(3)),
      (table) => table('blocks').remove(height(0)),
    ]
    for (const change of edits) {
      await fill()
      await closeStore()
      await edit(change)
      await refused('STORAGE_CORRUPT')
      rmSync(path)
      rmSync(`${path}-lock`, { force: true })
    }
  })
})

test('the hash of a header that was changed on disk, or is gone, is not given', async () => {
  await fill()
  await closeStore()
  await edit((table) => {
    const header = new Uint8Array(table('headers').get(height(1)) as Uint8Array)
    header[100] = (header[100] as number) ^ 1
    table('headers').put(height(1), header)
    table('headers').remove(height(2))
  })
  const opened = await openStore()
  const damaged = expect.objectContaining({ code: 'STORAGE_CORRUPT' })
  expect(() => opened.hashAt(1n)).toThrow(damaged)
  expect(() => opened.hashAt(2n)).toThrow(damaged)
  expect(opened.hashAt(3n)).toBe(blocks[3]?.hash)
  expect(opened.hashAt(4n)).toBeUndefined()
})

test('a node or code that was changed on disk is refused when it is read', async () => {
  await fill()
  const { stateRoot } = blocks[3] as ExecutedBlock
  const [codeHash] = [...(blocks[0] as ExecutedBlock).state.codes.keys()] as [Hash]
  await closeStore()
  await edit((table) => {
    const page = new Uint8Array(table('nodes').get(height(0)) as Uint8Array)
    // Inside the first account that genesis wrote.
    page[20] = (page[20] as number) ^ 1
    table('nodes').put(height(0), page)
    table('codes').put(Buffer.from(codeHash.slice(2), 'hex'), Buffer.from([1]))
  })
  const opened = await openStore()
  const damaged = expect.objectContaining({ code: 'STATE_CORRUPT' })
  expect(() => accountsIn(opened, stateRoot)).toThrow(damaged)
  expect(() => opened.code(codeHash)).toThrow(expect.objectContaining({ code: 'STORAGE_CORRUPT' }))
})
