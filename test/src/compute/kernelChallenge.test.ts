// Shows that the challenge's expansion and answer are those that were specified: a golden vector,
// entries recomputed one by one, and the check of right and wrong answers.
import fc from 'fast-check'
import { concat, type Hex, keccak256, numberToHex, size, slice } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  answerChallenge,
  challengeAnswerSizeBytes,
  isChallengeAnswer,
} from '../../../src/compute/kernelChallenge.ts'

const seed: Hex = `0x${'05'.repeat(32)}`

/** Entry `index` of matrix A (0) or B (1), from the specification alone. */
function entryOf(matrix: number, index: number): number {
  const block = numberToHex(Math.floor(index / 32), { size: 4 })
  const hash = keccak256(concat([seed, numberToHex(matrix, { size: 1 }), block]), 'bytes')
  const byte = hash[index % 32] ?? 0
  return byte < 128 ? byte : byte - 256
}

describe('answerChallenge', () => {
  it('gives the golden answer', () => {
    const answer = answerChallenge(seed)
    expect(size(answer)).toBe(challengeAnswerSizeBytes)
    expect(slice(answer, 0, 16)).toBe('0xffffb3e400014fe40000b896ffffe988')
    expect(keccak256(answer)).toBe(
      '0x33d3bf8856b970416edee29a72e6efa3706c1f18141d1c59462a4a01b58718fc',
    )
  })

  it.each([
    [0, 0],
    [0, 63],
    [17, 42],
    [63, 63],
  ])('has the dot product of row %i and column %i at its place', (row, column) => {
    let sum = 0
    for (let k = 0; k < 64; k++) sum += entryOf(0, row * 64 + k) * entryOf(1, column * 64 + k)
    const bytes = slice(answerChallenge(seed), (row * 64 + column) * 4, (row * 64 + column + 1) * 4)
    expect(Number.parseInt(bytes, 16) | 0).toBe(sum)
  })
})

describe('isChallengeAnswer', () => {
  const answer = answerChallenge(seed)

  it('accepts the answer of any seed, and of no other', () => {
    const seeds = fc.uint8Array({ minLength: 32, maxLength: 32 })
    fc.assert(
      fc.property(seeds, (bytes) => {
        const other: Hex = `0x${Buffer.from(bytes).toString('hex')}`
        expect(isChallengeAnswer(other, answerChallenge(other))).toBe(true)
        expect(isChallengeAnswer(other, answer)).toBe(other === seed)
      }),
      { numRuns: 20 },
    )
  })

  it('refuses any changed byte', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: challengeAnswerSizeBytes - 1 }),
        fc.integer({ min: 1, max: 255 }),
        (place, change) => {
          const bytes = Buffer.from(answer.slice(2), 'hex')
          bytes[place] = (bytes[place] ?? 0) ^ change
          expect(isChallengeAnswer(seed, `0x${bytes.toString('hex')}`)).toBe(false)
        },
      ),
      { numRuns: 50 },
    )
  })

  it('refuses an answer of another size', () => {
    expect(isChallengeAnswer(seed, slice(answer, 4))).toBe(false)
    expect(isChallengeAnswer(seed, '0x')).toBe(false)
  })
})
