// Shows by how much a price has to move before it is posted at once.
import { expect, it } from 'vitest'
import { deviates } from '../../../src/oracle/priceDuty.ts'

it('posts at once when the price moved by more than the bound, up or down', () => {
  expect(deviates(10_100n, 10_000n, 100n)).toBe(false)
  expect(deviates(10_101n, 10_000n, 100n)).toBe(true)
  expect(deviates(9_900n, 10_000n, 100n)).toBe(false)
  expect(deviates(9_899n, 10_000n, 100n)).toBe(true)
  expect(deviates(1n, 0n, 100n)).toBe(true)
})
