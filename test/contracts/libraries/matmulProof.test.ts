// Shows that the contract finds in the worker's tree what the worker put there, and that it
// computes the entries that the worker computed, so that no honest worker is refused or disproved.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import type { Hex } from 'viem'
import { computeProducts } from '../../../src/compute/kernelChallenge.ts'

// The shape is that of the file, which the worker's test reads as well.
const vector = JSON.parse(
  readFileSync(new URL('../../vectors/matmulProof.json', import.meta.url), 'utf8'),
) as {
  readonly seed: Hex
  readonly size: number
  readonly root: Hex
  readonly openings: readonly { place: string; entry: number; entries: Hex; path: Hex[] }[]
}

describe('MatmulProof', async () => {
  const { viem } = await hre.network.create('pocaSim')
  const judge = await viem.deployContract('MatmulJudge')

  it('reads and computes the entries of the shared vector', async () => {
    const { seed, size, root, openings } = vector
    for (const { place, entry, entries, path } of openings) {
      const at = BigInt(place)
      assert.equal(await judge.read.committedEntry([root, at, entries, path]), BigInt(entry))
      assert.equal(await judge.read.entryOf([seed, BigInt(size), at]), BigInt(entry))
    }
  })

  it('finds every entry of a row and a column that the worker computed', async () => {
    const { seed } = vector
    const { root, open } = await computeProducts({ seed, size: 64, products: 2 })
    for (let i = 0n; i < 64n; i += 1n) {
      for (const place of [7n * 64n + i, (64n + i) * 64n + 63n - i]) {
        const { entries, path } = open(place)
        const given = await judge.read.committedEntry([root, place, entries, path])
        assert.equal(await judge.read.entryOf([seed, 64n, place]), given)
      }
    }
  })
})
