// Shows that the packed float64 kernel is exact, by comparing it with a plain integer product:
// random matrices of random shapes, and the extreme entries at the greatest depth.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { matrixDepthMax, multiplyInt8, packColumns } from '../../../src/compute/matrix.ts'

function multiplyPlainly(rows: Int8Array, columns: Int8Array, depth: number): readonly number[] {
  const product: number[] = []
  for (let row = 0; row < rows.length / depth; row++) {
    for (let column = 0; column < columns.length / depth; column++) {
      let sum = 0n
      for (let k = 0; k < depth; k++) {
        sum += BigInt(rows[row * depth + k] ?? 0) * BigInt(columns[column * depth + k] ?? 0)
      }
      product.push(Number(sum))
    }
  }
  return product
}

const shapes = fc
  .tuple(
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 9 }),
    fc.integer({ min: 1, max: 40 }),
  )
  .chain(([rows, columns, depth]) =>
    fc.record({
      depth: fc.constant(depth),
      rows: fc.int8Array({ minLength: rows * depth, maxLength: rows * depth }),
      columns: fc.int8Array({ minLength: columns * depth, maxLength: columns * depth }),
    }),
  )

describe('multiplyInt8', () => {
  it('equals the plain product for all shapes and entries', () => {
    fc.assert(
      fc.property(shapes, ({ depth, rows, columns }) => {
        const product = multiplyInt8(rows, packColumns(columns, depth))
        expect([...product]).toEqual(multiplyPlainly(rows, columns, depth))
      }),
    )
  })

  it.each([
    [-128, -128, 2_047 * 16_384],
    [-128, 127, -2_047 * 16_256],
    [127, -128, -2_047 * 16_256],
    [127, 127, 2_047 * 16_129],
  ])('is exact at the greatest depth for entries %i and %i', (left, right, wanted) => {
    const rows = new Int8Array(matrixDepthMax).fill(left)
    const columns = new Int8Array(2 * matrixDepthMax).fill(right)
    const product = multiplyInt8(rows, packColumns(columns, matrixDepthMax))
    expect([...product]).toEqual([wanted, wanted])
  })

  it('keeps two columns of opposite extremes apart at the greatest depth', () => {
    const rows = new Int8Array(matrixDepthMax).fill(-128)
    const columns = new Int8Array(2 * matrixDepthMax).fill(-128)
    columns.fill(127, matrixDepthMax)
    const product = multiplyInt8(rows, packColumns(columns, matrixDepthMax))
    expect([...product]).toEqual([2_047 * 16_384, -2_047 * 16_256])
  })

  it('refuses a depth past the bound of exactness', () => {
    const depth = matrixDepthMax + 1
    expect(() => packColumns(new Int8Array(depth), depth)).toThrow('bound of exactness')
  })
})
