// Shows the layout of a slot's result and of its leaves, byte by byte.
import { concat, type Hex, keccak256, size, zeroHash } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  decodeDigitsResult,
  digitsLeaf,
  digitsResultRoot,
  encodeDigitsResult,
} from '../../../src/compute/digitsResult.ts'

const hash = (byte: string): Hex => `0x${byte.repeat(32)}`
const rows = [
  { row: 258, label: 7, productHash: hash('aa') },
  { row: 259, label: 0, productHash: hash('bb') },
] as const

describe('encodeDigitsResult', () => {
  it('writes 33 bytes a row', () => {
    const result = encodeDigitsResult(rows)
    expect(result).toBe(concat(['0x07', hash('aa'), '0x00', hash('bb')]))
    expect(size(result)).toBe(66)
  })

  it('is undone by decodeDigitsResult', () => {
    expect(decodeDigitsResult(encodeDigitsResult(rows), { from: 258, to: 260 })).toEqual(rows)
  })
})

describe('decodeDigitsResult', () => {
  it.each([0, 65, 67, 99])('refuses %i bytes for two rows', (sizeBytes) => {
    const result: Hex = `0x${'00'.repeat(sizeBytes)}`
    expect(() => decodeDigitsResult(result, { from: 0, to: 2 })).toThrow(
      expect.objectContaining({
        facts: { code: 'COMPUTE_RESULT_MALFORMED', sizeBytes, wanted: 66 },
      }),
    )
  })
})

describe('digitsLeaf', () => {
  it('is the double hash of row, label and products', () => {
    const bytes = concat(['0x00000102', '0x07', hash('aa')])
    expect(digitsLeaf(rows[0])).toBe(keccak256(keccak256(bytes)))
  })
})

describe('digitsResultRoot', () => {
  it('is the leaf itself for one row, and zero for none', () => {
    expect(digitsResultRoot([rows[0]])).toBe(digitsLeaf(rows[0]))
    expect(digitsResultRoot([])).toBe(zeroHash)
  })

  it('depends on the order of the rows', () => {
    const three = [...rows, { row: 260, label: 1, productHash: hash('cc') }]
    expect(digitsResultRoot(three)).not.toBe(digitsResultRoot([...three].reverse()))
  })
})
