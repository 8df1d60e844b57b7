// Shows how a pay-out is said: the formula with its numbers, and nothing rounded away.
import { describe, expect, it } from 'vitest'
import { bpsOf, coinText, factorText, weiOf } from '../../../src/hardhat/amounts.ts'
import { grossOf, rewardText } from '../../../src/hardhat/explain.ts'

const facts = {
  price: 100n * 10n ** 18n,
  power: 3n,
  powerSum: 10n,
  speedBps: 12_000n,
  commentBps: 10_000n,
}

describe('rewardText', () => {
  it('says price, power, speed, comment and what they come to', () => {
    expect(rewardText(facts, 'HPC')).toBe(
      'price 100 HPC × power 3/10 × speed 1.2 × comment 1.0 = 36 HPC',
    )
  })

  it('says the part of a slot that two workers did', () => {
    const part = { units: 1n, of: 4n }
    expect(rewardText({ ...facts, part }, 'HPC')).toBe(
      'price 100 HPC × power 3/10 × speed 1.2 × comment 1.0 × units 1/4 = 9 HPC',
    )
  })

  it('shows the last wei', () => {
    expect(rewardText({ ...facts, price: 1n, speedBps: 50_000n }, 'HPC')).toMatch(
      /= 0.000000000000000001 HPC$/,
    )
  })
})

describe('grossOf', () => {
  it('rounds a part down once', () => {
    expect(grossOf({ ...facts, price: 7n, part: { units: 2n, of: 3n } })).toBe(1n)
  })
})

describe('amounts', () => {
  it('are read as wei or as coin', () => {
    expect(weiOf(5n)).toBe(5n)
    expect(weiOf('1.5 HPC')).toBe(15n * 10n ** 17n)
    expect(weiOf('2')).toBe(2n * 10n ** 18n)
  })

  it('are said whole', () => {
    expect(coinText(15n * 10n ** 17n, 'TSR')).toBe('1.5 TSR')
    expect(factorText(12_000n)).toBe('1.2')
    expect(factorText(10_025n)).toBe('1.0025')
    expect(factorText(5_000n)).toBe('0.5')
    expect(bpsOf('1.2')).toBe(12_000n)
    expect(bpsOf(0.95)).toBe(9_500n)
  })
})
