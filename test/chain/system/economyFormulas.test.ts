// Shows that the formulas of supply, rewards and comments give the shared vectors' results, and
// what they promise for any input.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type CommentEvent,
  commentAt,
  halvingEmitted,
  linearEmitted,
  newComment,
  noteComment,
  onlineRate,
  vestedAmount,
} from '../../../chain/system/economyFormulas.ts'

type Case = Readonly<Record<string, string>>
type CommentCase = {
  readonly note: string
  readonly events: readonly { readonly kind: CommentEvent; readonly at: string }[]
  readonly after: string
  readonly expected: string
}

const path = new URL('../../vectors/economy.json', import.meta.url)
// The file is ours; a missing key fails the case that needs it.
const vectors = JSON.parse(readFileSync(path, 'utf8')) as Readonly<
  Record<'halving' | 'linear' | 'onlineRate' | 'vested', readonly Case[]>
> & { readonly comment: readonly CommentCase[] }

/** The numbers of a vector, by name. */
function numbersOf<name extends string>({ note: _, ...rest }: Case) {
  const entries = Object.entries(rest).map(([key, text]) => [key, BigInt(text)])
  // The keys are the vector's.
  return Object.fromEntries(entries) as Record<name | 'expected', bigint>
}

const seconds = fc.bigInt({ min: 0n, max: 2n ** 40n })
const wei = fc.bigInt({ min: 1n, max: 2n ** 94n })

describe('halvingEmitted', () => {
  it.each(vectors.halving)('gives the shared result: $note', (vector) => {
    const input = numbersOf<'cap' | 'minedCap' | 'eraSeconds' | 'elapsed'>(vector)
    expect(halvingEmitted(input)).toBe(input.expected)
  })

  it('never falls and never passes the cap', () => {
    const schedule = { eraSeconds: 126_230_400n }
    fc.assert(
      fc.property(wei, seconds, seconds, (cap, a, b) => {
        const [early, late] = a < b ? [a, b] : [b, a]
        const before = halvingEmitted({ ...schedule, cap, minedCap: cap, elapsed: early })
        const after = halvingEmitted({ ...schedule, cap, minedCap: cap, elapsed: late })
        expect(before <= after && after <= cap).toBe(true)
      }),
    )
  })
})

describe('linearEmitted', () => {
  it.each(vectors.linear)('gives the shared result: $note', (vector) => {
    const input = numbersOf<'minedCap' | 'scheduled' | 'duration' | 'elapsed'>(vector)
    expect(linearEmitted(input)).toBe(input.expected)
  })
})

describe('onlineRate', () => {
  it.each(vectors.onlineRate)('gives the shared result: $note', (vector) => {
    const input = numbersOf<'utilisationBps' | 'low' | 'middle' | 'full'>(vector)
    expect(onlineRate(input)).toBe(input.expected)
  })

  it('never rises with utilisation', () => {
    const curve = { low: 2n * 10n ** 17n, middle: 6n * 10n ** 16n, full: 3n * 10n ** 16n }
    let last = curve.low
    for (let utilisationBps = 0n; utilisationBps <= 10_000n; utilisationBps += 1n) {
      const rate = onlineRate({ ...curve, utilisationBps })
      expect(rate <= last).toBe(true)
      last = rate
    }
  })
})

describe('vestedAmount', () => {
  it.each(vectors.vested)('gives the shared result: $note', (vector) => {
    const input = numbersOf<'total' | 'start' | 'cliff' | 'end' | 't'>(vector)
    expect(vestedAmount(input)).toBe(input.expected)
  })
})

describe('commentAt', () => {
  it.each(vectors.comment)('gives the shared result: $note', ({ events, after, expected }) => {
    const record = events.reduce(
      (before, { kind, at }) => noteComment(before, kind, BigInt(at)),
      newComment,
    )
    expect(commentAt(record, BigInt(after))).toBe(BigInt(expected))
  })
})
