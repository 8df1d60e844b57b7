// Shows which tasks a worker takes for feasible: at the edge of each rule and one past it.
import { stringToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  digitsKind,
  digitsManifest,
  encodeDigitsManifest,
} from '../../../src/compute/digitsManifest.ts'
import { readFeasibleOrder, type WorkOrder } from '../../../src/compute/digitsOrder.ts'

const manifest = encodeDigitsManifest(digitsManifest)
const order: WorkOrder = { kind: digitsKind, manifest, units: 1_000, expectedSeconds: 60 }
// 1,000 rows x 9,000 x 784 multiply-adds in 60 seconds: 117.6 million a second.
const power = 118n

describe('readFeasibleOrder', () => {
  it('takes a task that can be done in time, and no harder one', () => {
    expect(readFeasibleOrder(order, power)).toEqual(digitsManifest)
    expect(readFeasibleOrder(order, power - 1n)).toBeUndefined()
    expect(readFeasibleOrder({ ...order, expectedSeconds: 59 }, power)).toBeUndefined()
  })

  it('leaves what has more units than rows', () => {
    expect(readFeasibleOrder({ ...order, units: 1_001 }, 10_000n)).toBeUndefined()
  })

  it('leaves a slice whose result could not be revealed', () => {
    const many = { ...digitsManifest, split: { seed: 'a', testCount: 2_000 } }
    const large = { ...order, manifest: encodeDigitsManifest(many) }
    expect(readFeasibleOrder({ ...large, units: 1_985 }, 10_000n)).toEqual(many)
    expect(readFeasibleOrder({ ...large, units: 1_986 }, 10_000n)).toBeUndefined()
  })

  it('leaves other kinds, other data and broken manifests', () => {
    const other = { ...digitsManifest.dataset, sha256: `0x${'00'.repeat(32)}` }
    const moved = encodeDigitsManifest({ ...digitsManifest, dataset: other })
    const letters = stringToHex('letters', { size: 32 })
    expect(readFeasibleOrder({ ...order, kind: letters }, power)).toBeUndefined()
    expect(readFeasibleOrder({ ...order, manifest: moved }, power)).toBeUndefined()
    expect(readFeasibleOrder({ ...order, manifest: '0x7b' }, power)).toBeUndefined()
  })
})
