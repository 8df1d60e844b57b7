// Shows that Freivalds' test passes every right product and finds any single changed entry.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  createFreivaldsTest,
  freivaldsPrime,
  freivaldsRounds,
  randomVectors,
} from '../../../src/compute/freivalds.ts'
import { multiplyInt8, packColumns } from '../../../src/compute/matrix.ts'

const size = { rows: 5, columns: 33, depth: 20 } as const
const matrices = fc.record({
  left: fc.int8Array({ minLength: size.rows * size.depth, maxLength: size.rows * size.depth }),
  right: fc.int8Array({
    minLength: size.columns * size.depth,
    maxLength: size.columns * size.depth,
  }),
})

describe('createFreivaldsTest', () => {
  it('passes every right product', () => {
    fc.assert(
      fc.property(matrices, ({ left, right }) => {
        const product = multiplyInt8(left, packColumns(right, size.depth))
        expect(createFreivaldsTest(right, size.depth)(left, product)).toBe(true)
      }),
    )
  })

  it('finds any single changed entry', () => {
    const change = fc.record({
      place: fc.integer({ min: 0, max: size.rows * size.columns - 1 }),
      by: fc.oneof(
        fc.constantFrom(1, -1, 2 ** 16, -(2 ** 24)),
        fc.integer({ min: 1, max: 2 ** 30 }),
      ),
    })
    fc.assert(
      fc.property(matrices, change, ({ left, right }, { place, by }) => {
        const product = multiplyInt8(left, packColumns(right, size.depth))
        product[place] = (product[place] ?? 0) + by
        expect(createFreivaldsTest(right, size.depth)(left, product)).toBe(false)
      }),
    )
  })

  it('is exact where its sums are greatest', () => {
    const columns = 16_384
    const depth = 2_047
    const right = new Int8Array(columns * depth).fill(-128)
    const left = new Int8Array(depth).fill(-128)
    const product = new Int32Array(columns).fill(depth * 16_384)
    const vectors = [new Uint32Array(columns).fill(freivaldsPrime - 1)]
    const isProduct = createFreivaldsTest(right, depth, vectors)
    expect(isProduct(left, product)).toBe(true)
    product[columns - 1] = depth * 16_384 - 1
    expect(isProduct(left, product)).toBe(false)
  })

  it('refuses a product of another shape', () => {
    const isProduct = createFreivaldsTest(new Int8Array(4), 2)
    expect(isProduct(new Int8Array(2), new Int32Array(3))).toBe(false)
    expect(isProduct(new Int8Array(3), new Int32Array(2))).toBe(false)
  })
})

describe('randomVectors', () => {
  it('draws independent vectors over the field', () => {
    const vectors = randomVectors(10_000)
    expect(vectors).toHaveLength(freivaldsRounds)
    for (const vector of vectors) {
      expect(vector.every((value) => value < freivaldsPrime)).toBe(true)
      expect(new Set(vector).size).toBeGreaterThan(9_990)
    }
    expect(vectors[0]).not.toEqual(vectors[1])
  })
})
