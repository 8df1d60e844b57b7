// Shows that the standard task classifies the real images as well as promised, that its rows are
// the same each time and right in every product, and how ties are broken.
import { createHash } from 'node:crypto'
import { concat, type Hex, keccak256, numberToHex } from 'viem'
import { beforeAll, describe, expect, it } from 'vitest'
import {
  classify,
  createDigitsEngine,
  type DigitsEngine,
  digitsBlockRows,
} from '../../../src/compute/digits.ts'
import {
  digitPixels,
  hashDigitImages,
  loadDigitImages,
  loadDigitsSplit,
} from '../../../src/compute/digitsData.ts'
import { digitsManifest } from '../../../src/compute/digitsManifest.ts'
import { ComputeError } from '../../../src/compute/errors.ts'

describe('the standard task', () => {
  let engine: DigitsEngine
  beforeAll(async () => {
    engine = await createDigitsEngine(digitsManifest)
  })

  it('labels 943 of 1,000 images rightly', () => {
    let right = 0
    for (let start = 0; start < engine.rowCount; start += digitsBlockRows) {
      const count = Math.min(digitsBlockRows, engine.rowCount - start)
      const rows = engine.compute(Array.from({ length: count }, (_, i) => start + i))
      right += rows.filter(({ row, label }) => engine.testLabels[row] === label).length
    }
    expect(engine.rowCount).toBe(1_000)
    expect(right).toBe(943)
  })

  it('hashes the products of a row as plain arithmetic does', async () => {
    const { train, test } = await loadDigitsSplit(digitsManifest)
    const row = 123
    const image = test.pixels.subarray(row * digitPixels, (row + 1) * digitPixels)
    const products: Hex[] = []
    for (let j = 0; j < train.labels.length; j++) {
      let sum = 0
      for (let k = 0; k < digitPixels; k++) {
        sum += (image[k] ?? 0) * (train.pixels[j * digitPixels + k] ?? 0)
      }
      products.push(numberToHex(sum, { size: 4 }))
    }
    expect(engine.compute([row])[0]?.productHash).toBe(keccak256(concat(products)))
  })

  it('yields the same rows in any grouping', () => {
    const [first, second] = engine.compute([7, 600])
    expect(engine.compute([600])).toEqual([second])
    expect(engine.compute([7])).toEqual([first])
  })

  it('refuses a row that is not there', () => {
    expect(() => engine.compute([1_000])).toThrow(
      expect.objectContaining({ facts: { code: 'COMPUTE_ROW_UNKNOWN', row: 1_000, count: 1_000 } }),
    )
  })
})

describe('loadDigitImages', () => {
  it('finds the 10,000 images the manifest names', async () => {
    const images = await loadDigitImages()
    expect(images.labels).toHaveLength(10_000)
    expect(images.pixels.every((pixel) => pixel >= 0)).toBe(true)
    const bytes = Buffer.concat([Buffer.from(images.pixels.buffer), images.labels])
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    expect(`0x${sha256}`).toBe(digitsManifest.dataset.sha256)
    expect(hashDigitImages(images)).toBe(digitsManifest.dataset.sha256)
  })
})

describe('loadDigitsSplit', () => {
  it('is moved by its seed alone', async () => {
    const one = await loadDigitsSplit(digitsManifest)
    const again = await loadDigitsSplit(digitsManifest)
    const other = await loadDigitsSplit({
      ...digitsManifest,
      split: { ...digitsManifest.split, seed: 'another seed' },
    })
    expect(again.test.labels).toEqual(one.test.labels)
    expect(other.test.labels).not.toEqual(one.test.labels)
    expect(one.train.labels).toHaveLength(9_000)
    expect(Buffer.from(one.test.labels.slice(0, 8)).toString('hex')).toMatchInlineSnapshot(
      `"0401030705080109"`,
    )
  })

  it('refuses to work on other data', async () => {
    const sha256 = `0x${'00'.repeat(32)}`
    const other = { ...digitsManifest, dataset: { ...digitsManifest.dataset, sha256 } }
    await expect(loadDigitsSplit(other)).rejects.toThrow(ComputeError)
    await expect(loadDigitsSplit(other)).rejects.toMatchObject({ code: 'COMPUTE_DATASET_MISMATCH' })
  })
})

describe('classify', () => {
  const label = (distances: readonly number[], labels: readonly number[], k: number) =>
    classify(new Int32Array(distances.length), {
      trainNorms: Int32Array.from(distances),
      trainLabels: Uint8Array.from(labels),
      k,
    })

  it('takes the label most of the nearest carry', () => {
    expect(label([1, 2, 3, 4], [5, 6, 6, 5], 3)).toBe(6)
  })

  it('takes the nearest label when votes are equal', () => {
    expect(label([3, 1, 2], [5, 6, 7], 3)).toBe(6)
    expect(label([4, 1, 2, 3], [6, 5, 6, 5], 4)).toBe(5)
  })

  it('takes the smaller train index at equal distance', () => {
    expect(label([2, 2, 2], [7, 8, 9], 1)).toBe(7)
    expect(label([2, 1, 2, 2], [7, 8, 9, 9], 3)).toBe(8)
  })

  it('counts a product twice against the norm', () => {
    const facts = { trainNorms: Int32Array.of(10, 11), trainLabels: Uint8Array.of(1, 2), k: 1 }
    expect(classify(Int32Array.of(0, 0), facts)).toBe(1)
    expect(classify(Int32Array.of(0, 1), facts)).toBe(2)
  })
})
