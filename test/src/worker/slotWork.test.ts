// Shows when a worker may commit to its result: not before its proved power can have done so much,
// by the same rule as `WorkLimit.maxUnits`.
import { describe, expect, it } from 'vitest'
import { maxUnits } from '../../../src/worker/slotWork.ts'

const slot = { startedAt: 1_000, resumedUnits: 0, power: 50n }

describe('maxUnits', () => {
  it('is the power for each second that has passed, and a tenth more', () => {
    expect(maxUnits(slot, 1_010n)).toBe(550n)
    expect(maxUnits({ ...slot, power: 1n }, 1_009n)).toBe(9n)
  })

  it('counts the first second as a whole one', () => {
    expect(maxUnits(slot, 1_000n)).toBe(55n)
    expect(maxUnits(slot, 999n)).toBe(55n)
  })

  it('adds what workers before this one did', () => {
    expect(maxUnits({ ...slot, resumedUnits: 7 }, 1_001n)).toBe(62n)
  })
})
