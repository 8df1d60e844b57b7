import { createKeccak } from 'hash-wasm'
import { bytesToHex } from 'viem'
import type { Hash } from '../../chain/primitives/hex.ts'
import { type DigitImages, digitPixels, loadDigitsSplit } from './digitsData.ts'
import type { DigitsManifest } from './digitsManifest.ts'
import { ComputeError } from './errors.ts'
import { createFreivaldsTest } from './freivalds.ts'
import { multiplyInt8, packColumns } from './matrix.ts'

/** What the work on one test row yields. */
export type DigitsRow = {
  /** Index among the test rows. */
  readonly row: number
  readonly label: number
  /** keccak256 of the row's products with all train rows, int32 big endian. */
  readonly productHash: Hash
}

/** Test rows that are multiplied at once. */
export const digitsBlockRows = 16

/** Does the work of one manifest. */
export type DigitsEngine = {
  readonly rowCount: number
  /** True labels of the test rows, to measure accuracy. */
  readonly testLabels: Uint8Array
  /** Works on the given test rows, at most `digitsBlockRows` of them. */
  compute(rows: readonly number[]): readonly DigitsRow[]
}

/**
 * Prepares the work of a manifest: exact k-nearest-neighbours over int8 pixels.
 *
 * The squared distance of test row a and train row b is ||a||² + ||b||² - 2ab. Nearest are those
 * with the smaller distance, then the smaller train index. The label is the one most of the k
 * nearest carry; of labels with equally many, the one whose nearest carrier is nearest. Everything
 * is exact integers, so every machine finds the same.
 *
 * Each block of products passes Freivalds' test before it is used.
 */
export async function createDigitsEngine(manifest: DigitsManifest): Promise<DigitsEngine> {
  const { train, test } = await loadDigitsSplit(manifest)
  const matrix = packColumns(train.pixels, digitPixels)
  const isProduct = createFreivaldsTest(train.pixels, digitPixels)
  const trainNorms = squaredNorms(train)
  const hasher = await createKeccak(256)
  const rowCount = test.labels.length

  return {
    rowCount,
    testLabels: test.labels,
    compute(rows) {
      const left = gatherRows(test, rows)
      const product = multiplyInt8(left, matrix)
      if (!isProduct(left, product)) throw kernelFault(rows[0] ?? 0)
      return rows.map((row, i) => {
        const products = product.subarray(i * matrix.columns, (i + 1) * matrix.columns)
        const bytes = bigEndianBytes(products)
        return {
          row,
          label: classify(products, { trainNorms, trainLabels: train.labels, k: manifest.k }),
          productHash: bytesToHex(hasher.init().update(bytes).digest('binary')),
        }
      })
    },
  }
}

/** The label of one test row, from its products with all train rows. */
export function classify(
  products: Int32Array,
  facts: {
    /** ||b||² of each train row. */
    readonly trainNorms: Int32Array
    readonly trainLabels: Uint8Array
    readonly k: number
  },
): number {
  // ||a||² is the same for all train rows, so it changes no order.
  const nearest: { distance: number; label: number }[] = []
  for (let index = 0; index < products.length; index++) {
    const distance = (facts.trainNorms[index] ?? 0) - 2 * (products[index] ?? 0)
    const farthest = nearest[facts.k - 1]
    if (farthest && distance >= farthest.distance) continue
    let place = nearest.length
    while (place > 0 && (nearest[place - 1]?.distance ?? 0) > distance) place--
    nearest.splice(place, 0, { distance, label: facts.trainLabels[index] ?? 0 })
    if (nearest.length > facts.k) nearest.pop()
  }
  const votes = new Array<number>(256).fill(0)
  for (const { label } of nearest) votes[label] = (votes[label] ?? 0) + 1
  const most = Math.max(...votes)
  return nearest.find(({ label }) => votes[label] === most)?.label ?? 0
}

function squaredNorms(images: DigitImages): Int32Array {
  return Int32Array.from(images.labels, (_, row) => {
    const pixels = images.pixels.subarray(row * digitPixels, (row + 1) * digitPixels)
    return pixels.reduce((sum, pixel) => sum + pixel * pixel, 0)
  })
}

function gatherRows(images: DigitImages, rows: readonly number[]): Int8Array {
  const count = images.labels.length
  const data = new Int8Array(rows.length * digitPixels)
  rows.forEach((row, i) => {
    if (!(row >= 0 && row < count)) {
      throw new ComputeError(
        { code: 'COMPUTE_ROW_UNKNOWN', row, count },
        `The task has ${count} rows; there is no row ${row}.`,
      )
    }
    data.set(images.pixels.subarray(row * digitPixels, (row + 1) * digitPixels), i * digitPixels)
  })
  return data
}

function bigEndianBytes(values: Int32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  values.forEach((value, i) => {
    view.setInt32(i * 4, value)
  })
  return new Uint8Array(view.buffer)
}

function kernelFault(row: number): ComputeError {
  return new ComputeError(
    { code: 'COMPUTE_KERNEL_FAULT', row },
    `This machine multiplied wrongly at row ${row}; its memory or processor is faulty.`,
  )
}
