// Shows what an order becomes for TaskMarket, and which power its units need.
import { describe, expect, it } from 'vitest'
import { leastPowerOf, type TaskOrder, taskSpecOf } from '../../../src/client/taskSpec.ts'

const order: TaskOrder = {
  kind: 'digits',
  manifest: '0x',
  price: 12n,
  units: 1_000,
  expectedSeconds: 120,
  slotCount: 3,
}

describe('taskSpecOf', () => {
  it('asks for the power that the units need', () => {
    expect(taskSpecOf(order).minPower).toBe(3n)
    expect(taskSpecOf({ ...order, replicas: 3 }).minPower).toBe(9n)
  })

  it('leaves what the client asks for', () => {
    expect(taskSpecOf({ ...order, minPower: 7n }).minPower).toBe(7n)
    expect(taskSpecOf({ ...order, replicas: 3 }).replicas).toBe(3)
  })

  it('has neither replicas nor losses unless they are asked for', () => {
    expect(taskSpecOf(order)).toMatchObject({ replicas: 1, maxSlotLoss: 0 })
  })
})

describe('leastPowerOf', () => {
  const work = { expectedSeconds: 10, slotCount: 4, replicas: 2 }

  it('is what does the slices of all groups in time', () => {
    expect(leastPowerOf({ ...work, units: 20 })).toBe(1n)
    expect(leastPowerOf({ ...work, units: 21 })).toBe(2n)
  })

  it('leaves orders that make no sense to the chain', () => {
    expect(leastPowerOf({ ...work, units: 20, replicas: 5 })).toBe(2n)
    expect(leastPowerOf({ ...work, units: 20, expectedSeconds: 0 })).toBe(0n)
  })
})
