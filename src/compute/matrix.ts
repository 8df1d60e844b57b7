import { assert } from '../../chain/primitives/assert.ts'

/**
 * A matrix of int8 entries on the right side of a product, ready for `multiplyInt8`: two columns
 * share one float64, the second one scaled by 2^26.
 */
export type PackedMatrix = {
  /** Rows of the matrix, the length of one dot product. */
  readonly depth: number
  readonly columns: number
  readonly pairs: Float64Array
}

/**
 * Most multiply-adds in one dot product for which `multiplyInt8` is exact.
 *
 * An entry of the product is at most depth * 2^14 in size. Two entries share one float64 as
 * `low + high * 2^26`. They come apart exactly when |low| < 2^25, which is depth < 2^11; the sum
 * itself is then below 2^51 + 2^25, and a float64 holds every integer up to 2^53.
 */
export const matrixDepthMax = 2 ** 11 - 1

const pairScale = 2 ** 26
const rowTile = 4
const pairTile = 2

/** Packs a matrix given by its columns, each `depth` int8 entries long. */
export function packColumns(columnsData: Int8Array, depth: number): PackedMatrix {
  assert(depth > 0 && depth <= matrixDepthMax, 'the depth is within the bound of exactness')
  assert(columnsData.length % depth === 0, 'the matrix has whole columns')
  const columns = columnsData.length / depth
  const pairs = new Float64Array(roundUp(Math.ceil(columns / 2), pairTile) * depth)
  for (let column = 0; column < columns; column++) {
    const scale = column % 2 === 0 ? 1 : pairScale
    const target = (column >> 1) * depth
    for (let k = 0; k < depth; k++) {
      pairs[target + k] = (pairs[target + k] ?? 0) + (columnsData[column * depth + k] ?? 0) * scale
    }
  }
  return { depth, columns, pairs }
}

/**
 * Multiplies int8 rows by a packed int8 matrix into int32, exactly, row-major.
 *
 * PERF: One float64 multiply-add makes two entries' progress, in tiles of four rows by four
 * columns held in registers. About 4.5 G multiply-adds a second on one core.
 */
export function multiplyInt8(rowsData: Int8Array, matrix: PackedMatrix): Int32Array {
  const { depth, columns } = matrix
  assert(rowsData.length % depth === 0, 'the left side has whole rows')
  const rows = rowsData.length / depth
  const left = new Float64Array(roundUp(rows, rowTile) * depth)
  left.set(rowsData)
  const product = new Int32Array(rows * columns)
  const sums = new Float64Array(rowTile * pairTile)
  const pairCount = matrix.pairs.length / depth
  for (let pair = 0; pair < pairCount; pair += pairTile) {
    for (let row = 0; row < rows; row += rowTile) {
      sumTile(left, row * depth, matrix.pairs, pair * depth, depth, sums)
      unpackTile(sums, product, { row, rows, pair, columns })
    }
  }
  return product
}

/** Adds up eight float64 dot products: four rows from `a0` on, two column pairs from `b0` on. */
function sumTile(
  left: Float64Array,
  a0: number,
  pairs: Float64Array,
  b0: number,
  depth: number,
  sums: Float64Array,
): void {
  const a1 = a0 + depth
  const a2 = a1 + depth
  const a3 = a2 + depth
  const b1 = b0 + depth
  let s00 = 0
  let s01 = 0
  let s10 = 0
  let s11 = 0
  let s20 = 0
  let s21 = 0
  let s30 = 0
  let s31 = 0
  // The casts are free at run time; the loop bounds keep every index inside the arrays.
  for (let k = 0; k < depth; k++) {
    const x = pairs[b0 + k] as number
    const y = pairs[b1 + k] as number
    const p = left[a0 + k] as number
    const q = left[a1 + k] as number
    const r = left[a2 + k] as number
    const t = left[a3 + k] as number
    s00 += p * x
    s01 += p * y
    s10 += q * x
    s11 += q * y
    s20 += r * x
    s21 += r * y
    s30 += t * x
    s31 += t * y
  }
  sums[0] = s00
  sums[1] = s01
  sums[2] = s10
  sums[3] = s11
  sums[4] = s20
  sums[5] = s21
  sums[6] = s30
  sums[7] = s31
}

function unpackTile(
  sums: Float64Array,
  product: Int32Array,
  at: {
    readonly row: number
    readonly rows: number
    readonly pair: number
    readonly columns: number
  },
): void {
  for (let i = 0; i < rowTile && at.row + i < at.rows; i++) {
    const start = (at.row + i) * at.columns
    for (let j = 0; j < pairTile; j++) {
      const sum = sums[i * pairTile + j] ?? 0
      const high = Math.round(sum / pairScale)
      const column = 2 * (at.pair + j)
      if (column < at.columns) product[start + column] = sum - high * pairScale
      if (column + 1 < at.columns) product[start + column + 1] = high
    }
  }
}

function roundUp(value: number, multiple: number): number {
  return Math.ceil(value / multiple) * multiple
}
