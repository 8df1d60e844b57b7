// Shows that the twin of the contract's draw gives the shared vectors' places, and what it does
// with holders that may not work.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { drawNodes, drawTries } from '../../../chain/system/nodeDraw.ts'

type Case = {
  readonly note: string
  readonly seed: `0x${string}`
  readonly weights: readonly string[]
  readonly count: number
  readonly excluded: readonly number[]
  readonly expected: readonly number[]
}

const vectorsPath = new URL('../../vectors/nodeDraw.json', import.meta.url)
// The file is ours; a wrong shape fails the cases below.
const vectors = JSON.parse(readFileSync(vectorsPath, 'utf8')) as { readonly draw: readonly Case[] }
const seed = `0x${'5e'.repeat(32)}` as const

describe('drawNodes', () => {
  for (const { note, weights, expected, ...rest } of vectors.draw) {
    it(`draws the shared places: ${note}`, () => {
      const input = { ...rest, weights: weights.map(BigInt), triesMax: rest.count }
      expect(drawNodes(input)).toEqual(expected)
    })
  }

  it('passes over holders that may not work', () => {
    const weights = Array.from({ length: 12 }, () => 1n)
    const places = drawNodes({ seed, count: 12, weights, isEligible: (place) => place % 2 === 0 })
    expect([...places].sort((a, b) => a - b)).toEqual([0, 2, 4, 6, 8, 10])
  })

  it('looks at a bounded number of places', () => {
    const weights = Array.from({ length: 100 }, () => 1n)
    let looks = 0
    const isEligible = () => {
      looks += 1
      return false
    }
    expect(drawNodes({ seed, count: 3, weights, isEligible })).toEqual([])
    expect(looks).toBe(drawTries(3))
    expect(looks).toBe(22)
  })
})
