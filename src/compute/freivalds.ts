import { randomFillSync, randomInt } from 'node:crypto'
import { assert } from '../../chain/primitives/assert.ts'
import { matrixDepthMax } from './matrix.ts'

/** The field of the test: integers modulo the Mersenne prime 2^31 - 1. */
export const freivaldsPrime = 2 ** 31 - 1

/** Independent random vectors per test; a wrong product passes with probability below 2^-61. */
export const freivaldsRounds = 2

/** Columns a test may have, so that no float64 sum leaves the exact range. */
const columnsMax = 2 ** 14

/** Tests whether `product` is `rows` times the matrix the test was made for, both row-major. */
export type FreivaldsTest = (rows: Int8Array, product: Int32Array) => boolean

/**
 * Makes Freivalds' test for products with one int8 matrix, given by its columns of `depth` entries.
 *
 * A product P = A B is accepted when P v = A (B v) modulo 2^31 - 1 for random v. B v is computed
 * once here. The vectors are secret: keep a test away from whoever made the products.
 *
 * @source Freivalds 1977
 */
export function createFreivaldsTest(
  columnsData: Int8Array,
  depth: number,
  vectors: readonly Uint32Array[] = randomVectors(columnsData.length / depth),
): FreivaldsTest {
  const columns = columnsData.length / depth
  assert(Number.isInteger(columns) && columns <= columnsMax, 'the test fits exact arithmetic')
  assert(depth <= matrixDepthMax, 'the depth is within the bound of exactness')
  const images = vectors.map((vector) => combineColumns(columnsData, depth, vector))
  return (rows, product) => {
    const count = rows.length / depth
    if (!Number.isInteger(count) || product.length !== count * columns) return false
    return vectors.every((vector, round) => {
      const image = images[round]
      assert(image, 'each vector has its image')
      for (let row = 0; row < count; row++) {
        const wanted = dotSmall(rows.subarray(row * depth, (row + 1) * depth), image)
        const given = dotWide(product.subarray(row * columns, (row + 1) * columns), vector)
        if (wanted !== given) return false
      }
      return true
    })
  }
}

/** Draws the vectors of a test from the system's random source, uniform over the field. */
export function randomVectors(columns: number): readonly Uint32Array[] {
  return Array.from({ length: freivaldsRounds }, () =>
    randomFillSync(new Uint32Array(columns)).map((word) => {
      const value = word & freivaldsPrime
      // One word in 2^31 is no field element; it is drawn again.
      return value === freivaldsPrime ? randomInt(freivaldsPrime) : value
    }),
  )
}

/** B v. Each sum is below 2^14 * 2^7 * 2^31 = 2^52, so it is exact before it is reduced. */
function combineColumns(columnsData: Int8Array, depth: number, vector: Uint32Array): Float64Array {
  const sums = new Float64Array(depth)
  vector.forEach((factor, column) => {
    const start = column * depth
    for (let k = 0; k < depth; k++) {
      sums[k] = (sums[k] ?? 0) + (columnsData[start + k] ?? 0) * factor
    }
  })
  return sums.map(reduce)
}

/** A dot product of int8 with the field: at most 2^11 * 2^7 * 2^31 = 2^49. */
function dotSmall(small: Int8Array, field: Float64Array): number {
  let sum = 0
  for (let i = 0; i < small.length; i++) sum += (small[i] ?? 0) * (field[i] ?? 0)
  return reduce(sum)
}

/**
 * A dot product of int32 with the field. The field element is split in 16 and 15 bits, and sums
 * are reduced every 16 terms: 16 * 2^31 * 2^16 = 2^51.
 */
function dotWide(wide: Int32Array, field: Uint32Array): number {
  let low = 0
  let high = 0
  for (let i = 0; i < wide.length; i++) {
    const entry = wide[i] ?? 0
    const factor = field[i] ?? 0
    low += entry * (factor & 0xffff)
    high += entry * (factor >>> 16)
    if (i % 16 === 15) {
      low = reduce(low)
      high = reduce(high)
    }
  }
  return reduce(reduce(low) + reduce(high) * 2 ** 16)
}

/** The representative in [0, p) of an exact integer. */
function reduce(value: number): number {
  const rest = value % freivaldsPrime
  return rest < 0 ? rest + freivaldsPrime : rest + 0
}
