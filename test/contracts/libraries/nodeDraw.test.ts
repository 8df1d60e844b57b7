// Shows that the contract draws the shared vectors' places, so that anyone recomputes a draw off
// chain, and that it agrees with the twin on random weights.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import { keccak256, toHex } from 'viem'
import { drawNodes } from '../../../chain/system/nodeDraw.ts'

type Case = {
  readonly note: string
  readonly seed: `0x${string}`
  readonly weights: readonly string[]
  readonly count: number
  readonly excluded: readonly number[]
  readonly expected: readonly number[]
}

const vectorsPath = new URL('../../vectors/nodeDraw.json', import.meta.url)
// The file is ours; a wrong shape fails the calls below.
const vectors = JSON.parse(readFileSync(vectorsPath, 'utf8')) as { readonly draw: readonly Case[] }

describe('SumTree', async () => {
  const { viem } = await hre.network.create('pocaSim')

  for (const { note, seed, weights, count, excluded, expected } of vectors.draw) {
    it(`draws the shared places: ${note}`, async () => {
      const board = await viem.deployContract('SumTreeBoard')
      await board.write.pushAll([weights.map(BigInt)])
      const places = await board.read.drawPlaces([seed, BigInt(count), excluded.map(BigInt)])
      assert.deepEqual(places.map(Number), expected)
    })
  }

  it('agrees with the twin while weights change', async () => {
    const board = await viem.deployContract('SumTreeBoard')
    const weights = Array.from({ length: 70 }, (_, i) => BigInt((i * 104_729) % 5_003))
    await board.write.pushAll([weights])
    for (let round = 0; round < 20; round += 1) {
      const seed = keccak256(toHex(round, { size: 32 }))
      const place = Number(BigInt(seed) % 70n)
      const weight = BigInt(seed) % 100_000n
      weights[place] = weight
      await board.write.set([BigInt(place), weight])
      const excluded = [(place + 1) % 70, (place + 2) % 70]
      const places = await board.read.drawPlaces([seed, 12n, excluded.map(BigInt)])
      const expected = drawNodes({ seed, count: 12, weights, excluded, triesMax: 12 })
      assert.deepEqual(places.map(Number), expected)
    }
  })
})
