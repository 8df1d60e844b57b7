// Shows, on a real development chain and by watching what a client asks of it, that looking for a
// task's order takes no longer on a long chain, and that parameters are not asked for at each look.
import { createWalletClient, custom, http, parseEther, type Transport } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { pocaDev } from '../../../src/client/chain.ts'
import { findNewestEvents } from '../../../src/client/events.ts'
import { createParamCache } from '../../../src/client/paramCache.ts'
import { pocaActions } from '../../../src/client/pocaActions.ts'
import { digitsManifest, encodeDigitsManifest } from '../../../src/compute/digitsManifest.ts'
import { keyOf, startWorld, type World } from '../../e2e/world.ts'

const manifest = encodeDigitsManifest(digitsManifest)
const order = {
  kind: 'digits',
  manifest,
  price: parseEther('1'),
  units: 8,
  expectedSeconds: 60,
  slotCount: 1,
}

let world: World
let created: bigint
let asked: { readonly method: string; readonly params: unknown }[] = []

beforeAll(async () => {
  world = await startWorld()
  await world.rpc('hardhat_mine', ['0x12c'])
  const { receipt } = await world.clientOf(0).createTask(order)
  created = receipt.blockNumber
}, 240_000)

afterAll(() => world.stop())

beforeEach(() => {
  asked = []
})

/** A client of the node that keeps what it asks. */
function watchedClient() {
  const transport: Transport = (config) => {
    const real = http(world.url)(config)
    return custom({
      request: (request) => {
        asked.push(request)
        return real.request(request)
      },
    })(config)
  }
  const account = privateKeyToAccount(keyOf(0))
  return createWalletClient({ account, chain: pocaDev, transport }).extend(pocaActions())
}

/** Blocks that the client has looked into. */
function blocksSearched(): bigint {
  const ranges = asked.filter(({ method }) => method === 'eth_getLogs')
  return ranges.reduce((sum, { params }) => {
    const [{ fromBlock, toBlock }] = params as [{ fromBlock: string; toBlock: string }]
    return sum + BigInt(toBlock) - BigInt(fromBlock) + 1n
  }, 0n)
}

describe('getOrder', () => {
  it('finds the order, and in which block it was given', async () => {
    const found = await watchedClient().getOrder({ taskId: 1n })
    expect(found).toMatchObject({ taskId: 1n, manifest, height: created })
    expect(created).toBeGreaterThan(300n)
  })

  it('looks into few blocks, however many came before the order', async () => {
    await watchedClient().getOrder({ taskId: 1n, toBlock: created })
    expect(blocksSearched()).toBe(256n)
  })

  it('looks into no block for a task that is not there', async () => {
    expect(await watchedClient().getOrder({ taskId: 2n })).toBeUndefined()
    expect(await watchedClient().getOrder({ taskId: 0n })).toBeUndefined()
    expect(blocksSearched()).toBe(0n)
  })
})

describe('createParamCache', () => {
  it('asks the chain once in so many blocks', async () => {
    const params = createParamCache(watchedClient(), 256n)
    const first = await params.read('node.proofMaxAge', 100n)
    expect(first).toBeGreaterThan(0n)
    expect(await params.read('node.proofMaxAge', 355n)).toBe(first)
    expect(asked).toHaveLength(1)
    expect(await params.read('node.proofMaxAge', 356n)).toBe(first)
    expect(asked).toHaveLength(2)
  })

  it('asks again when it is told to, for each key, and when the chain was taken back', async () => {
    const params = createParamCache(watchedClient())
    await params.read('node.proofMaxAge', 100n)
    await params.read('task.feeBps', 100n)
    expect(asked).toHaveLength(2)
    await params.read('node.proofMaxAge', 99n)
    expect(asked).toHaveLength(3)
    params.forget()
    await params.read('task.feeBps', 101n)
    expect(asked).toHaveLength(4)
  })
})

describe('findNewestEvents', () => {
  it('goes on looking back, in wider steps, to the first block', async () => {
    const never = await findNewestEvents(watchedClient(), {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      eventNames: ['TaskCompleted'],
      toBlock: created,
    })
    expect(never).toEqual([])
    // Block 0 counts too, and none twice.
    expect(blocksSearched()).toBe(created + 1n)
    expect(asked).toHaveLength(2)
  })
})
