// Shows that the contract computes the entries that workers answer a challenge with, so that no
// honest answer can be disproved.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import { keccak256, toHex } from 'viem'
import { answerChallenge, challengeSize } from '../../../src/compute/kernelChallenge.ts'

const size = BigInt(challengeSize)

describe('MatmulProof', async () => {
  const { viem } = await hre.network.create('pocaSim')
  const judge = await viem.deployContract('MatmulJudge')

  it('finds every entry of a row and a column that the worker computed', async () => {
    const seed = keccak256(toHex('a challenge'))
    const product = answerChallenge(seed)
    for (let i = 0n; i < size; i += 1n) {
      for (const [row, column] of [
        [7n, i],
        [i, 63n - i],
      ] as const) {
        const given = await judge.read.readEntry([product, size, row, column])
        assert.equal(await judge.read.entryAt([seed, size, row, column]), given)
      }
    }
  })
})
