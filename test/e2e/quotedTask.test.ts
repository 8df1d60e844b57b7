// Shows that work can be ordered in dollars on a development chain: three oracle processes post
// what the coin is worth, a task is quoted, computed by a worker's process, judged and paid; the
// price is renewed when it grows old and when its source moves.
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { devRoles } from '../../chain/params/devAccounts.ts'
import { taskStates } from '../../src/client/states.ts'
import { digitsManifest, encodeDigitsManifest } from '../../src/compute/digitsManifest.ts'
import { eventually, type Service, startWorld, type World } from './world.ts'

const order = {
  kind: 'digits',
  manifest: encodeDigitsManifest(digitsManifest),
  // The most that is acceptable.
  price: parseEther('100'),
  quoted: { computeUnits: 3, storageGiB: 0 },
  units: 16,
  expectedSeconds: 120,
  slotCount: 1,
}

let world: World
let source: string
let oracles: readonly Service[] = []
const say = (usd: string) =>
  writeFile(source, JSON.stringify({ usd, observedAt: new Date().toISOString() }))

beforeAll(async () => {
  world = await startWorld({ blockTimeMs: 1_000 })
  source = join(world.folder, 'price.json')
  await say('0.5')
})

afterAll(() => world.stop())

it('a task priced in dollars is quoted, done and paid', { timeout: 480_000 }, async () => {
  const client = world.clientOf(0)
  await expect(client.quoteTask(order)).rejects.toMatchObject({
    facts: { code: 'CLIENT_CONTRACT_REVERTED', error: 'PriceBookStale' },
  })

  const [first, second, third] = devRoles.oracles
  oracles = [
    await world.serve('oracle', first, ['--coin-price', '0.5']),
    await world.serve('oracle', second, ['--price-source', source]),
    await world.serve('oracle', third, ['--price-source', source]),
  ]
  for (const oracle of oracles) {
    expect(await oracle.until('pricePosted')).toMatchObject({ coinPrice: 500_000_000_000 })
  }
  const feed = await client.getPriceFeed()
  expect(feed).toMatchObject({ median: 500_000_000_000n, spreadBps: 0 })

  const { price, collateral } = await client.quoteTask(order)
  const worker = await world.serve('worker', devRoles.workers[0], ['--power', '20'])
  await worker.until('proved')
  const { taskId } = await client.createTask(order)
  expect(await client.getTask({ taskId })).toMatchObject({ price, collateral })
  await eventually(async () =>
    (await client.getTask({ taskId })).state === taskStates.challenge ? true : undefined,
  )
  await world.pass((await client.getTask({ taskId })).challengeWindow + 1)
  await eventually(async () =>
    (await client.getTask({ taskId })).state === taskStates.completed ? true : undefined,
  )
  await worker.until('paid')
})

it('the price follows its source and does not grow old', { timeout: 480_000 }, async () => {
  const client = world.clientOf(0)
  const before = await client.getPriceFeed()
  expect(before.median).toBe(500_000_000_000n)
  // More than the bound of one percent; two of three say so.
  await say('0.51')
  await eventually(async () =>
    (await client.getPriceFeed()).median === 510_000_000_000n ? true : undefined,
  )
  // A price counts for an hour; half an hour later all post anew.
  await say('0.51')
  await world.pass(1_801)
  const { timestamp } = await client.getHead()
  const renewed = await eventually(async () => {
    const feed = await client.getPriceFeed()
    return BigInt(feed.freshUntil) >= timestamp + 3_600n ? feed : undefined
  })
  expect(renewed.median).toBe(510_000_000_000n)
})

it('a source that fails is told of, and what was posted still counts', {
  timeout: 120_000,
}, async () => {
  const client = world.clientOf(0)
  const before = await client.getPriceFeed()
  await writeFile(source, 'no price')
  for (const oracle of oracles.slice(1)) {
    expect(await oracle.until('priceUnknown')).toMatchObject({ source })
  }
  // Their own posts would be renewed now, and count for half an hour more.
  await world.pass(1_801)
  const after = await client.getPriceFeed()
  expect(after.median).toBe(before.median)
  expect((await client.quoteTask(order)).price).toBeGreaterThan(0n)
})
