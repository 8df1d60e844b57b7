// A history of fees may span a thousand blocks of megabytes each: what is seen of a block is let go
// of before the next one is read.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { expect, it } from 'vitest'
import { readFeeHistory } from '../../../chain/rpc/fees.ts'
import { blockAt, createFakeBackend } from './fakeBackend.ts'

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
