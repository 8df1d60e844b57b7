// Shows that the formulas give the shared vectors' results and keep their promises for any input.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as formulas from '../../../chain/system/formulas.ts'

type Case = Readonly<Record<string, string>>
/** Those of prices have vectors of their own; see priceFormulas.test.ts. */
type Name = Exclude<keyof typeof formulas, 'quoteAt' | 'nextFactor' | 'leaseCost'>
type Vectors = Readonly<Record<Name, readonly Case[]>>

const vectorsPath = new URL('../../vectors/rewardFormula.json', import.meta.url)
// The file is ours; a missing key fails the case that needs it.
const vectors = JSON.parse(readFileSync(vectorsPath, 'utf8')) as Vectors

function value(vector: Case, name: string): bigint {
  const text = vector[name]
  if (text === undefined) throw new Error(`the vector has no ${name}`)
  return BigInt(text)
}

function pick<const K extends string>(vector: Case, names: readonly K[]): Record<K, bigint> {
  // Each of K is given a value.
  return Object.fromEntries(names.map((name) => [name, value(vector, name)])) as Record<K, bigint>
}

const compute: Record<Name, (vector: Case) => bigint> = {
  taskCollateral: (v) => formulas.taskCollateral(value(v, 'price'), value(v, 'costRangeBps')),
  minerCollateral: (v) =>
    formulas.minerCollateral(pick(v, ['price', 'power', 'powerSum', 'minerBps'])),
  grossReward: (v) =>
    formulas.grossReward(pick(v, ['price', 'power', 'powerSum', 'speedBps', 'commentBps'])),
  grossRewardOfPart: (v) =>
    formulas.grossRewardOfPart(
      pick(v, ['price', 'power', 'powerSum', 'speedBps', 'commentBps', 'units', 'slice']),
    ),
  scaledSeconds: (v) =>
    formulas.scaledSeconds(value(v, 'expectedSeconds'), value(v, 'units'), value(v, 'slice')),
  topUp: (v) => formulas.topUp(pick(v, ['burned', 'reserve', 'shortfall', 'shortfallSum'])),
  fee: (v) => formulas.fee(value(v, 'gross'), value(v, 'feeBps')),
  speedBonus: (v) => formulas.speedBonus(value(v, 'expectedSeconds'), value(v, 'actualSeconds')),
  compensation: (v) =>
    formulas.compensation(
      pick(v, [
        'pool',
        'price',
        'power',
        'powerSum',
        'elapsedSeconds',
        'expectedSeconds',
        'weightSum',
      ]),
    ),
}

describe.each(Object.entries(vectors))('%s', (name, cases) => {
  it.each(cases.map((vector, index) => [vector.note ?? `case ${index}`, vector] as const))(
    'gives the shared result: %s',
    (_note, vector) => {
      // The file's keys are the functions' names; an unknown one throws here.
      expect(compute[name as Name](vector)).toBe(value(vector, 'expected'))
    },
  )
})

const price = fc.bigInt({ min: 1n, max: 2n ** 95n })
const powers = fc.array(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), {
  minLength: 1,
  maxLength: 16,
})
const speedBps = fc.bigInt({ min: 5_000n, max: 12_000n })
const commentBps = fc.bigInt({ min: 5_000n, max: 11_000n })
const seconds = fc.bigInt({ min: 1n, max: 31_536_000n })

describe('promises', () => {
  it('pays no more than the smallest collateral, whatever the slots do', () => {
    fc.assert(
      fc.property(price, powers, speedBps, commentBps, (price, powers, speedBps, commentBps) => {
        const powerSum = powers.reduce((sum, power) => sum + power, 0n)
        const paid = powers
          .map((power) => formulas.grossReward({ price, power, powerSum, speedBps, commentBps }))
          .reduce((sum, gross) => sum + gross, 0n)
        expect(paid <= formulas.taskCollateral(price, 13_200n)).toBe(true)
      }),
    )
  })

  it('takes a fee under 5 % of any reward, at any rate', () => {
    const rate = fc.bigInt({ min: 0n, max: 65_535n })
    fc.assert(
      fc.property(price, rate, (gross, feeBps) => {
        expect(formulas.fee(gross, feeBps) * 100n < gross * 5n).toBe(true)
      }),
    )
  })

  it('never pays less for an earlier result', () => {
    fc.assert(
      fc.property(seconds, seconds, seconds, (expected, actual, later) => {
        expect(
          formulas.speedBonus(expected, actual) >= formulas.speedBonus(expected, actual + later),
        ).toBe(true)
      }),
    )
  })

  it('compensates with no more than the pool, and nobody above its foregone pay', () => {
    fc.assert(
      fc.property(
        price,
        price,
        powers,
        seconds,
        seconds,
        (pool, price, powers, elapsed, expected) => {
          const worked = elapsed < expected ? elapsed : expected
          const powerSum = powers.reduce((sum, power) => sum + power, 0n)
          const shares = powers.map((power) =>
            formulas.compensation({
              pool,
              price,
              power,
              powerSum,
              elapsedSeconds: elapsed,
              expectedSeconds: expected,
              weightSum: powerSum * worked,
            }),
          )
          expect(shares.reduce((sum, share) => sum + share, 0n) <= pool).toBe(true)
          for (const [index, share] of shares.entries()) {
            const power = powers[index] ?? 0n
            expect(share <= (price * power) / powerSum).toBe(true)
          }
        },
      ),
    )
  })
})
