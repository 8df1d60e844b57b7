// Shows that a worker which is not told a power proves one that leaves it time for its work.
import { describe, expect, it } from 'vitest'
import { easyPower, measureSpeed } from '../../../src/compute/measurePower.ts'

describe('easyPower', () => {
  it('is what a second of work proves over a long window', () => {
    expect(easyPower(2_000n, 20n)).toBe(100n)
  })

  it('is what a quarter of a short window proves', () => {
    expect(easyPower(2_000n, 2n)).toBe(500n)
  })

  it('is never nothing', () => {
    expect(easyPower(1n, 200n)).toBe(1n)
  })
})

describe('measureSpeed', () => {
  it('is positive', async () => {
    expect(await measureSpeed()).toBeGreaterThan(0n)
  })
})
