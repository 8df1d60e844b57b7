// Shows that products, tree and openings are those that the contracts specify: the shared vector,
// entries recomputed one by one from the specification alone, and paths that lead to the root.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { concat, encodeAbiParameters, type Hex, keccak256, numberToHex, size, slice } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  computeProducts,
  leafEntries,
  planWorkload,
  seedOfProduct,
} from '../../../src/compute/kernelChallenge.ts'
import { hashLeaf, verifyMerkleProof } from '../../../src/compute/merkle.ts'

// The shape is that which this file and the Solidity test write down.
const vector = JSON.parse(
  readFileSync(new URL('../../vectors/matmulProof.json', import.meta.url), 'utf8'),
) as {
  readonly seed: Hex
  readonly size: number
  readonly products: number
  readonly root: Hex
  readonly openings: readonly { place: string; entry: number; entries: Hex; path: Hex[] }[]
}

const challenge = { seed: vector.seed, size: vector.size, products: vector.products }
const computed = await computeProducts(challenge)

/** Entry `index` of matrix A (0) or B (1) of a product, from the specification alone. */
function entryOf(product: number, matrix: number, index: number): number {
  const types = [{ type: 'bytes32' }, { type: 'uint256' }] as const
  const own = keccak256(encodeAbiParameters(types, [vector.seed, BigInt(product)]))
  const block = numberToHex(Math.floor(index / 32), { size: 4 })
  const hash = keccak256(concat([own, numberToHex(matrix, { size: 1 }), block]), 'bytes')
  const byte = hash[index % 32] ?? 0
  return byte < 128 ? byte : byte - 256
}

function productAt(place: number): number {
  const { size: n } = vector
  const product = Math.floor(place / (n * n))
  const row = Math.floor(place / n) % n
  let sum = 0
  for (let k = 0; k < n; k++) {
    sum += entryOf(product, 0, row * n + k) * entryOf(product, 1, (place % n) * n + k)
  }
  return sum
}

const entryIn = (entries: Hex, i: number) =>
  Number.parseInt(slice(entries, i * 4, i * 4 + 4), 16) | 0

describe('computeProducts', () => {
  it('gives the root and the openings of the shared vector', () => {
    expect(computed.root).toBe(vector.root)
    for (const { place, entry, entries, path } of vector.openings) {
      expect(computed.open(BigInt(place))).toEqual({ entries, path })
      expect(entryIn(entries, Number(place) % leafEntries)).toBe(entry)
      expect(productAt(Number(place))).toBe(entry)
    }
  })

  it('opens any entry: it is right, and its leaf is in the tree', () => {
    const count = vector.size ** 2 * vector.products
    fc.assert(
      fc.property(fc.integer({ min: 0, max: count - 1 }), (place) => {
        const { entries, path } = computed.open(BigInt(place))
        const index = numberToHex(Math.floor(place / leafEntries), { size: 8 })
        const leaf = hashLeaf(concat([index, entries]))
        expect(size(entries)).toBe(256)
        expect(verifyMerkleProof(path, computed.root, leaf)).toBe(true)
        expect(entryIn(entries, place % leafEntries)).toBe(productAt(place))
      }),
      { numRuns: 30 },
    )
  })

  it('opens nothing else', () => {
    expect(() => computed.open(-1n)).toThrow('the entry is one of these')
    expect(() => computed.open(BigInt(vector.size ** 2 * vector.products))).toThrow()
  })

  it('has another root for another seed, product by product', async () => {
    const other = await computeProducts({ ...challenge, seed: seedOfProduct(vector.seed, 0) })
    expect(other.root).not.toBe(computed.root)
  })

  it('tells of each product and ends when it is told to', async () => {
    const done: number[] = []
    const controller = new AbortController()
    const work = computeProducts(
      { ...challenge, products: 100 },
      {
        signal: controller.signal,
        onProgress: (count, total) => {
          expect(total).toBe(100)
          done.push(count)
          if (count === 3) controller.abort()
        },
      },
    )
    await expect(work).rejects.toThrow()
    expect(done).toEqual([1, 2, 3])
  })
})

describe('planWorkload', () => {
  it('proves exactly the small powers that are asked for', () => {
    expect(planWorkload(1n, 20n)).toEqual({ size: 256, products: 2 })
    expect(planWorkload(30n, 20n)).toEqual({ size: 256, products: 36 })
  })

  it('takes large matrices for large powers', () => {
    expect(planWorkload(1_000n, 20n)).toEqual({ size: 512, products: 150 })
  })

  it('proves at least what is asked for and hardly more', () => {
    fc.assert(
      fc.property(fc.bigInt(1n, 1_000_000n), fc.bigInt(5n, 200n), (power, seconds) => {
        const { size: n, products } = planWorkload(power, seconds)
        const proved = (BigInt(n) ** 3n * BigInt(products)) / (seconds * 1_000_000n)
        expect(proved).toBeGreaterThanOrEqual(power)
        expect(proved).toBeLessThanOrEqual(power + power / 64n + 1n)
      }),
    )
  })
})
