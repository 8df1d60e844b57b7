// Nothing of a block is decoded before somebody asks, and what is asked for is what the bytes say.
import { bytesToHex } from '@ethereumjs/util'
import { describe, expect, test } from 'vitest'
import { keepReceipts, type LazyReceipts } from '../../../chain/codec/receipts.ts'
import { storedBlockOf } from '../../../chain/node/views.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { transactionHashes } from '../../../chain/storage/blockBytes.ts'
import { createTestChain } from '../evm/harness.ts'
import { addresses, say, signTx, toolAddress, word } from '../fixtures/smallChain.ts'

const chain = await createTestChain()
const sent = [0n, 1n, 2n].map((nonce) =>
  // The one in the middle is a plain transfer, without logs.
  nonce === 1n
    ? signTx({ nonce, to: addresses[3] ?? '0x', value: 1n })
    : signTx({ nonce, to: toolAddress, data: say(word(nonce), nonce) }),
)
const built = await chain.build(sent)

/** The receipts of the block, which count how often they are decoded. */
function countedReceipts() {
  const counts = { at: 0, decode: 0, logs: 0 }
  const inner = keepReceipts(built.receipts.decode())
  const receipts: LazyReceipts = {
    ...inner,
    at(index) {
      counts.at++
      return inner.at(index)
    },
    decode() {
      counts.decode++
      return inner.decode()
    },
    forEachLog(visit) {
      counts.logs++
      inner.forEachLog(visit)
    },
  }
  return { counts, receipts }
}

describe('a block in bytes', () => {
  test('is not decoded before somebody asks, and then no more than asked', () => {
    const { counts, receipts } = countedReceipts()
    const { view, receipts: list } = storedBlockOf({ raw: built.raw, receipts })
    expect(view.hash).toBe(built.hash)
    expect(view.stateRoot).toBe(built.stateRoot)
    expect(view.size).toBe(built.raw.length)
    expect(view.transactions.length).toBe(4)
    expect(view.transactions.hashes().slice(0, 3)).toEqual(sent.map(({ hash }) => hash))
    expect(counts).toEqual({ at: 0, decode: 0, logs: 0 })
    expect(view.transactions.at(1)).toMatchObject({ hash: sent[1]?.hash, from: addresses[1] })
    expect(list.of(sent[2]?.hash as Hash)).toMatchObject({ transactionIndex: 2, status: 1 })
    expect(counts).toEqual({ at: 2, decode: 0, logs: 0 })
  })

  test.each([
    ['given', transactionHashes(built.raw)],
    ['computed', undefined],
  ])('has the same hashes when they are %s', (_, known) => {
    const hashes = known === undefined ? {} : { transactionHashes: known }
    const { transactions } = storedBlockOf({ ...built, ...hashes }).view
    for (const [index, { hash }] of sent.entries()) {
      expect(transactions.hashAt(index)).toBe(hash)
      expect(transactions.indexOf(hash)).toBe(index)
      expect(transactions.at(index)?.hash).toBe(hash)
    }
    expect(transactions.indexOf(word(1n))).toBe(-1)
    // The last byte of one hash and 31 of the next are no hash of a transaction.
    const between = `0x${sent[0]?.hash.slice(64)}${sent[1]?.hash.slice(2, 64)}` as Hash
    expect(transactions.indexOf(between)).toBe(-1)
    for (const index of [-1, 4, 0.5]) {
      expect(transactions.at(index)).toBeUndefined()
      expect(transactions.hashAt(index)).toBeUndefined()
    }
  })

  test('numbers its logs through, and decodes them once for all who listen', () => {
    const { counts, receipts } = countedReceipts()
    const { receipts: list, view } = storedBlockOf({ raw: built.raw, receipts })
    const logs = list.logs()
    expect(logs.map(({ logIndex }) => logIndex)).toEqual(logs.map((_, index) => index))
    expect(logs.map(({ transactionIndex }) => transactionIndex)).toEqual([0, 2, 3])
    expect(logs[1]).toMatchObject({ transactionHash: sent[2]?.hash, blockHash: view.hash })
    expect(logs).toEqual(list.all().flatMap((receipt) => receipt.logs))
    const { at } = counts
    expect(list.logs()).toBe(logs)
    expect(counts.at).toBe(at)
  })

  test('has blooms that together are the one of its header', () => {
    const { receipts, view } = storedBlockOf(built)
    const all = receipts.all().map(({ logsBloom }) => Buffer.from(logsBloom.slice(2), 'hex'))
    const sum = new Uint8Array(256).map((_, at) =>
      all.reduce((bits, one) => bits | (one[at] ?? 0), 0),
    )
    expect(bytesToHex(sum)).toBe(view.logsBloom)
    expect(Buffer.from(all[1] ?? []).every((byte) => byte === 0)).toBe(true)
  })
})
