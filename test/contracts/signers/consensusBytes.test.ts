// Shows that the court hashes messages as the shared vectors and the TypeScript twin do.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { describe, it } from 'node:test'
import hre from 'hardhat'
import type { Hex } from 'viem'

type Case = {
  readonly kind: 'prevote' | 'precommit' | 'proposal'
  readonly height: string
  readonly round: number
  readonly validRound: number
  readonly value: Hex
  readonly digest: Hex
}

const path = new URL('../../vectors/consensusBytes.json', import.meta.url)
// The file is ours; a wrong field fails a comparison below.
const vectors = JSON.parse(readFileSync(path, 'utf8')) as { readonly cases: readonly Case[] }
/** The order of `ConsensusBytes.Kind`. */
const kinds = ['prevote', 'precommit', 'proposal']
const zero: Hex = `0x${'00'.repeat(32)}`

describe('SlashCourt.digestOf', async () => {
  const { viem } = await hre.network.create('pocaSim')
  const court = await viem.deployContract('SlashCourt')

  for (const one of vectors.cases) {
    it(`gives the shared digest of a ${one.kind} in round ${one.round}`, async () => {
      const { height, round, validRound, value } = one
      const kind = kinds.indexOf(one.kind)
      const signature = { r: zero, s: zero, yParity: 0 }
      const message = { kind, height: BigInt(height), round, validRound, value, ...signature }
      assert.equal(await court.read.digestOf([message]), one.digest)
    })
  }
})
