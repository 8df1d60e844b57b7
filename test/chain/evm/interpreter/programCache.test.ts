// Shows what is known of code: where jumps may land, what is pushed, and that the cache lets go.
import { describe, expect, it } from 'vitest'
import {
  createPassingProgram,
  createPrograms,
  jumpsOf,
  pushAt,
} from '../../../../chain/evm/fast/interpreter/programs.ts'

describe('a program', () => {
  it('has no jump target in the data of a push', () => {
    const code = Uint8Array.of(0x5b, 0x61, 0x5b, 0x5b, 0x5b, 0x7f, 0x5b)
    expect([...jumpsOf(createPassingProgram(code))]).toEqual([1, 0, 0, 0, 1, 0, 0])
  })

  it('reads pushes that the end cuts off as if zeros followed', () => {
    const code = Uint8Array.of(0x61, 0x12, 0x34, 0x63, 0xff)
    for (const program of [createPassingProgram(code), createPrograms().of(code)]) {
      // Twice: the second answer is remembered.
      for (let i = 0; i < 2; i++) {
        expect(pushAt(program, 0, 0x61)).toBe(0x1234n)
        expect(pushAt(program, 3, 0x63)).toBe(0xff000000n)
      }
    }
  })
})

describe('createPrograms', () => {
  it('keeps what is asked for and forgets the rest', () => {
    // Room for some ten programs in each generation.
    const programs = createPrograms(2 * 9 * 10 * 100)
    const [used, idle] = [new Uint8Array(100), new Uint8Array(100)]
    const [first, other] = [programs.of(used), programs.of(idle)]
    for (let i = 0; i < 30; i++) {
      programs.of(new Uint8Array(100))
      expect(programs.of(used)).toBe(first)
    }
    expect(programs.of(idle)).not.toBe(other)
  })

  it('tells equal code in two arrays apart', () => {
    const programs = createPrograms()
    expect(programs.of(Uint8Array.of(1))).not.toBe(programs.of(Uint8Array.of(1)))
  })
})
