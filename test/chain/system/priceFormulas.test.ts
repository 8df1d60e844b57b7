// Shows that the formulas of prices and leases give the shared vectors' results, and what they
// promise for any input.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leaseCost, nextFactor, quoteAt } from '../../../chain/system/formulas.ts'

type Case = Readonly<Record<string, string>>
type Vectors = Readonly<Record<'quoteAt' | 'nextFactor' | 'leaseCost', readonly Case[]>>

const vectorsPath = new URL('../../vectors/priceBook.json', import.meta.url)
// The file is ours; a missing key fails the case that needs it.
const vectors = JSON.parse(readFileSync(vectorsPath, 'utf8')) as Vectors

function value(vector: Case, name: string): bigint {
  const text = vector[name]
  if (text === undefined) throw new Error(`the vector has no ${name}`)
  return BigInt(text)
}

const uint32 = fc.bigInt({ min: 1n, max: 2n ** 32n - 1n })
const picoUsd = fc.bigInt({ min: 1n, max: 10n ** 9n })
const coinPrice = fc.bigInt({ min: 1_000n, max: 10n ** 18n })
const work = fc.record({
  seconds: uint32,
  computeUnits: uint32,
  storageGiB: uint32,
  pricePerUnit: picoUsd,
  pricePerGiB: picoUsd,
  pricePerCoin: coinPrice,
})
const bps = fc.bigInt({ min: 0n, max: 10_000n })
const factor = fc.bigInt({ min: 104_857n, max: 10_485_760n })
const bounds = { floorBps: 1_000n, ceilingBps: 100_000n }

describe('quoteAt', () => {
  it.each(vectors.quoteAt)('gives the shared result: $note', (v) => {
    const price = quoteAt({
      seconds: value(v, 'seconds_'),
      computeUnits: value(v, 'computeUnits'),
      storageGiB: value(v, 'storageGiB'),
      pricePerUnit: value(v, 'pricePerUnit'),
      pricePerGiB: value(v, 'pricePerGiB'),
      pricePerCoin: value(v, 'pricePerCoin'),
    })
    expect(price).toBe(value(v, 'expected'))
  })

  it('is worth the same in dollars whatever the coin costs, within one wei', () => {
    fc.assert(
      fc.property(work, (input) => {
        const { seconds, computeUnits, storageGiB, pricePerUnit, pricePerGiB } = input
        const cost = seconds * (computeUnits * pricePerUnit + storageGiB * pricePerGiB)
        const worth = quoteAt(input) * input.pricePerCoin
        expect(worth >= cost * 10n ** 18n).toBe(true)
        expect(worth < cost * 10n ** 18n + input.pricePerCoin).toBe(true)
      }),
    )
  })

  it('rises with every argument but the price of the coin', () => {
    const names = ['seconds', 'computeUnits', 'storageGiB', 'pricePerUnit', 'pricePerGiB'] as const
    fc.assert(
      fc.property(work, fc.constantFrom(...names), uint32, (input, name, more) => {
        expect(quoteAt({ ...input, [name]: input[name] + more }) >= quoteAt(input)).toBe(true)
      }),
    )
    fc.assert(
      fc.property(work, uint32, (input, more) => {
        const dearer = { ...input, pricePerCoin: input.pricePerCoin + more }
        expect(quoteAt(dearer) <= quoteAt(input)).toBe(true)
      }),
    )
  })
})

describe('nextFactor', () => {
  it.each(vectors.nextFactor)('gives the shared result: $note', (v) => {
    const next = nextFactor({
      factor: value(v, 'factor'),
      utilisationBps: value(v, 'utilisationBps'),
      floorBps: value(v, 'floorBps'),
      ceilingBps: value(v, 'ceilingBps'),
    })
    expect(next).toBe(value(v, 'expected'))
  })

  it('moves by 4 % at most, and never down when use goes up', () => {
    fc.assert(
      fc.property(factor, bps, bps, (factor, a, b) => {
        const [low, high] = a < b ? [a, b] : [b, a]
        const next = nextFactor({ factor, utilisationBps: high, ...bounds })
        expect(next >= nextFactor({ factor, utilisationBps: low, ...bounds })).toBe(true)
        const change = next > factor ? next - factor : factor - next
        // Floored, by less than one part.
        expect((change - 1n) * 1_000n <= factor * 41n).toBe(true)
      }),
    )
  })
})

describe('leaseCost', () => {
  it.each(vectors.leaseCost)('gives the shared result: $note', (v) => {
    const cost = leaseCost({
      rate: value(v, 'rate'),
      seconds: value(v, 'seconds_'),
      feeBps: value(v, 'feeBps'),
      feeBurnBps: value(v, 'feeBurnBps'),
    })
    expect(cost).toEqual({
      gross: value(v, 'gross'),
      fee: value(v, 'fee'),
      burned: value(v, 'burned'),
    })
  })

  it('takes a fee under 5 % and burns no more than that', () => {
    fc.assert(
      fc.property(uint32, uint32, bps, bps, (rate, seconds, feeBps, feeBurnBps) => {
        const cost = leaseCost({ rate, seconds, feeBps, feeBurnBps })
        expect(cost.fee * 100n < cost.gross * 5n).toBe(true)
        expect(cost.burned <= cost.fee).toBe(true)
      }),
    )
  })
})
