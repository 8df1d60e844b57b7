// Shows that ending a block costs less than a million gas with all modules on and work due in
// every block, with 10, 1,000 and 100,000 nodes and tasks. They are copies of real ones, written
// into storage: every node stands in the tree of weights, every task in the queue of what is due.
// Records behind them are fewer: from 1,000 nodes on, places share them, and of the tasks those
// that these blocks can reach are copied whole. The last block is the dearest: a day ends in it, a
// seat has missed its turn, and the room for evidence is full.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { encodeAbiParameters, getAbiItem, type Hex } from 'viem'
import { sign } from 'viem/accounts'
import { devAccounts, devRoles } from '../../../chain/params/devAccounts.ts'
import { dev } from '../../../chain/params/specs.ts'
import { slashCourtAbi } from '../../../chain/system/abi/slashCourt.ts'
import { asciiKey } from '../../../chain/system/asciiKey.ts'
import { consensusDigest } from '../../../chain/system/consensusBytes.ts'
import { taskStates } from '../../../src/client/states.ts'
import type { RPCProvider } from '../../../src/hardhat/index.ts'
import { setNextTime } from '../../../src/hardhat/time.ts'
import { dataOf, packed, slotAt, storageOf } from '../support/population.ts'

const endBlockGasMax = 1_000_000n

const signer = devAccounts()[devRoles.signer]
const [signedMessage] = getAbiItem({ abi: slashCourtAbi, name: 'digestOf' }).inputs

/** Blocks that are measured. */
const blockCount = 8

/** Records of nodes; beyond so many, places share them, which no draw of one node can tell. */
const recordCountMax = 1_000

/** Tasks copied whole; a block looks at 32 at most. */
const wholeTaskCount = 32 * blockCount

for (const count of [10, 1_000, 100_000]) {
  const records = Math.min(count, recordCountMax).toLocaleString('en')
  const title = `endBlock with ${count.toLocaleString('en')} places of nodes and queued tasks`
  describe(`${title}, nodes sharing ${records} records`, () => {
    it('uses less than a million gas in blocks full of due work', async () => {
      const { poca, provider } = await network.create('pocaSim')
      const crew = await poca.crew({ workers: 5 })
      const settled = await poca.task.order({ price: '1 HPC', slots: 1 })
      await poca.task.reach(settled, 'challenge')
      await copyNodes(provider, crew.workers[0]?.address ?? '0x', count)
      assert.equal(await poca.contracts.nodeRegistry.read.placeCount(), BigInt(count))
      const paying = await poca.warp(3_600)
      await poca.assert.event(paying, 'taskMarket', 'TaskCompleted', { taskId: settled })

      const taskId = await poca.task.order({ price: '1 HPC', slots: 1 })
      const last = await copyTasks(provider, taskId, count)
      assert.equal(await poca.contracts.taskMarket.read.taskCount(), last)
      const gas: bigint[] = [paying.gasUsed]
      for (let blocks = 0; blocks < blockCount; blocks += 1) {
        const receipt = await poca.endBlock()
        await poca.assert.ended(receipt)
        gas.push(receipt.gasUsed)
      }
      assert.ok(
        gas.every((used) => used < endBlockGasMax),
        gas.join(', '),
      )
      // The blocks were not quiet: they gave out tasks, to copied nodes too.
      const { state } = await poca.contracts.taskMarket.read.taskOf([last])
      assert.equal(state, taskStates.assigned, 'the last task of the queue is assigned')

      const { number: height, timestamp } = await latestBlock(provider)
      const evidence = await Promise.all([1, 2, 3, 4, 5, 6, 7, 8].map((n) => doubleVote(height, n)))
      await setNextTime(provider, timestamp + 86_400n)
      const dearest = await poca.endBlock({ skippedSeats: [0], evidence })
      await poca.assert.ended(dearest)
      assert.ok(dearest.gasUsed < endBlockGasMax, `${dearest.gasUsed} gas in the dearest block`)
      await poca.assert.event(dearest, 'slashCourt', 'SignerConvicted', { offence: 1 })
      await poca.assert.event(dearest, 'onlineReward', 'EpochClosed', {})
      // What was due waited for a block that leaves gas to it. The copies have no coin of theirs.
      const next = await poca.endBlock()
      assert.ok(next.gasUsed < endBlockGasMax, `${next.gasUsed} gas in the block after it`)
      await poca.assert.event(next, 'taskMarket', 'DueTaskFailed', { attempts: 1 })
    })
  })
}

type Head = { readonly number: bigint; readonly timestamp: bigint }

async function latestBlock(provider: RPCProvider): Promise<Head> {
  const params = ['latest', false]
  // The shape is that of the JSON-RPC specification.
  const block = (await provider.request({ method: 'eth_getBlockByNumber', params })) as {
    readonly number: Hex
    readonly timestamp: Hex
  }
  return { number: BigInt(block.number), timestamp: BigInt(block.timestamp) }
}

/** Two votes of the development chain's signer for different blocks in one round. */
async function doubleVote(height: bigint, round: number): Promise<Hex> {
  const vote = async (value: Hex) => {
    const message = { kind: 'prevote', height, round, validRound: -1, value } as const
    const hash = consensusDigest(message, dev.chainId)
    const { r, s, yParity } = await sign({ hash, privateKey: signer?.privateKey ?? '0x' })
    return { ...message, kind: 0, r, s, yParity: yParity ?? 0 }
  }
  const pair = [await vote(`0x${'11'.repeat(32)}`), await vote(`0x${'22'.repeat(32)}`)] as const
  return encodeAbiParameters([signedMessage, signedMessage], pair)
}

/** Fills the tree of weights with copies of one proved worker. */
async function copyNodes(provider: RPCProvider, worker: string, count: number): Promise<void> {
  const storage = await storageOf(provider, 'nodeRegistry', 'NodeRegistry')
  const names = ['_nodes', '_tree', '_workers', '_does']
  const [nodes, tree, workers, does] = names.map((name) => storage.at(name))
  assert.ok(nodes && tree && workers && does)
  const from = slotAt(nodes.slot, BigInt(worker))
  const size = storage.wordsOf(nodes)
  const words: bigint[] = []
  for (let i = 0; i < size; i += 1) words.push(await storage.read(from + BigInt(i)))
  const weight = (await storage.read(slotAt(tree.slot + 1n, 0n))) & ((1n << 64n) - 1n)
  assert.ok(weight > 0n, 'the worker is drawn')

  // Bits of `place` in the first word of a node; the copies stand behind the five real workers.
  const placeShift = 216n
  const first = words[0] ?? 0n
  assert.ok(first >> placeShift <= 5n && first >> placeShift > 0n, 'place is the last field')
  const bare = first & ((1n << placeShift) - 1n)
  for (let place = 5; place < count; place += 1) {
    const copy = BigInt(0x10_000_000 + (place % recordCountMax))
    await storage.write(slotAt(workers.slot, BigInt(place)), copy)
    if (place - 5 >= recordCountMax) continue
    await storage.write(slotAt(slotAt(does.slot, copy), BigInt(asciiKey('play'))), 1n)
    const to = slotAt(nodes.slot, copy)
    await storage.write(to, bare | (BigInt(place + 1) << placeShift))
    for (let i = 1; i < size; i += 1) {
      if (words[i] !== 0n) await storage.write(to + BigInt(i), words[i] ?? 0n)
    }
  }
  await writeTree({ count, weight }, tree.slot, storage)
}

type Storage = Awaited<ReturnType<typeof storageOf>>

/** The tree of sums over equal weights, as SumTree lays it out. */
async function writeTree(
  { count, weight }: { readonly count: number; readonly weight: bigint },
  slot: bigint,
  storage: Storage,
): Promise<void> {
  let sums = Array.from({ length: count }, () => weight)
  let depth = 0
  for (; sums.length > 1 || depth === 0; depth += 1) {
    for (let word = 0; word * 4 < sums.length; word += 1) {
      const key = (BigInt(depth) << 32n) | BigInt(word)
      const value = packed(sums.slice(word * 4, word * 4 + 4))
      await storage.write(slotAt(slot + 1n, key), value)
    }
    const above: bigint[] = []
    for (let i = 0; i < sums.length; i += 8) {
      above.push(sums.slice(i, i + 8).reduce((sum, part) => sum + part, 0n))
    }
    sums = above
  }
  const total = weight * BigInt(count)
  await storage.write(slot, total | (BigInt(depth) << 64n) | (BigInt(count) << 72n))
}

/** Puts copies of an open task into the queue, all due in the second that the task is. */
async function copyTasks(provider: RPCProvider, taskId: bigint, count: number): Promise<bigint> {
  const storage = await storageOf(provider, 'taskMarket', 'TaskMarket')
  const [wheel, tasks, counter] = ['_wheel', '_tasks', '_taskCount'].map((name) => storage.at(name))
  assert.ok(wheel && tasks && counter)
  const last = taskId + BigInt(count) - 1n
  const ids = Array.from({ length: count }, (_, i) => taskId + BigInt(i))

  const from = slotAt(tasks.slot, taskId)
  const size = storage.wordsOf(tasks)
  for (let i = 0; i < size; i += 1) {
    const word = await storage.read(from + BigInt(i))
    if (word === 0n) continue
    for (const id of ids.slice(1).slice(-wholeTaskCount)) {
      await storage.write(slotAt(tasks.slot, id) + BigInt(i), word)
    }
  }

  // The list in which the task stands alone: that of the second after its block.
  const params = ['latest', false]
  const block = (await provider.request({ method: 'eth_getBlockByNumber', params })) as {
    readonly timestamp: `0x${string}`
  }
  const list = slotAt(wheel.slot + 2n, BigInt(block.timestamp) + 1n)
  assert.equal(await storage.read(list), 1n, 'the task is due a second later')
  const data = dataOf(list)
  for (let word = 0; word * 4 < count; word += 1) {
    await storage.write(data + BigInt(word), packed(ids.slice(word * 4, word * 4 + 4)))
  }
  await storage.write(list, BigInt(count))
  const head = await storage.read(wheel.slot)
  await storage.write(wheel.slot, head + (BigInt(count - 1) << 128n))
  await storage.write(counter.slot, last)
  return last
}
