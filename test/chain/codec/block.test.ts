// Headers and blocks are those of @ethereumjs/block to the byte, what is refused agrees with it,
// and scanning makes no object per transaction. fast-check prints the seed of a failure.

import {
  type Block,
  createBlock,
  createBlockFromRLP,
  genTransactionsTrieRoot,
} from '@ethereumjs/block'
import { RLP } from '@ethereumjs/rlp'
import type { TypedTransaction } from '@ethereumjs/tx'
import { bytesToHex, concatBytes, equalsBytes, hexToBytes } from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { encodeBlock, headerBytesOf, headerOfBlock, scanBlock } from '../../../chain/codec/block.ts'
import { checkTransaction } from '../../../chain/codec/checkTransaction.ts'
import { CodecError, TransactionError } from '../../../chain/codec/errors.ts'
import { blockHash, decodeHeader, encodeHeader, type Header } from '../../../chain/codec/header.ts'
import { orderedTrieRoot, tableItems } from '../../../chain/codec/orderedTrie.ts'
import { tableCount, tableRow } from '../../../chain/codec/table.ts'
import { decodeTransaction } from '../../../chain/codec/transaction.ts'
import { CHAIN_ID, common, isStrict, mutation, signedTransaction } from './transactions.ts'

const fixed = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const uint64 = fc.oneof(fc.bigInt(0n, 200n), fc.bigInt(0n, 2n ** 64n - 1n))

const block: fc.Arbitrary<Block> = fc
  .record({
    parentHash: fixed(32),
    coinbase: fixed(20),
    stateRoot: fixed(32),
    transactionsTrie: fixed(32),
    receiptTrie: fixed(32),
    logsBloom: fixed(256),
    number: uint64,
    gas: fc.tuple(uint64, uint64),
    timestamp: uint64,
    extraData: fc.uint8Array({ maxLength: 32 }),
    mixHash: fixed(32),
    baseFeePerGas: fc.bigInt(0n, 2n ** 256n - 1n),
    blobGasUsed: uint64,
    excessBlobGas: uint64,
    parentBeaconBlockRoot: fixed(32),
    transactions: fc.array(signedTransaction, { maxLength: 5 }),
  })
  .map(({ gas: [a, b], transactions, ...rest }) => {
    const gas = a < b ? { gasUsed: a, gasLimit: b } : { gasUsed: b, gasLimit: a }
    return createBlock({ header: { ...rest, ...gas }, transactions: [...transactions] }, { common })
  })

/** What this folder makes of a block: its parts, or the refusal. */
function decode(raw: Uint8Array): unknown {
  try {
    const { header, transactions } = scanBlock(raw)
    const decoded = decodeHeader(header)
    for (let index = 0; index < tableCount(transactions); index++) {
      checkTransaction(decodeTransaction(tableRow(transactions, index) ?? raw), CHAIN_ID)
    }
    return decoded
  } catch (error) {
    if (error instanceof CodecError || error instanceof TransactionError) return error
    throw error
  }
}

/**
 * The block by the library, without what it lets pass: what it would write differently, numbers and
 * fixed fields of any size, withdrawals.
 */
function expected(raw: Uint8Array): Block | undefined {
  try {
    const found = createBlockFromRLP(raw, { common })
    const { number, gasLimit, gasUsed, timestamp, blobGasUsed, excessBlobGas } = found.header
    const small = [number, gasLimit, gasUsed, timestamp, blobGasUsed ?? 0n, excessBlobGas ?? 0n]
    const isValid =
      equalsBytes(found.serialize(), raw) &&
      small.every((value) => value < 2n ** 64n) &&
      (found.header.baseFeePerGas ?? 0n) < 2n ** 256n &&
      found.header.difficulty < 2n ** 256n &&
      found.header.logsBloom.length === 256 &&
      found.header.requestsHash?.length === 32 &&
      found.withdrawals?.length === 0 &&
      found.transactions.every(isStrict)
    return isValid ? found : undefined
  } catch {
    return undefined
  }
}

function expectParts(raw: Uint8Array, theirs: Block): void {
  const { header, transactions } = scanBlock(raw)
  expect(header).toEqual(theirs.header.serialize())
  expect(blockHash(header)).toEqual(theirs.hash())
  const rows = Array.from({ length: tableCount(transactions) }, (_, i) => tableRow(transactions, i))
  expect(rows).toEqual(theirs.transactions.map((tx: TypedTransaction) => tx.serialize()))
}

describe('header', () => {
  test('has the fields that @ethereumjs/block reads', () => {
    fc.assert(
      fc.property(block, ({ header }) => {
        const decoded = decodeHeader(header.serialize())
        expect(encodeHeader(decoded)).toEqual(header.serialize())
        const hex = (bytes: Uint8Array | undefined) => bytesToHex(bytes ?? new Uint8Array())
        expect(decoded).toEqual({
          parentHash: hex(header.parentHash),
          ommersHash: hex(header.uncleHash),
          coinbase: header.coinbase.toString(),
          stateRoot: hex(header.stateRoot),
          transactionsRoot: hex(header.transactionsTrie),
          receiptsRoot: hex(header.receiptTrie),
          logsBloom: hex(header.logsBloom),
          difficulty: header.difficulty,
          number: header.number,
          gasLimit: header.gasLimit,
          gasUsed: header.gasUsed,
          timestamp: header.timestamp,
          extraData: hex(header.extraData),
          mixHash: hex(header.mixHash),
          nonce: hex(header.nonce),
          baseFeePerGas: header.baseFeePerGas,
          withdrawalsRoot: hex(header.withdrawalsRoot),
          blobGasUsed: header.blobGasUsed,
          excessBlobGas: header.excessBlobGas,
          parentBeaconBlockRoot: hex(header.parentBeaconBlockRoot),
          requestsHash: hex(header.requestsHash),
        })
      }),
      { numRuns: 300 },
    )
  })
})

describe('header rules', () => {
  const valid = { ...decodeHeader(createBlock({}, { common }).header.serialize()), number: 1n }
  const refused = (changes: Partial<Header>) =>
    expect(() => decodeHeader(encodeHeader({ ...valid, ...changes }))).toThrow(
      expect.objectContaining({ code: 'CODEC_BAD_BLOCK' }),
    )
  const taken = (changes: Partial<Header>) =>
    expect(decodeHeader(encodeHeader({ ...valid, ...changes }))).toMatchObject(changes)

  test('hold at their edge and fail one past it', () => {
    taken({ gasUsed: 5n, gasLimit: 5n })
    refused({ gasUsed: 6n, gasLimit: 5n })
    taken({ extraData: `0x${'01'.repeat(32)}` })
    refused({ extraData: `0x${'01'.repeat(33)}` })
    taken({ number: 2n ** 64n - 1n, timestamp: 2n ** 64n - 1n, baseFeePerGas: 2n ** 256n - 1n })
    refused({ number: 2n ** 64n })
    refused({ timestamp: 2n ** 64n })
    refused({ difficulty: 1n })
    refused({ nonce: '0x0000000000000001' })
    refused({ nonce: '0x00' })
    refused({ ommersHash: valid.parentHash })
    refused({ logsBloom: '0x00' })
    refused({ requestsHash: `0x${'00'.repeat(31)}` })
  })

  test('leave a genesis file its difficulty, nonce and extraData, and no ommers', () => {
    taken({ number: 0n, difficulty: 1n, nonce: '0x0000000000000042' })
    taken({ number: 0n, extraData: `0x${'01'.repeat(97)}` })
    refused({ number: 0n, ommersHash: valid.parentHash })
  })

  test('want every field and no more', () => {
    const bytes = encodeHeader(valid)
    const fields = RLP.decode(bytes) as Uint8Array[]
    expect(fields.length).toBe(21)
    for (const list of [fields.slice(0, 20), [...fields, fields[20] ?? bytes], [...fields, []]]) {
      expect(() => decodeHeader(RLP.encode(list))).toThrow(CodecError)
    }
  })
})

describe('block', () => {
  test('is found in its bytes and written as @ethereumjs/block writes it', () => {
    fc.assert(
      fc.property(block, (theirs) => {
        const raw = theirs.serialize()
        expectParts(raw, theirs)
        const { header, transactions } = scanBlock(raw)
        expect(encodeBlock(header, transactions)).toEqual(raw)
        const list = theirs.transactions.map((tx) => tx.serialize())
        expect(encodeBlock(header, list)).toEqual(raw)
        expect(headerBytesOf(raw)).toEqual(header)
        expect(headerOfBlock(raw)).toEqual(decodeHeader(header))
      }),
      { numRuns: 300 },
    )
  })

  test('has the transactions root that @ethereumjs/block computes', async () => {
    await fc.assert(
      fc.asyncProperty(block, async (theirs) => {
        const root = orderedTrieRoot(tableItems(scanBlock(theirs.serialize()).transactions))
        expect(root).toEqual(await genTransactionsTrieRoot(theirs.transactions))
      }),
      { numRuns: 100 },
    )
  })

  test('spoilt, is refused or read as @ethereumjs/block does', () => {
    const outcomes = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(block, fc.array(mutation, { minLength: 1, maxLength: 6 }), (theirs, all) => {
        for (const mutate of all) {
          const raw = mutate(theirs.serialize())
          const due = expected(raw)
          const ours = decode(raw)
          if (due === undefined) expect(ours, bytesToHex(raw)).toBeInstanceOf(Error)
          else {
            expect(ours, bytesToHex(raw)).not.toBeInstanceOf(Error)
            expectParts(raw, due)
          }
          outcomes[due === undefined ? 'refused' : 'taken']++
        }
      }),
      { numRuns: 500 },
    )
    expect(outcomes.taken).toBeGreaterThan(50)
    expect(outcomes.refused).toBeGreaterThan(250)
  })

  const empty = createBlock({}, { common })
  const header = empty.header.serialize()
  const blockOf = (...rest: readonly string[]): Uint8Array => {
    const body = concatBytes(header, ...rest.map((hex) => hexToBytes(`0x${hex}`)))
    const size = body.length.toString(16).padStart(4, '0')
    return concatBytes(hexToBytes(`0xf9${size}`), body)
  }

  test.each([
    ['three fields', ['c0', 'c0']],
    ['five fields', ['c0', 'c0', 'c0', 'c0']],
    ['a string for the transactions', ['80', 'c0', 'c0']],
    ['a string for the ommers', ['c0', '80', 'c0']],
    ['a string for the withdrawals', ['c0', 'c0', '80']],
    ['ommers', ['c0', 'c180', 'c0']],
    ['withdrawals', ['c0', 'c0', 'c180']],
    ['an empty transaction', ['c180', 'c0', 'c0']],
    ['a legacy transaction in a string', [`cc8b${'c0'.repeat(11)}`, 'c0', 'c0']],
    ['a type above 0x7f', [`cc8b${'80'.repeat(11)}`, 'c0', 'c0']],
    ['an empty string beside a long one', [`df9c${'02'.repeat(28)}8002`, 'c0', 'c0']],
    ['more transactions than fit in their bytes', [`d3${'01'.repeat(19)}`, 'c0', 'c0']],
    ['an item that ends outside of its list', ['c282aabb', 'c0', 'c0']],
  ])('with %s is refused', (_name, rest) => {
    const bad = expect.objectContaining({ code: 'CODEC_BAD_BLOCK' })
    expect(() => scanBlock(blockOf(...rest))).toThrow(bad)
    expect(() => scanBlock(blockOf('c0', 'c0', 'c0'))).not.toThrow()
  })

  test('of 20 MB is scanned without an object per transaction', () => {
    const count = 180_000
    const row = new Uint8Array(115).fill(2)
    const spans = new Int32Array(2 * count)
    for (let at = 1; at < spans.length; at += 2) spans[at] = row.length
    const raw = encodeBlock(header, { bytes: row, spans })
    expect(raw.length).toBeGreaterThan(20 * 1024 * 1024)
    const { transactions } = scanBlock(raw)
    expect(tableCount(transactions)).toBe(count)
    expect(transactions.bytes).toBe(raw)
    expect(tableRow(transactions, count - 1)).toEqual(row)
    expect(tableRow(transactions, count)).toBeUndefined()
  })
})
