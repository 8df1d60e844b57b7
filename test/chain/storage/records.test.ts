// Records survive encoding, their bytes never change unnoticed, and garbage is refused.
import { bytesToHex } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Hex } from '../../../chain/primitives/hex.ts'
import type { Receipt } from '../../../chain/primitives/receipt.ts'
import {
  decodeHeight,
  decodeReceipts,
  encodeHeight,
  encodeReceipts,
} from '../../../chain/storage/records.ts'

const bytes = (length: number) =>
  fc.uint8Array({ minLength: length, maxLength: length }).map((value): Hex => bytesToHex(value))
const amount = fc.bigInt(0n, 2n ** 64n - 1n)
const receipt: fc.Arbitrary<Receipt> = fc.record({
  type: fc.constantFrom(0, 1, 2, 4),
  status: fc.constantFrom(0 as const, 1 as const),
  from: bytes(20),
  to: fc.option(bytes(20)),
  contractAddress: fc.option(bytes(20)),
  gasUsed: amount,
  cumulativeGasUsed: amount,
  effectiveGasPrice: fc.bigInt(0n, 2n ** 256n - 1n),
  logs: fc.array(
    fc.record({
      address: bytes(20),
      topics: fc.array(bytes(32), { maxLength: 4 }),
      data: fc.uint8Array({ maxLength: 80 }).map((value): Hex => bytesToHex(value)),
    }),
    { maxLength: 3 },
  ),
})

describe('receipts', () => {
  test('are the same after encoding and decoding', () => {
    fc.assert(
      fc.property(fc.array(receipt, { maxLength: 5 }), (receipts) => {
        expect(decodeReceipts(encodeReceipts(receipts))).toEqual(receipts)
      }),
    )
  })

  test('golden vector of version 1', () => {
    const golden: Receipt = {
      type: 2,
      status: 1,
      from: `0x${'11'.repeat(20)}`,
      to: null,
      contractAddress: `0x${'22'.repeat(20)}`,
      gasUsed: 21_000n,
      cumulativeGasUsed: 42_000n,
      effectiveGasPrice: 1_000_000_000n,
      logs: [{ address: `0x${'33'.repeat(20)}`, topics: [`0x${'44'.repeat(32)}`], data: '0x05' }],
    }
    expect(bytesToHex(encodeReceipts([golden]))).toBe(
      `0x01f876f8740201` +
        `94${'11'.repeat(20)}` +
        '80' +
        `94${'22'.repeat(20)}` +
        '82520882a410843b9aca00' +
        `f83af83894${'33'.repeat(20)}e1a0${'44'.repeat(32)}05`,
    )
  })

  test('random bytes are refused with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (garbage) => {
        try {
          decodeReceipts(garbage)
        } catch (error) {
          expect(error).toMatchObject({ code: 'STORAGE_BAD_RECORD' })
        }
      }),
    )
    const versionTwo = new Uint8Array([2, 0xc0])
    const bad = expect.objectContaining({ code: 'STORAGE_BAD_RECORD' })
    expect(() => decodeReceipts(versionTwo)).toThrow(bad)
    expect(() => decodeHeight(new Uint8Array(7))).toThrow(bad)
  })
})

test('heights sort as their bytes do', () => {
  fc.assert(
    fc.property(amount, amount, (a, b) => {
      const [x, y] = [Buffer.from(encodeHeight(a)), Buffer.from(encodeHeight(b))]
      expect(Math.sign(Buffer.compare(x, y))).toBe(a < b ? -1 : a > b ? 1 : 0)
      expect(decodeHeight(x)).toBe(a)
    }),
  )
})
