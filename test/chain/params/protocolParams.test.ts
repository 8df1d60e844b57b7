// Shows that the table of parameters and its Solidity twin name the same things, and that every
// chain starts with values that a vote could have set.
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { paramsOf, protocolParams } from '../../../chain/params/protocolParams.ts'
import { dev } from '../../../chain/params/specs.ts'

const twin = readFileSync('contracts/libraries/ParamKeys.sol', 'utf8')

describe('protocolParams', () => {
  it('has the constants and keys of ParamKeys.sol in the same order', () => {
    const constants = [...twin.matchAll(/bytes32 internal constant (\w+) = "([^"]+)";/g)]
    expect(constants.length).toBeGreaterThan(10)
    expect(protocolParams.map(({ constant, key }) => [constant, key])).toEqual(
      constants.map(([, constant, key]) => [constant, key]),
    )
  })

  it('keeps each value within its bounds, and bounds within 128 bits', () => {
    for (const { key, value, min, max } of protocolParams) {
      expect(min <= value && value <= max, key).toBe(true)
      expect(max < 2n ** 128n, key).toBe(true)
      expect(key.length).toBeLessThanOrEqual(32)
    }
  })

  it('never lets the platform take 5 % of a reward', () => {
    const fee = protocolParams.find(({ key }) => key === 'task.feeBps')
    expect(fee?.max).toBe(499n)
  })

  it('never shares out more than the fee, whatever is voted', () => {
    const parts = protocolParams.filter(({ key }) => /^task\.fee(Oracle|Burn)Bps$/.test(key))
    expect(parts.map(({ max }) => max)).toEqual([6_000n, 4_000n])
  })

  it('lets a collateral always cover the largest bonus and comment', () => {
    const range = protocolParams.find(({ key }) => key === 'task.costRangeBps')
    expect(range?.min).toBe((12_000n * 11_000n) / 10_000n)
  })
})

describe('paramsOf', () => {
  it('puts a chain’s own values in place of the table’s', () => {
    const values = Object.fromEntries(paramsOf(dev).map(({ key, value }) => [key, value]))
    expect(values['task.challengeWindow']).toBe(60n)
    expect(values['task.revealWindow']).toBe(120n)
    expect(paramsOf(dev)).toHaveLength(protocolParams.length)
  })

  it('knows every parameter that a chain sets', () => {
    const keys = protocolParams.map(({ key }) => key)
    expect(keys).toEqual(expect.arrayContaining(Object.keys(dev.params)))
  })
})
