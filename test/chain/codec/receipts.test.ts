// Receipts survive the form in which they are kept, their consensus form and blooms are those of
// @ethereumjs/vm, and damaged bytes are refused with a code. fast-check prints the seed of a
// failure.

import { type Input, RLP } from '@ethereumjs/rlp'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { Bloom, encodeReceipt } from '@ethereumjs/vm'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bloomOf, EMPTY_BLOOM } from '../../../chain/codec/bloom.ts'
import { encodeConsensusReceipt } from '../../../chain/codec/consensusReceipt.ts'
import { arrayItems, orderedTrieRoot } from '../../../chain/codec/orderedTrie.ts'
import { encodeReceipts, keepReceipts, lazyReceipts } from '../../../chain/codec/receipts.ts'
import { createReceiptsWriter } from '../../../chain/codec/receiptsWriter.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import type { Receipt } from '../../../chain/primitives/receipt.ts'

const types = [0, 1, 2, 4] as const
const fixed = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const hex = (size: number) => fixed(size).map((value): Hex => bytesToHex(value))
const log = fc.record({
  address: hex(20),
  topics: fc.array(hex(32), { maxLength: 4 }),
  data: fc.uint8Array({ maxLength: 300 }).map((value): Hex => bytesToHex(value)),
})
const receipt = fc.record({
  type: fc.constantFrom(...types),
  status: fc.constantFrom(0 as const, 1 as const),
  from: hex(20),
  to: fc.option(hex(20)),
  contractAddress: fc.option(hex(20)),
  // No transaction uses none; @ethereumjs/vm would write that as a zero byte.
  gasUsed: fc.oneof(fc.bigInt(1n, 300n), fc.bigInt(1n, 2n ** 40n)),
  effectiveGasPrice: fc.oneof(fc.bigInt(0n, 300n), fc.bigInt(0n, 2n ** 256n - 1n)),
  logs: fc.oneof(fc.constant([]), fc.array(log, { maxLength: 5 })),
})

/** Receipts of one block: cumulative gas adds up. */
const receiptsOfBlock = fc.array(receipt, { maxLength: 12 }).map((list): readonly Receipt[] => {
  let cumulativeGasUsed = 0n
  return list.map((one) => {
    cumulativeGasUsed += one.gasUsed
    return { ...one, cumulativeGasUsed }
  })
})

const rawLogs = ({ logs }: Receipt) =>
  logs.map(({ address, topics, data }): [Uint8Array, Uint8Array[], Uint8Array] => [
    hexToBytes(address),
    topics.map((topic) => hexToBytes(topic)),
    hexToBytes(data),
  ])

/** The consensus form by @ethereumjs/vm. */
function expectedBytes(one: Receipt): Uint8Array {
  const bloom = new Bloom()
  for (const [address, topics] of rawLogs(one)) {
    bloom.add(address)
    for (const topic of topics) bloom.add(topic)
  }
  const { status, cumulativeGasUsed } = one
  const result = {
    status,
    cumulativeBlockGasUsed: cumulativeGasUsed,
    bitvector: bloom.bitvector,
    logs: rawLogs(one),
  }
  const type = types.find((known) => known === one.type)
  if (type === undefined) throw new RangeError(`no type ${one.type}`)
  return encodeReceipt(result, type)
}

function expectRefused(bytes: Uint8Array): void {
  let thrown: unknown
  try {
    lazyReceipts(bytes).decode()
  } catch (error) {
    thrown = error
  }
  expect(thrown).toMatchObject({ code: 'CODEC_BAD_RECEIPTS' })
}

describe('kept receipts', () => {
  test('are the same after encoding and decoding, whole or one by one', () => {
    fc.assert(
      fc.property(receiptsOfBlock, (receipts) => {
        const lazy = lazyReceipts(encodeReceipts(receipts))
        const single = receipts.map((_, index) => lazy.at(index))
        expect(single).toEqual(receipts)
        expect(lazy.decode()).toEqual(receipts)
        expect(lazy.count).toBe(receipts.length)
        expect(lazy.at(receipts.length)).toBeUndefined()
        expect(keepReceipts(receipts).bytes).toEqual(lazy.bytes)
        expect(keepReceipts(receipts).decode()).toBe(receipts)
      }),
    )
  })

  test('are decoded once', () => {
    const lazy = lazyReceipts(encodeReceipts([golden]))
    expect(lazy.decode()).toBe(lazy.decode())
    expect(lazy.at(0)).toBe(lazy.decode()[0])
  })

  test('tell their logs without being decoded', () => {
    fc.assert(
      fc.property(receiptsOfBlock, (receipts) => {
        const lazy = lazyReceipts(encodeReceipts(receipts))
        const seen: unknown[] = []
        lazy.forEachLog((one) => seen.push(one))
        expect(seen).toEqual(receipts.flatMap(rawLogs))
        expect(lazy.logCount).toBe(seen.length)
        let before = 0
        for (const [index, { logs }] of receipts.entries()) {
          expect(lazy.logsBefore(index)).toBe(before)
          before += logs.length
        }
      }),
    )
  })

  const golden: Receipt = {
    type: 2,
    status: 1,
    from: `0x${'11'.repeat(20)}`,
    to: null,
    contractAddress: `0x${'22'.repeat(20)}`,
    gasUsed: 21_000n,
    cumulativeGasUsed: 21_000n,
    effectiveGasPrice: 1_000_000_000n,
    logs: [{ address: `0x${'33'.repeat(20)}`, topics: [`0x${'44'.repeat(32)}`], data: '0x05' }],
  }

  test('golden vector of version 2', () => {
    const second = { ...golden, type: 0, status: 0, to: golden.from, logs: [] } as const
    const cumulativeGasUsed = 42_000n
    const receipts = [golden, { ...second, contractAddress: null, cumulativeGasUsed }]
    expect(bytesToHex(encodeReceipts(receipts))).toBe(
      `0x020000000200000001` +
        `6a${'11'.repeat(20)}${'22'.repeat(20)}025208043b9aca00` +
        `f83af83894${'33'.repeat(20)}e1a0${'44'.repeat(32)}05` +
        `10${'11'.repeat(20)}${'11'.repeat(20)}025208043b9aca00`,
    )
  })

  test('refuse another version, a wrong count, missing bytes and bytes too many', () => {
    const bytes = encodeReceipts([golden])
    for (const version of [0, 1, 3]) expectRefused(Uint8Array.of(version, ...bytes.subarray(1)))
    for (let size = 0; size < bytes.length; size++) expectRefused(bytes.subarray(0, size))
    expectRefused(Uint8Array.of(...bytes, 0))
    for (const at of [1, 4, 5, 8]) {
      const changed = bytes.slice()
      changed[at] = 0xff
      expectRefused(changed)
    }
  })

  test('refuse logs that are not logs, and unknown flags', () => {
    const logs = (list: Input): Uint8Array => {
      const bytes = encodeReceipts([{ ...golden, logs: [] }])
      bytes[8] = 1 // log count
      bytes[9] = (bytes[9] ?? 0) | 0x40
      return Uint8Array.of(...bytes, ...RLP.encode(list))
    }
    const [address, topic] = [new Uint8Array(20), new Uint8Array(32)]
    expect(lazyReceipts(logs([[address, [topic], topic]])).decode()).toHaveLength(1)
    expectRefused(logs([]))
    expectRefused(logs([[address, [topic]]]))
    expectRefused(logs([[address, [topic], topic, topic]]))
    expectRefused(logs([[address, [topic, topic, topic, topic, topic], topic]]))
    expectRefused(logs([[address, [address], topic]]))
    expectRefused(logs([[topic, [], topic]]))
    expectRefused(logs([topic]))
    expectRefused(
      logs([
        [address, [], topic],
        [address, [], topic],
      ]),
    )
    const flagged = encodeReceipts([golden])
    flagged[9] = (flagged[9] ?? 0) | 0x80
    expectRefused(flagged)
  })

  test('of a big block are kept whole', () => {
    const count = 300
    const data: Hex = `0x${'ab'.repeat(20_000)}`
    const receipts = Array.from({ length: count }, (_, index): Receipt => {
      const logs = index % 50 === 0 ? [{ address: golden.from, topics: [], data }] : []
      return { ...golden, logs, cumulativeGasUsed: 21_000n * BigInt(index + 1) }
    })
    expect(lazyReceipts(encodeReceipts(receipts)).decode()).toEqual(receipts)
  })

  test('with a flipped bit are refused or still canonical', () => {
    fc.assert(
      fc.property(receiptsOfBlock, fc.nat(), fc.nat(7), (receipts, place, bit) => {
        const bytes = encodeReceipts(receipts)
        const at = place % bytes.length
        bytes[at] = (bytes[at] ?? 0) ^ (1 << bit)
        try {
          expect(encodeReceipts(lazyReceipts(bytes).decode())).toEqual(bytes)
        } catch (error) {
          expect(error).toMatchObject({ code: 'CODEC_BAD_RECEIPTS' })
        }
      }),
      { numRuns: 1_000 },
    )
  })

  test('of garbage are refused with a code', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 120 }), (garbage) => {
        expectRefused(garbage)
        expectRefused(Uint8Array.of(2, 0, 0, 0, 1, 0, 0, 0, 1, ...garbage))
      }),
    )
  })

  test('refuse cumulative gas that does not add up', () => {
    expect(() => encodeReceipts([{ ...golden, cumulativeGasUsed: 1n }])).toThrow('sum')
  })
})

describe('consensus form', () => {
  test('equals @ethereumjs/vm on random receipts', () => {
    fc.assert(
      fc.property(receiptsOfBlock, (receipts) => {
        for (const one of receipts) {
          const bytes = encodeConsensusReceipt({
            type: one.type,
            status: one.status,
            cumulativeGasUsed: Number(one.cumulativeGasUsed),
            logs: rawLogs(one),
          })
          expect(bytes).toEqual(expectedBytes(one))
        }
      }),
    )
  })

  test('is what the writer computes root and bloom of', () => {
    fc.assert(
      fc.property(receiptsOfBlock, (receipts) => {
        const writer = createReceiptsWriter()
        const all = new Bloom()
        for (const one of receipts) {
          const { to, contractAddress } = one
          writer.add({
            ...one,
            from: hexToBytes(one.from),
            to: to === null ? null : hexToBytes(to),
            contractAddress: contractAddress === null ? null : hexToBytes(contractAddress),
            logs: rawLogs(one),
          })
          for (const [address, topics] of rawLogs(one)) {
            all.add(address)
            for (const topic of topics) all.add(topic)
          }
        }
        const root = orderedTrieRoot(arrayItems(receipts.map(expectedBytes)))
        expect(writer.root()).toEqual(root)
        expect(writer.bloom()).toEqual(all.bitvector)
        expect(writer.toBytes()).toEqual(encodeReceipts(receipts))
        expect(writer.count).toBe(receipts.length)
        expect(writer.gasUsed).toBe(receipts.at(-1)?.cumulativeGasUsed ?? 0n)
      }),
    )
  })

  test('shares one empty bloom among receipts without logs', () => {
    expect(bloomOf([])).toBe(EMPTY_BLOOM)
    expect(EMPTY_BLOOM).toEqual(new Bloom().bitvector)
  })
})
