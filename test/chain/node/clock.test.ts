// Shows that a time asked for while a block is being made is that of the next block.
import { describe, expect, test } from 'vitest'
import type { ParentBlock } from '../../../chain/evm/engine.ts'
import { createClock } from '../../../chain/node/clock.ts'

const parentAt = (timestamp: bigint) => ({ timestamp }) as ParentBlock

describe('createClock', () => {
  test('keeps a time that was set while a block before it was made', () => {
    const clock = createClock(() => 1_000)
    const making = clock.next(parentAt(900n))
    clock.setNext(5_000n, parentAt(900n))
    clock.used(making)
    expect(making).toBe(1_000n)
    expect(clock.next(parentAt(making))).toBe(5_000n)
  })

  test('goes on from a time that was set and used', () => {
    const clock = createClock(() => 1_000)
    clock.setNext(5_000n, parentAt(900n))
    clock.used(clock.next(parentAt(900n)))
    expect(clock.next(parentAt(5_000n))).toBe(5_001n)
    expect(clock.next(parentAt(4_000n))).toBe(5_000n)
  })
})
