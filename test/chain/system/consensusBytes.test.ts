// Shows that signed messages have the bytes of the shared vectors, and that what a certificate's
// seat signs is a precommit.
import { readFileSync } from 'node:fs'
import { bytesToHex } from '@ethereumjs/util'
import { keccak256 } from 'viem'
import { describe, expect, test } from 'vitest'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { commitDigest } from '../../../chain/producer/certificate.ts'
import { type ConsensusMessage, consensusDigest } from '../../../chain/system/consensusBytes.ts'

type Case = {
  readonly kind: ConsensusMessage['kind']
  readonly height: string
  readonly round: number
  readonly validRound: number
  readonly value: Hash
  readonly bytes: Hex
  readonly digest: Hash
}

// The file is ours; a wrong field fails a comparison below.
const vectors = JSON.parse(readFileSync('test/vectors/consensusBytes.json', 'utf8')) as {
  readonly chainId: string
  readonly cases: readonly Case[]
}

describe('consensusDigest', () => {
  test.each(vectors.cases)('$kind of height $height, round $round', (one) => {
    const message = { ...one, height: BigInt(one.height) }
    expect(consensusDigest(message, BigInt(vectors.chainId))).toBe(one.digest)
    expect(keccak256(one.bytes)).toBe(one.digest)
  })

  test('a precommit is what a certificate holds', () => {
    const value: Hash = `0x${'ab'.repeat(32)}`
    const signed = commitDigest({ height: 258n, round: 3, blockHash: value }, 18_512n)
    const message = { kind: 'precommit', height: 258n, round: 3, value } as const
    expect(consensusDigest(message, 18_512n)).toBe(bytesToHex(signed))
  })
})
