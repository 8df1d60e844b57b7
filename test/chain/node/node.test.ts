// A whole node without RPC: it mines, answers, resumes over its data, and refuses what is not its.
import { mkdtempSync, rmSync, statSync, truncateSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { bytesToHex } from '@ethereumjs/util'
import { decodeErrorResult, encodeFunctionData } from 'viem'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { EvmError } from '../../../chain/evm/errors.ts'
import { createBackend } from '../../../chain/node/backend.ts'
import { openChain } from '../../../chain/node/chain.ts'
import { createNode, type Node } from '../../../chain/node/node.ts'
import { createNoticeBoard } from '../../../chain/node/noticeBoard.ts'
import { defaults, type NodeOptions } from '../../../chain/node/options.ts'
import { systemRulesOf } from '../../../chain/node/systemRules.ts'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { limits } from '../../../chain/primitives/limits.ts'
import type { Backend, ChainEvent, LogView } from '../../../chain/rpc/backend.ts'
import { formatBlock } from '../../../chain/rpc/format.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import {
  addresses,
  keys,
  proposerAddress,
  say,
  signTx,
  smallGenesis,
  toolAbi,
  toolAddress,
  word,
} from '../fixtures/smallChain.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const devAccounts = keys.map((key, i) => ({
  address: addresses[i] as Hex,
  privateKey: bytesToHex(key),
}))

let dataDir: string
let node: Node
let backend: Backend
let now: number

async function begin(change: Partial<NodeOptions> = {}): Promise<void> {
  node = await createNode(
    {
      ...defaults,
      engine: engineOfTests,
      genesis: smallGenesis(),
      dataDir,
      signerKey: bytesToHex(keys[0] as Uint8Array),
      intervalMs: 0,
      automine: true,
      verifyBuilt: true,
      devAccounts,
      ...change,
    },
    { now: () => now },
  )
  backend = createBackend(node)
}

beforeEach(async () => {
  now = 0x65000100
  dataDir = mkdtempSync(join(tmpdir(), 'poca-node-'))
  await begin()
})
afterEach(async () => {
  await node.stop().catch(() => undefined)
  rmSync(dataDir, { recursive: true, force: true })
})

const speak = (nonce: bigint, value = 1n) =>
  signTx({ nonce, to: toolAddress, data: say(word(9n), value) }).raw

async function dev() {
  if (backend.dev === undefined) throw new Error('no development controls')
  return backend.dev
}

describe('mining', () => {
  test('a submitted transaction is in a block when submit resolves', async () => {
    const events: ChainEvent[] = []
    backend.subscribe((event) => events.push(event))
    const hash = await backend.submit(speak(0n))
    const receipt = await backend.receipt(hash)
    expect(receipt).toMatchObject({ status: 1, blockNumber: 1n, from: addresses[1] })
    expect(receipt?.logs[0]).toMatchObject({
      address: toolAddress,
      logIndex: 0,
      transactionHash: hash,
    })
    expect(events.map(({ type }) => type)).toEqual(['pendingTransaction', 'block'])
    const block = await backend.blockByNumber(1n)
    expect(block).toEqual(backend.head())
    expect(await backend.blockByHash(block?.hash as Hash)).toEqual(block)
    expect(block?.timestamp).toBe(BigInt(now))
    expect(block?.coinbase).toBe(proposerAddress)
    expect(await backend.transaction(hash)).toEqual(block?.transactions.at(0))
    expect((await backend.receipts(backend.head())).all()).toHaveLength(2)
  })

  test('transactions with a nonce gap wait for the one that fills it', async () => {
    const late = await backend.submit(speak(1n))
    expect(await backend.receipt(late)).toBeUndefined()
    expect(backend.pool().queued.map(({ hash }) => hash)).toEqual([late])
    await backend.submit(speak(0n))
    expect(await backend.pendingNonce(addresses[1] as Hex)).toBe(2n)
    await node.mine()
    expect(await backend.receipt(late)).toMatchObject({ status: 1 })
  })

  test('many at once end up in blocks one after another', async () => {
    const hashes = await Promise.all([0n, 1n, 2n, 3n, 4n, 5n].map((n) => backend.submit(speak(n))))
    for (const hash of hashes) expect(await backend.receipt(hash)).toMatchObject({ status: 1 })
  })

  test('a transaction that no block can hold is dropped, and its sender is told why', async () => {
    const data = systemRulesOf(smallGenesis()).endBlockSelector
    const raw = signTx({ nonce: 0n, to: predeploys.systemHub, data }).raw
    await expect(backend.submit(raw)).rejects.toMatchObject({
      facts: { code: 'NODE_TRANSACTION_DROPPED', reason: 'only the proposer may end a block' },
    })
    expect(backend.pool()).toEqual({ pending: [], queued: [] })
    const hash = await backend.submit(speak(0n))
    expect(await backend.receipt(hash)).toMatchObject({ status: 1 })
  })

  test('blocks come by interval until it is set to 0', async () => {
    const third = new Promise<void>((resolve) => {
      backend.subscribe((event) => {
        if (event.type === 'block' && event.block.number === 3n) resolve()
      })
    })
    node.setInterval(5)
    await third
    node.setInterval(0)
  })
})

describe('reading', () => {
  test('the state of any block can be read and proved', async () => {
    await backend.submit(speak(0n, 5n))
    await backend.submit(speak(1n, 6n))
    const at = async (height: bigint) => (await backend.blockByNumber(height)) ?? backend.head()
    const slot = word(0n)
    expect(await backend.storage(toolAddress, slot, await at(0n))).toBe(word(0n))
    expect(await backend.storage(toolAddress, slot, await at(1n))).toBe(word(5n))
    expect(await backend.storage(toolAddress, slot, await at(2n))).toBe(word(11n))
    expect((await backend.account(addresses[1] as Hex, await at(1n))).nonce).toBe(1n)
    expect(await backend.code(toolAddress, await at(0n))).toMatch(/^0x60/)
    const proof = await backend.proof(toolAddress, [slot, word(77n)], await at(2n))
    expect(proof.storageProof.map(({ value }) => value)).toEqual([11n, 0n])
    expect(proof.accountProof.length).toBeGreaterThan(0)
    const absent = await backend.proof(word(3n).slice(0, 42) as Hex, [slot], await at(2n))
    expect(absent.storageProof).toEqual([{ key: slot, value: 0n, proof: [] }])
  })

  test('calls run on a block, with overrides, and give raw revert data', async () => {
    const data = encodeFunctionData({ abi: toolAbi, functionName: 'refuse', args: [7n] })
    const refused = await backend.call({ to: toolAddress, data }, backend.head())
    expect(refused.failure?.kind).toBe('revert')
    expect(decodeErrorResult({ abi: toolAbi, data: refused.returnData })).toMatchObject({
      args: [7n],
    })
    const count = encodeFunctionData({ abi: toolAbi, functionName: 'count' })
    const stateOverrides = { [toolAddress]: { stateDiff: { [word(0n)]: word(42n) } } }
    const result = await backend.call(
      { to: toolAddress, data: count, stateOverrides },
      backend.head(),
    )
    expect(result).toMatchObject({ returnData: word(42n) })
    const spin = encodeFunctionData({ abi: toolAbi, functionName: 'spin' })
    const endless = await backend.call(
      { to: toolAddress, data: spin, gas: 100_000n },
      backend.head(),
    )
    expect(endless.failure?.kind).toBe('outOfGas')
  })

  test('gas of a call as a transaction is what the transaction then pays', async () => {
    const data = say(word(9n), 1n)
    const from = addresses[1] as Hex
    const request = { from, to: toolAddress, data, asTransaction: true }
    const estimate = await backend.call(request, backend.head())
    const hash = await backend.submit(speak(0n))
    expect((await backend.receipt(hash))?.gasUsed).toBe(estimate.gasUsed)
    const low = await backend.call({ ...request, gas: 20_000n }, backend.head())
    expect(low.failure?.kind).toBe('outOfGas')
  })

  test('gas can be estimated on behalf of a contract', async () => {
    const request = { from: toolAddress, to: toolAddress, data: say(word(9n), 1n) }
    const estimate = await backend.call({ ...request, asTransaction: true }, backend.head())
    const plain = await backend.call(request, backend.head())
    expect(estimate.failure).toBeUndefined()
    expect(estimate.gasUsed).toBeGreaterThan(plain.gasUsed + 21_000n)
  })

  test('a caller that cannot pay is told so', async () => {
    const request = { from: addresses[1] as Hex, to: toolAddress, value: 10n ** 30n }
    await expect(backend.call(request, backend.head())).rejects.toMatchObject({
      code: 'EVM_INSUFFICIENT_FUNDS',
    })
  })

  test('the pending block holds what waits, and its state can be asked', async () => {
    await (await dev()).setAutomine(false)
    const hash = await backend.submit(speak(0n, 8n))
    const block = await backend.pendingBlock()
    expect(block.number).toBe(1n)
    expect(block.transactions.at(0)?.hash).toBe(hash)
    expect(await backend.storage(toolAddress, word(0n), block)).toBe(word(8n))
    expect((await backend.receipts(block)).all()).toHaveLength(2)
    expect(backend.head().number).toBe(0n)
  })

  test('a crowd that asks for the pending block does not delay the next one', async () => {
    await (await dev()).setAutomine(false)
    let previews = 0
    const preview: Node['producer']['preview'] = async (timestamp) => {
      const built = await node.producer.preview(timestamp)
      // What was previewed is out of date at once.
      await backend.submit(speak(BigInt(previews++)))
      return built
    }
    const crowded = createBackend({ ...node, producer: { ...node.producer, preview } })
    const asked = Array.from({ length: 20 }, () => crowded.pendingBlock())
    const { height } = await node.mine()
    expect(previews).toBeLessThanOrEqual(1)
    expect(height).toBe(1n)
    for (const block of await Promise.all(asked)) expect(block.number).toBe(1n)
    expect((await crowded.pendingBlock()).number).toBe(2n)
  })

  test('logs are found by address, topic and range', async () => {
    for (const n of [0n, 1n, 2n]) await backend.submit(speak(n, n))
    const filter = {
      fromBlock: 0n,
      toBlock: 99n,
      addresses: [toolAddress],
      topics: [[], [word(9n)]],
    }
    expect((await backend.logs(filter)).map(({ data }) => data)).toEqual([
      word(0n),
      word(1n),
      word(2n),
    ])
    expect(await backend.logs({ ...filter, fromBlock: 3n })).toHaveLength(1)
    expect(await backend.logs({ ...filter, topics: [[word(1n)]] })).toEqual([])
    expect((await backend.logs({ ...filter, addresses: [], topics: [] })).length).toBeGreaterThan(3)
  })

  test('a log with fewer topics than the filter has places is not found', async () => {
    await backend.submit(speak(0n))
    const filter = { fromBlock: 1n, toBlock: 1n, addresses: [toolAddress] }
    expect(await backend.logs({ ...filter, topics: [[], []] })).toHaveLength(1)
    expect(await backend.logs({ ...filter, topics: [[], [], []] })).toEqual([])
  })

  test('more logs than one answer may hold are refused, as many as it may hold are not', async () => {
    const max = limits.logResultMax
    const create = async (nonce: bigint, count: number): Promise<Hex> => {
      // PUSH2 count, JUMPDEST, PUSH0 PUSH0 LOG0, one less, back to 3 until none is left, STOP.
      const push = `61${count.toString(16).padStart(4, '0')}`
      const data: Hex = `0x${push}5b5f5fa0600190038060035700`
      const hash = await backend.submit(signTx({ nonce, data, gas: 15_000_000n }).raw)
      return (await backend.receipt(hash))?.contractAddress ?? '0x'
    }
    const addresses = [await create(0n, max)]
    const filter = { fromBlock: 0n, toBlock: 9n, topics: [] }
    expect(await backend.logs({ ...filter, addresses })).toHaveLength(max)
    addresses.push(await create(1n, 1))
    await expect(backend.logs({ ...filter, addresses })).rejects.toMatchObject({
      facts: { code: 'NODE_TOO_MANY_LOGS', max },
    })
  })
})

describe('development controls', () => {
  test('logs that are searched through do not pile up in memory', async () => {
    const block = node.chain.at(0n)
    if (block === undefined) throw new Error('no genesis')
    // No more of a log is looked at.
    const log = { address: toolAddress, topics: [] } as unknown as LogView
    const decoded: WeakRef<readonly LogView[]>[] = []
    let held = 0
    const logs = () => {
      collectGarbage()
      held = Math.max(held, decoded.filter((one) => one.deref() !== undefined).length)
      const found = new Array<LogView>(100_000).fill(log)
      decoded.push(new WeakRef(found))
      return found
    }
    const at = () => ({ ...block, receipts: { ...block.receipts, logs } })
    const head = () => ({ ...node.chain.head(), height: 11n })
    // The index finds every block, as it does when somebody makes up topics whose keys collide.
    const store = { logs: { heights: () => undefined } } as unknown as Node['store']
    const searched = createBackend({ ...node, store, chain: { ...node.chain, at, head } })
    const filter = { fromBlock: 0n, toBlock: 11n, addresses: [], topics: [[word(1n)]] }
    expect(await searched.logs(filter)).toEqual([])
    expect(decoded).toHaveLength(12)
    expect(held).toBeLessThan(3)
  })

  test('time moves as told', async () => {
    const { increaseTime, setNextTimestamp, mine } = await dev()
    expect(increaseTime(1_000)).toBe(1_000n)
    await mine({ blocks: 1, intervalSeconds: 1 })
    expect(backend.head().timestamp).toBe(BigInt(now + 1_000))
    setNextTimestamp(BigInt(now + 5_000))
    await mine({ blocks: 3, intervalSeconds: 60 })
    expect(backend.head().timestamp).toBe(BigInt(now + 5_120))
    const past = expect.objectContaining({ code: 'NODE_TIME_NOT_LATER' })
    expect(() => setNextTimestamp(BigInt(now))).toThrow(past)
  })

  test('time that the contracts cannot write down is refused, and nothing moves', async () => {
    const { increaseTime, setNextTimestamp, mine } = await dev()
    const tooLate = expect.objectContaining({ code: 'NODE_TIME_TOO_LATE' })
    expect(() => increaseTime(Number.MAX_SAFE_INTEGER)).toThrow(tooLate)
    expect(() => setNextTimestamp(limits.timestampMax + 1n)).toThrow(tooLate)
    await mine({ blocks: 1, intervalSeconds: 1 })
    expect(backend.head().timestamp).toBe(BigInt(now))
    setNextTimestamp(limits.timestampMax)
    await mine({ blocks: 1, intervalSeconds: 1 })
    expect(backend.head().timestamp).toBe(limits.timestampMax)
  })

  test('reverting brings back chain, state and time', async () => {
    const { snapshot, revert } = await dev()
    await backend.submit(speak(0n, 5n))
    const head = backend.head()
    const id = await snapshot()
    const gone = await backend.submit(speak(1n, 6n))
    expect(await revert(id)).toBe(true)
    expect(formatBlock(backend.head(), true)).toEqual(formatBlock(head, true))
    expect(await backend.receipt(gone)).toBeUndefined()
    expect(await backend.pendingNonce(addresses[1] as Hex)).toBe(1n)
    expect(await revert(id)).toBe(false)
    await backend.submit(speak(1n, 7n))
    expect(await backend.storage(toolAddress, word(0n), backend.head())).toBe(word(12n))
  })

  test('held keys sign, a waiting transaction can be dropped', async () => {
    const { sign, setAutomine, dropTransaction } = await dev()
    expect(sign(word(1n), addresses[2] as Hex)).toMatchObject({ r: expect.any(BigInt) })
    expect(sign(word(1n), toolAddress)).toBeUndefined()
    setAutomine(false)
    const hash = await backend.submit(speak(0n))
    expect(dropTransaction(hash)).toBe(true)
    expect(dropTransaction(hash)).toBe(false)
  })
})

describe('opening', () => {
  test('a node resumes at its head', async () => {
    const hash = await backend.submit(speak(0n))
    const head = backend.head()
    await node.stop()
    await begin()
    expect(formatBlock(backend.head(), true)).toEqual(formatBlock(head, true))
    expect(await backend.receipt(hash)).toMatchObject({ status: 1 })
    await backend.submit(speak(1n))
  })

  test('a second node on the same data, another genesis and damaged data are refused', async () => {
    await backend.submit(speak(0n))
    const refused = (change: Partial<NodeOptions>, code: string) =>
      expect(createNode({ ...node.options, ...change }, { now: () => now })).rejects.toMatchObject({
        code,
      })
    await refused({}, 'STORAGE_LOCKED')
    await node.stop()
    await refused(
      { genesis: smallGenesis({ balances: { [addresses[5] as Hex]: 1n } }) },
      'STORAGE_WRONG_GENESIS',
    )
    await refused({ dataDir: join(dataDir, 'chain.mdb') }, 'NODE_DATA_DIR')
    truncateSync(join(dataDir, 'chain.mdb'), statSync(join(dataDir, 'chain.mdb')).size - 10)
    await refused({}, 'STORAGE_CORRUPT')
  })

  test('a difference between the engines is not taken for a damaged disk', async () => {
    await backend.submit(speak(0n))
    const facts = { code: 'EVM_ENGINES_DIFFER', height: 1n, reason: 'another hash' } as const
    const verify = () => Promise.reject(new EvmError(facts, 'the engines differ'))
    const audited = openChain({ ...node, engine: { ...node.engine, verify } })
    await expect(audited).rejects.toMatchObject({ code: 'EVM_ENGINES_DIFFER' })
    const wrong = { code: 'EVM_WRONG_RESULT', field: 'stateRoot' } as const
    const refuse = () => Promise.reject(new EvmError(wrong, 'another root'))
    const damaged = openChain({ ...node, engine: { ...node.engine, verify: refuse } })
    await expect(damaged).rejects.toMatchObject({ code: 'STORAGE_CORRUPT' })
  })

  test.each([0n, 1n])('a head at %i with a certificate that was changed is refused', async (at) => {
    if (at === 1n) await backend.submit(speak(0n))
    const { store } = node
    const written = store.certificateAt(at) as Uint8Array
    const openWith = (certificate: Uint8Array) => {
      const read = {
        path: store.path,
        head: () => store.head(),
        headerAt: (height: bigint) => store.headerAt(height),
        blockAt: (height: bigint) => store.blockAt(height),
        certificateAt: (height: bigint) =>
          height === at ? certificate : store.certificateAt(height),
      }
      return openChain({ ...node, store: read as unknown as Node['store'] })
    }
    expect((await openWith(written)).head()).toEqual(node.chain.head())
    const damaged = { code: 'STORAGE_CORRUPT' }
    const longer = new Uint8Array(written.length + 65)
    longer.set(written)
    await expect(openWith(longer)).rejects.toMatchObject(damaged)
    // Version, height, round, block, seat, and the three parts of the signature.
    const places = [0, 8, 12, 13, 44, 46, 47, 78, 79, 110, 111]
    for (const place of places.filter((one) => one < written.length)) {
      const changed = written.slice()
      changed[place] = (changed[place] as number) ^ 1
      await expect(openWith(changed), `byte ${place}`).rejects.toMatchObject(damaged)
    }
  })

  test('a stopped node makes no blocks', async () => {
    await node.stop()
    await expect(node.mine()).rejects.toMatchObject({ code: 'NODE_STOPPED' })
  })
})

describe('notice board', () => {
  test('keeps different notices under a topic and refuses too many and too big ones', () => {
    const board = createNoticeBoard()
    board.post(word(1n), '0x01')
    board.post(word(1n), '0x01')
    board.post(word(1n), '0x02')
    expect(board.read(word(1n))).toEqual(['0x01', '0x02'])
    expect(board.read(word(2n))).toEqual([])
    const big: Hex = `0x${'00'.repeat(limits.noticeSizeMax + 1)}`
    const tooBig = expect.objectContaining({ code: 'NODE_NOTICE_TOO_BIG' })
    expect(() => board.post(word(1n), big)).toThrow(tooBig)
    for (let i = 0; i < limits.noticesPerTopicMax; i++) board.post(word(3n), word(BigInt(i)))
    const full = expect.objectContaining({ code: 'NODE_NOTICES_FULL' })
    expect(() => board.post(word(3n), '0xff')).toThrow(full)
  })

  test('forgets the topic that was longest without a notice', () => {
    const board = createNoticeBoard()
    for (let i = 0; i <= limits.noticeTopicsMax; i++) board.post(word(BigInt(i)), '0x01')
    expect(board.read(word(0n))).toEqual([])
    expect(board.read(word(1n))).toEqual(['0x01'])
  })
})
