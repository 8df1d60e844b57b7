// Blocks built by the reference engine, re-executed by an unmodified @ethereumjs/vm with its own
// uncached state manager and JavaScript crypto: every result must be the same.

import { EVMMockBlockchain } from '@ethereumjs/evm'
import { MerkleStateManager } from '@ethereumjs/statemanager'
import { bytesToHex, createAddressFromString } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { encodeFunctionData } from 'viem'
import { describe, expect, test } from 'vitest'
import { predeploys } from '../../../chain/system/addresses.ts'
import { putGenesisAccounts } from '../../../chain/system/genesis/loadGenesis.ts'
import {
  addresses,
  asciiWord,
  common,
  keys,
  paramsAbi,
  say,
  signTx,
  smallGenesis,
  toolAbi,
  toolAddress,
  word,
} from '../fixtures/smallChain.ts'
import { createTestChain, decode, proposer, type TestChain } from './harness.ts'

/** Runs all blocks on stock parts and compares what each header states. */
async function replay(chain: TestChain): Promise<void> {
  const state = new MerkleStateManager({ common })
  await putGenesisAccounts(state, chain.genesis.accounts)
  expect(bytesToHex(await state.getStateRoot())).toBe(chain.blocks[0]?.stateRoot)
  const blockchain = new (class extends EVMMockBlockchain {
    override async getBlock(height = 0) {
      const hash = decode(chain.blocks[height]?.raw as Uint8Array).hash()
      return { hash: () => new Uint8Array(hash) }
    }
  })()
  const vm = await createVM({ common, stateManager: state, blockchain })
  for (const built of chain.blocks.slice(1)) {
    const block = decode(built.raw)
    const result = await runBlock(vm, { block, skipHeaderValidation: true })
    expect(bytesToHex(result.stateRoot)).toBe(built.stateRoot)
    expect(bytesToHex(result.receiptsRoot)).toBe(bytesToHex(block.header.receiptTrie))
    expect(result.logsBloom).toEqual(block.header.logsBloom)
    expect(result.gasUsed).toBe(block.header.gasUsed)
    expect(result.receipts.map((r) => r.cumulativeBlockGasUsed)).toEqual(
      built.receipts.decode().map((r) => r.cumulativeGasUsed),
    )
  }
}

const call = (data: `0x${string}`, nonce: bigint, value = 0n, gas = 300_000n) =>
  signTx({ nonce, to: toolAddress, data, value, gas })

describe('build', () => {
  test('an empty block holds the system transaction alone and replays on stock parts', async () => {
    const chain = await createTestChain()
    const block = await chain.build()
    expect(block.receipts.count).toBe(1)
    expect(block.receipts.decode()[0]).toMatchObject({
      status: 1,
      type: 2,
      to: predeploys.systemHub,
    })
    expect(block.isDegraded).toBe(false)
    await chain.build()
    await replay(chain)
  })

  test('transfers, logs, reverts, creations, self-destruction and hashes replay', async () => {
    const chain = await createTestChain()
    const tool = (name: 'refuse' | 'hashOf', arg: bigint) =>
      encodeFunctionData({ abi: toolAbi, functionName: name, args: [arg] })
    const vanish = encodeFunctionData({ abi: toolAbi, functionName: 'vanish' })
    const first = await chain.build([
      signTx({ nonce: 0n, to: addresses[2] as `0x${string}`, value: 5n }),
      call(say(word(7n), 1n), 1n),
      call(tool('refuse', 9n), 2n),
      call(vanish, 3n, 1_000n),
      signTx({ nonce: 4n, data: '0x6001600155600160015260206000f3', gas: 500_000n }),
      signTx({ key: keys[2] as Uint8Array, nonce: 0n, to: toolAddress, data: say(word(8n), 2n) }),
    ])
    expect(first.dropped).toEqual([])
    expect(first.receipts.decode().map((r) => r.status)).toEqual([1, 1, 0, 1, 1, 1, 1])
    expect(first.receipts.at(4)?.contractAddress).toMatch(/^0x[0-9a-f]{40}$/)
    expect(first.receipts.at(1)?.logs).toEqual([
      expect.objectContaining({ address: toolAddress, data: word(1n) }),
    ])
    await chain.build([call(tool('hashOf', 1n), 5n), call(say(word(9n), 3n), 6n)])
    await chain.build([call(say(word(9n), 0n), 7n)])
    await replay(chain)
  })

  test('transactions that cannot run are dropped with a reason and change nothing', async () => {
    const chain = await createTestChain()
    const bad = [
      call(say(word(1n), 1n), 5n),
      signTx({ nonce: 0n, to: toolAddress, value: 10n ** 30n }),
      signTx({ nonce: 0n, to: toolAddress, maxFee: 5n, tip: 1n }),
      { ...call(say(word(1n), 1n), 0n), raw: new Uint8Array([2, 0xc0]) },
    ]
    const block = await chain.build(bad)
    expect(block.dropped).toHaveLength(4)
    expect(block.dropped.every(({ reason }) => reason.length > 10)).toBe(true)
    expect(block.receipts.count).toBe(1)
    await replay(chain)
  })

  test('an exception inside the EVM drops the transaction and leaves nothing of it', async () => {
    const bomb = '0x0000000000000000000000000000000000b0b0b0'
    const chain = await createTestChain({
      evmOpts: {
        customPrecompiles: [
          {
            address: createAddressFromString(bomb),
            function: () => {
              throw new Error('a bug in a precompile')
            },
          },
        ],
      },
    })
    const bad = signTx({ nonce: 0n, to: bomb, value: 7n })
    const good = [
      signTx({ key: keys[2] as Uint8Array, nonce: 0n, to: toolAddress, data: say(word(1n), 1n) }),
      signTx({ key: keys[3] as Uint8Array, nonce: 0n, to: toolAddress, data: say(word(1n), 1n) }),
    ]
    const block = await chain.build([good[0], bad, good[1]] as never)
    expect(block.dropped).toEqual([{ hash: bad.hash, reason: 'a bug in a precompile' }])
    expect(block.receipts.count).toBe(3)
    await replay(chain)
  })

  test('calls of every precompile leave the supply as it is', async () => {
    const chain = await createTestChain()
    const calls = Array.from({ length: 20 }, (_, i) =>
      signTx({ nonce: BigInt(i), to: `0x${i.toString(16).padStart(40, '0')}`, value: 1n }),
    )
    const block = await chain.build(calls)
    expect(block.dropped).toEqual([])
    expect(block.receipts.count).toBe(21)
  })

  test('nobody but the system transaction may call endBlock', async () => {
    const chain = await createTestChain()
    const tx = decode((await chain.build()).raw).transactions[0]
    const stray = signTx({
      nonce: 0n,
      to: predeploys.systemHub,
      data: bytesToHex(tx?.data ?? new Uint8Array()),
    })
    const block = await chain.build([stray])
    expect(block.dropped).toEqual([
      { hash: stray.hash, reason: expect.stringContaining('end a block') },
    ])
  })

  test('user transactions leave room for the system transaction', async () => {
    const chain = await createTestChain()
    const data = encodeFunctionData({ abi: toolAbi, functionName: 'spin' })
    const spins = [0n, 1n].map((nonce) =>
      signTx({ nonce, to: toolAddress, data, gas: 12_000_000n }),
    )
    const block = await chain.build(spins)
    // The first uses all of its 12 of 20 million; the second does not fit any more.
    expect(block.receipts.decode().map((r) => [r.status, r.gasUsed > 11_000_000n])).toEqual([
      [0, true],
      [1, false],
    ])
    expect(block.dropped).toEqual([])
  })

  test('the base fee follows EIP-1559 with the governed denominator and floor', async () => {
    const chain = await createTestChain()
    const floor = (value: bigint) =>
      encodeFunctionData({
        abi: paramsAbi,
        functionName: 'set',
        args: [asciiWord('fee.floor'), value],
      })
    await chain.build()
    expect(await chain.engine.nextBaseFee(chain.parent())).toBe(1_000_000_000n)
    await chain.build([
      signTx({ nonce: 0n, to: predeploys.protocolParams, data: floor(2_000_000_000n) }),
    ])
    expect(await chain.engine.nextBaseFee(chain.parent())).toBe(2_000_000_000n)
    expect(await chain.engine.baseFeeFloor(chain.parent())).toBe(2_000_000_000n)
    await chain.build()
    expect(decode(chain.blocks.at(-1)?.raw as Uint8Array).header.baseFeePerGas).toBe(2_000_000_000n)
    await replay(chain)
  })

  test('a proposer without gas float is told so, with the numbers', async () => {
    const genesis = smallGenesis({ balances: { [proposer.coinbase]: 1n } })
    const chain = await createTestChain({ genesis })
    await expect(chain.build()).rejects.toMatchObject({
      facts: { code: 'EVM_NO_GAS_FLOAT', balance: 1n, required: 10n ** 16n },
    })
  })

  test('a payment in the same block may be the float', async () => {
    const genesis = smallGenesis({ balances: { [proposer.coinbase]: 0n } })
    const chain = await createTestChain({ genesis })
    const gift = signTx({ nonce: 0n, to: proposer.coinbase, value: 10n ** 18n })
    const block = await chain.build([gift])
    expect(block.receipts.count).toBe(2)
    await replay(chain)
  })

  test('the proposer may spend what the transactions before have tipped it', async () => {
    const genesis = smallGenesis({ balances: { [proposer.coinbase]: 2n * 10n ** 16n } })
    const chain = await createTestChain({ genesis })
    const to = addresses[3] as `0x${string}`
    const fees = { tip: 10n ** 12n, maxFee: 2n * 10n ** 12n }
    const tipping = signTx({ nonce: 0n, to, value: 1n, gas: 21_000n, ...fees })
    const key = keys[0] as Uint8Array
    const spending = signTx({ key, nonce: 0n, to, value: 25n * 10n ** 15n, gas: 21_000n })
    const block = await chain.build([tipping, spending])
    expect(block.dropped).toEqual([])
    expect(block.receipts.count).toBe(3)
    await replay(chain)
  })

  test.each([
    ['somebody', '0x00000000000000000000000000000000000d1000'],
    ['the proposer', proposer.coinbase],
  ] as const)('storage of an empty account, %s, goes with it for good', async (_, address) => {
    const { accounts, ...rest } = smallGenesis({ balances: { [proposer.coinbase]: 0n } })
    const storage = [[word(1n), word(5n)]] as const
    const empty = { address, balance: 0n, nonce: 0n, code: '0x', storage } as const
    const chain = await createTestChain({ genesis: { ...rest, accounts: [...accounts, empty] } })
    const pay = (nonce: bigint, to: `0x${string}`, value: bigint) =>
      signTx({ nonce, to, value, gas: 21_000n, tip: 0n })
    const { dropped } = await chain.build([
      pay(0n, address, 0n),
      pay(1n, address, 7n),
      pay(2n, proposer.coinbase, 10n ** 18n),
    ])
    expect(dropped).toEqual([])
    await replay(chain)
  })

  test('transactions that would spend the float are left out of the block', async () => {
    const genesis = smallGenesis({ balances: { [proposer.coinbase]: 2n * 10n ** 16n } })
    const chain = await createTestChain({ genesis })
    const key = keys[0] as Uint8Array
    const drain = signTx({
      key,
      nonce: 0n,
      to: addresses[3] as `0x${string}`,
      value: 15n * 10n ** 15n,
      gas: 21_000n,
    })
    const other = signTx({ nonce: 0n, to: addresses[3] as `0x${string}`, value: 1n })
    const block = await chain.build([drain, other])
    expect(block.receipts.count).toBe(2)
    expect(block.dropped).toEqual([
      { hash: drain.hash, reason: 'it leaves the proposer without coin to end the block' },
    ])
    await replay(chain)
  })
})
