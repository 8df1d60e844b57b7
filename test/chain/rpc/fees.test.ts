// Questions about fees are cheap to ask. A history may span a thousand blocks of megabytes each:
// what is seen of a block is let go of before the next one is read. A suggestion looks at thousands
// of transactions: at each once.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it, test } from 'vitest'
import { readFeeHistory, suggestTip } from '../../../chain/rpc/fees.ts'
import { blockAt, createFakeBackend, GWEI } from './fakeBackend.ts'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

it.each([undefined, [50]])(
  'a history holds on to no block, percentiles %j',
  async (percentiles) => {
    const height = 200n
    const given: WeakRef<object>[] = []
    let heldAtEnd: number | undefined
    const backend = {
      ...createFakeBackend({ height }).backend,
      blockByNumber: async (number: bigint) => {
        if (number > height) {
          collectGarbage()
          heldAtEnd = given.filter((one) => one.deref() !== undefined).length
          return undefined
        }
        const block = blockAt(number)
        given.push(new WeakRef(block))
        return block
      },
    }
    const query = { count: height, newest: blockAt(height), percentiles }
    expect((await readFeeHistory(backend, query)).gasUsedRatio).toHaveLength(Number(height))
    expect(heldAtEnd).toBeLessThan(3)
  },
)

test('a suggested tip looks at no transaction twice', async () => {
  let looks = 0
  let height = 30n
  const blocks = Array.from({ length: 32 }, (_, number) => {
    const block = blockAt(BigInt(number))
    const at = (index: number) => {
      looks++
      return block.transactions.at(index)
    }
    return { ...block, transactions: { ...block.transactions, at } }
  })
  const blockByNumber = async (number: bigint) => blocks[Number(number)]
  const head = () => blocks[Number(height)] ?? blockAt(height)
  const backend = { ...createFakeBackend().backend, head, blockByNumber }
  const asked = await Promise.all([1, 2, 3].map(() => suggestTip(backend)))
  expect(asked).toEqual([2n * GWEI, 2n * GWEI, 2n * GWEI])
  expect(looks).toBe(20)
  height++
  expect(await suggestTip(backend)).toBe(2n * GWEI)
  expect(looks).toBe(21)
})
