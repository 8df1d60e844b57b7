// Keys sort as the numbers that they stand for, and what is no number is refused.
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeHeight,
  decodeNumber,
  encodeHeight,
  numberKey,
} from '../../../chain/storage/records.ts'

const height = fc.bigInt(0n, 2n ** 64n - 1n)
const number = fc.nat({ max: Number.MAX_SAFE_INTEGER })

test('heights sort as their bytes do', () => {
  fc.assert(
    fc.property(height, height, (a, b) => {
      const [x, y] = [Buffer.from(encodeHeight(a)), Buffer.from(encodeHeight(b))]
      expect(Math.sign(Buffer.compare(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0)
      expect(decodeHeight(x)).toBe(a)
    }),
  )
})

test('numbers have the bytes of heights', () => {
  fc.assert(
    fc.property(number, (value) => {
      expect(numberKey(value)).toEqual(encodeHeight(BigInt(value)))
      expect(decodeNumber(numberKey(value))).toBe(value)
    }),
  )
})

test('what is too short or not safe is refused with a code', () => {
  const bad = expect.objectContaining({ code: 'STORAGE_BAD_RECORD' })
  expect(() => decodeHeight(new Uint8Array(7))).toThrow(bad)
  expect(() => decodeNumber(new Uint8Array(7))).toThrow(bad)
  expect(() => decodeNumber(encodeHeight(2n ** 53n))).toThrow(bad)
})
