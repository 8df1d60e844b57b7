// Shows that the sample follows from the chain alone, and what each kind of bad result is found
// to be. Rows here are invented; that the recomputed ones are right is the kernel's tests' matter.
import fc from 'fast-check'
import { concat, type Hex, keccak256, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { digitsResultRoot, encodeDigitsResult } from '../../../src/compute/digitsResult.ts'
import { drawSample, reviewSlot, sampleCountMax } from '../../../src/oracle/review.ts'

const blockHash: Hex = `0x${'0d'.repeat(32)}`
const slice = { from: 100, to: 200 }
const rows = Array.from({ length: 100 }, (_, i) => ({
  row: 100 + i,
  label: i % 10,
  productHash: keccak256(numberToHex(i, { size: 4 })),
}))
const honest = {
  slot: 1,
  slice,
  resultRoot: digitsResultRoot(rows),
  result: encodeDigitsResult(rows),
}
const sample = drawSample(blockHash, 5n, honest)
const recomputed = rows.filter(({ row }) => sample.includes(row))

const revealOf = (changed: typeof rows) => ({
  ...honest,
  resultRoot: digitsResultRoot(changed),
  result: encodeDigitsResult(changed),
})

describe('drawSample', () => {
  it('draws different rows of the slice, as many as wanted', () => {
    const size = fc.integer({ min: 0, max: 400 })
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 2n ** 64n }), size, (taskId, count) => {
        const range = { from: 7, to: 7 + count }
        const drawn = drawSample(blockHash, taskId, { slot: 0, slice: range })
        expect(drawn).toHaveLength(Math.min(count, sampleCountMax))
        expect(new Set(drawn).size).toBe(drawn.length)
        expect(drawn.every((row) => row >= range.from && row < range.to)).toBe(true)
      }),
    )
  })

  it('depends on block, task and slot', () => {
    const other: Hex = `0x${'0e'.repeat(32)}`
    expect(drawSample(blockHash, 5n, honest)).toEqual(sample)
    expect(drawSample(other, 5n, honest)).not.toEqual(sample)
    expect(drawSample(blockHash, 6n, honest)).not.toEqual(sample)
    expect(drawSample(blockHash, 5n, { ...honest, slot: 2 })).not.toEqual(sample)
  })

  it('is the one written down', () => {
    expect(sample.slice(0, 6)).toMatchInlineSnapshot(`
      [
        100,
        108,
        110,
        111,
        113,
        116,
      ]
    `)
  })
})

describe('reviewSlot', () => {
  it('finds an honest result right', () => {
    const evidence = recomputed.map(({ row, label, productHash }) => {
      const half = concat([numberToHex(label, { size: 1 }), productHash])
      return concat([numberToHex(row, { size: 4 }), half, half])
    })
    expect(reviewSlot(honest, recomputed)).toEqual({
      verdict: 1,
      finding: 'right',
      sampleCount: 32,
      evidenceRoot: keccak256(concat(['0x00', ...evidence])),
    })
  })

  it('finds any wrong row in the sample, and passes over one outside of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 100, max: 199 }), fc.boolean(), (place, isLabel) => {
        const changed = rows.map((one) => {
          if (one.row !== place) return one
          return isLabel
            ? { ...one, label: (one.label + 1) % 10 }
            : { ...one, productHash: blockHash }
        })
        const review = reviewSlot(revealOf(changed), recomputed)
        expect(review.finding).toBe(sample.includes(place) ? 'wrongRow' : 'right')
        expect(review.verdict).toBe(sample.includes(place) ? 2 : 1)
      }),
    )
  })

  it('finds a root that is not that of the rows', () => {
    const review = reviewSlot({ ...honest, resultRoot: blockHash }, recomputed)
    expect(review).toMatchObject({ verdict: 2, finding: 'wrongRoot', sampleCount: 0 })
    expect(review.evidenceRoot).toBe(keccak256('0x02'))
  })

  it('finds a label that is no digit', () => {
    const changed = rows.map((one) => (one.row === 150 ? { ...one, label: 10 } : one))
    const review = reviewSlot(revealOf(changed), recomputed)
    expect(review).toMatchObject({ verdict: 2, finding: 'labelRange' })
  })

  it('finds a result of another size', () => {
    const review = reviewSlot({ ...honest, result: '0x00' }, recomputed)
    expect(review).toMatchObject({ verdict: 2, finding: 'malformed' })
    expect(review.evidenceRoot).toBe(keccak256('0x01'))
  })
})
