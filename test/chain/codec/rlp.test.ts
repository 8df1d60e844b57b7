// Reading and writing RLP agree with @ethereumjs/rlp on random trees and on garbage, and numbers
// survive at every size. fast-check prints the seed of a failure.

import { RLP } from '@ethereumjs/rlp'
import { bigIntToUnpaddedBytes, bytesToHex, hexToBytes } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  copyBytes,
  numberAt,
  numberSize,
  toHex,
  uintAt,
  uintSize,
  writeUintBytes,
} from '../../../chain/codec/bytes.ts'
import {
  createCursor,
  headerSize,
  isAtEnd,
  numberStringSize,
  openList,
  payloadOf,
  RLP_LIST,
  RLP_STRING,
  type RlpCursor,
  RlpFault,
  readFixed,
  readItem,
  readList,
  readString,
  readUint,
  stringSize,
  uintStringSize,
  writeHeader,
  writeNumber,
  writeString,
  writeUint,
} from '../../../chain/codec/rlp.ts'

type Item = Uint8Array | Item[]

const tree = fc.letrec<{ item: Item; list: Item[] }>((tie) => ({
  item: fc.oneof(fc.uint8Array({ maxLength: 70 }), tie('list')),
  list: fc.array(tie('item'), { maxLength: 5 }),
})).list

/** What the cursor finds, as the library gives it. */
function readTree(cursor: RlpCursor): Item[] {
  const items: Item[] = []
  while (!isAtEnd(cursor)) {
    readItem(cursor)
    items.push(
      cursor.isList
        ? readTree(createCursor(cursor.bytes, cursor.from, cursor.next))
        : payloadOf(cursor).slice(),
    )
  }
  return items
}

const sizes = [0, 1, 6, 7, 8, 9, 16, 17, 31, 32]
/** Numbers at both ends of every size. */
const edges = sizes.flatMap((size) => [2n ** BigInt(8 * size), 2n ** BigInt(8 * size) - 1n])
const uint256 = fc.oneof(
  fc.constantFrom(...edges.filter((value) => value < 2n ** 256n)),
  fc.bigInt(0n, 2n ** 256n - 1n),
)

describe('reading', () => {
  test('finds every item that @ethereumjs/rlp finds', () => {
    fc.assert(
      fc.property(tree, (items) => {
        expect(readTree(openList(RLP.encode(items)))).toEqual(items)
      }),
    )
  })

  test('refuses what @ethereumjs/rlp refuses', () => {
    const byte = fc.oneof(
      fc.constantFrom(0, 1, 0x80, 0x81, 0xb8, 0xc0, 0xc1, 0xc2, 0xf8),
      fc.nat(255),
    )
    const outcomes = { read: 0, refused: 0 }
    fc.assert(
      fc.property(fc.array(byte, { maxLength: 12 }), fc.nat(4), (garbage, kind) => {
        // Mostly lists whose header is right, so that it is their items that decide.
        const bytes = Uint8Array.of(kind === 0 ? 0xc0 : 0xc0 + garbage.length, ...garbage)
        let due: Item | undefined
        try {
          due = RLP.decode(bytes) as Item
        } catch {}
        if (Array.isArray(due)) {
          expect(readTree(openList(bytes))).toEqual(due)
          outcomes.read++
        } else {
          expect(() => readTree(openList(bytes)), bytesToHex(bytes)).toThrow(RlpFault)
          outcomes.refused++
        }
      }),
      { numRuns: 20_000 },
    )
    expect(Math.min(outcomes.read, outcomes.refused)).toBeGreaterThan(500)
  })

  test('refuses a length that has a shorter form', () => {
    for (const [long, short] of [
      [0xb8, 0x80],
      [0xf8, 0xc0],
    ] as const) {
      for (const size of [55, 56, 255]) {
        const payload = new Array<number>(size).fill(1)
        const bytes = Uint8Array.of(long, size, ...payload)
        const read = () => readItem(createCursor(bytes))
        if (size === 55) expect(read).toThrow('shortest')
        else expect(read).not.toThrow()
        expect(() =>
          readItem(createCursor(Uint8Array.of(long + 1, 0, ...bytes.subarray(1)))),
        ).toThrow('shortest')
      }
      expect(() =>
        readItem(createCursor(Uint8Array.of(short + 55, ...new Uint8Array(55)))),
      ).not.toThrow()
    }
    expect(() => readItem(createCursor(Uint8Array.of(0xbc, 1, 0, 0, 0, 0)))).toThrow('too long')
  })

  test('takes strings, lists, numbers and sizes for what they are', () => {
    const bytes = RLP.encode([new Uint8Array(3).fill(9), [], Uint8Array.of(0, 1), 5n])
    const cursor = openList(bytes)
    expect(() => readList(openList(bytes))).toThrow('a string stands')
    expect(() => readFixed(openList(bytes), 4)).toThrow('4 bytes')
    readFixed(cursor, 3)
    expect(() => readString({ ...cursor })).toThrow('a list stands')
    expect(readList(cursor)).toBe(0)
    expect(() => readUint({ ...cursor }, 1)).toThrow('longer than 8 bits')
    expect(() => readUint({ ...cursor }, 2)).toThrow('leading zeros')
    readItem(cursor)
    expect(readUint(cursor, 1)).toBe(5n)
    expect(() => readItem(cursor)).toThrow('end too early')
  })
})

describe('writing', () => {
  test('strings equals @ethereumjs/rlp', () => {
    const bytes = fc.oneof(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 2 }))
    fc.assert(
      fc.property(bytes, fc.nat(9), (value, at) => {
        const due = RLP.encode(value)
        const out = new Uint8Array(at + due.length)
        expect(stringSize(value)).toBe(due.length)
        expect(writeString(value, out, at)).toBe(out.length)
        expect(out.subarray(at)).toEqual(due)
      }),
    )
  })

  test('numbers equals @ethereumjs/rlp', () => {
    fc.assert(
      fc.property(uint256, (value) => {
        const due = RLP.encode(bigIntToUnpaddedBytes(value))
        const out = new Uint8Array(due.length)
        expect(uintStringSize(value)).toBe(due.length)
        expect(writeUint(value, out, 0)).toBe(due.length)
        expect(out).toEqual(due)
        if (value > BigInt(Number.MAX_SAFE_INTEGER)) return
        const again = new Uint8Array(due.length)
        expect(numberStringSize(Number(value))).toBe(due.length)
        expect(writeNumber(Number(value), again, 0)).toBe(due.length)
        expect(again).toEqual(due)
      }),
    )
  })

  test('headers of lists equals @ethereumjs/rlp at every width', () => {
    for (const size of [0, 1, 55, 56, 255, 256, 65_535, 65_536]) {
      const due = RLP.encode(new Array<number>(size).fill(1))
      const out = new Uint8Array(headerSize(size))
      expect(writeHeader(RLP_LIST, size, out, 0)).toBe(out.length)
      expect(out).toEqual(due.subarray(0, due.length - size))
    }
    const long = new Uint8Array(2 ** 24)
    expect(writeHeader(RLP_STRING, long.length, long, 0)).toBe(5)
    expect(long.subarray(0, 5)).toEqual(RLP.encode(new Uint8Array(2 ** 24)).subarray(0, 5))
  })
})

describe('bytes', () => {
  test('numbers survive at every size', () => {
    fc.assert(
      fc.property(uint256, fc.nat(5), (value, at) => {
        const due = bigIntToUnpaddedBytes(value)
        const size = uintSize(value)
        expect(size).toBe(due.length)
        const out = new Uint8Array(at + size + 3).fill(0xff)
        expect(writeUintBytes(value, size, out, at)).toBe(at + size)
        expect(out.subarray(at, at + size)).toEqual(due)
        expect(uintAt(out, at, at + size)).toBe(value)
        if (size > 6) return
        expect(numberAt(out, at, at + size)).toBe(Number(value))
        expect(numberSize(Number(value))).toBe(size)
      }),
    )
  })

  test('are copied and shown whole, few or many', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 130, size: 'max' }), fc.nat(9), (source, at) => {
        const target = new Uint8Array(at + source.length + 1)
        expect(copyBytes(source, 0, source.length, target, at)).toBe(at + source.length)
        expect(target).toEqual(Uint8Array.of(...new Uint8Array(at), ...source, 0))
        expect(toHex(source)).toBe(bytesToHex(source))
        expect(hexToBytes(toHex(target.subarray(at, at + source.length)))).toEqual(source)
      }),
    )
  })
})
