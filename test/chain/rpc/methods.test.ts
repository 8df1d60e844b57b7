// Shows the shape of what methods answer, over a chain in memory of three blocks with one
// transaction and one log each.

import { concat, encodeErrorResult, parseAbi } from 'viem'
import { describe, expect, it } from 'vitest'
import { limits } from '../../../chain/primitives/limits.ts'
import { sendSync } from '../../../chain/rpc/sendSync.ts'
import { at, createFakeBackend, GWEI, word } from './fakeBackend.ts'
import { createRpc } from './rpcFixture.ts'

const REVERT_ABI = parseAbi(['error Error(string)', 'error Panic(uint256)', 'error Mine(uint256)'])

describe('blocks', () => {
  it('have every field that the execution API demands', async () => {
    const { result } = await createRpc().call('eth_getBlockByNumber', ['0x2', true])
    expect(result).toMatchObject({
      number: '0x2',
      hash: word(1002),
      parentHash: word(1001),
      nonce: '0x0000000000000000',
      difficulty: '0x0',
      miner: at(0xbeef),
      mixHash: word(17),
      size: '0x2bc',
      uncles: [],
      sha3Uncles: '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347',
      withdrawals: [],
      baseFeePerGas: '0x3b9aca00',
      parentBeaconBlockRoot: word(16),
      requestsHash: word(15),
    })
  })

  it('are the head under latest, safe and finalized, and null beyond it', async () => {
    const { call } = createRpc()
    for (const tag of ['latest', 'safe', 'finalized']) {
      expect((await call('eth_getBlockByNumber', [tag])).result).toMatchObject({ number: '0x3' })
    }
    expect((await call('eth_getBlockByNumber', ['earliest'])).result).toMatchObject({
      number: '0x0',
    })
    expect((await call('eth_getBlockByNumber', ['0x4'])).result).toBeNull()
    expect((await call('eth_getBlockByHash', [word(9)])).result).toBeNull()
    expect((await call('eth_getBlockReceipts', ['0x4'])).result).toBeNull()
  })

  it('have no hash while pending', async () => {
    const { result } = await createRpc().call('eth_getBlockByNumber', ['pending', true])
    expect(result).toMatchObject({
      number: '0x4',
      hash: null,
      nonce: null,
      transactions: [{ blockHash: null, blockNumber: null, gasPrice: '0x2540be400' }],
    })
  })
})

describe('transactions', () => {
  it('carry block time, parity and the price that was paid', async () => {
    const { result } = await createRpc().call('eth_getTransactionByHash', [word(2002)])
    expect(result).toEqual({
      blockHash: word(1002),
      blockNumber: '0x2',
      blockTimestamp: '0x66',
      transactionIndex: '0x0',
      hash: word(2002),
      type: '0x2',
      from: at(1),
      to: at(0xc0),
      nonce: '0x1',
      gas: '0xc350',
      value: '0x0',
      input: '0x',
      gasPrice: `0x${(3n * GWEI).toString(16)}`,
      maxFeePerGas: `0x${(10n * GWEI).toString(16)}`,
      maxPriorityFeePerGas: `0x${(2n * GWEI).toString(16)}`,
      chainId: '0x4850',
      accessList: [],
      v: '0x1',
      yParity: '0x1',
      r: '0x5',
      s: '0x6',
    })
  })

  it('have receipts with exactly the listed fields', async () => {
    const { result } = await createRpc().call('eth_getTransactionReceipt', [word(2002)])
    expect(Object.keys(result as object).sort()).toEqual(
      'blockHash blockNumber contractAddress cumulativeGasUsed effectiveGasPrice from gasUsed logs logsBloom status to transactionHash transactionIndex type'.split(
        ' ',
      ),
    )
    expect(result).toMatchObject({
      status: '0x1',
      contractAddress: null,
      logs: [{ removed: false, blockTimestamp: '0x66', logIndex: '0x0' }],
    })
  })

  it('that nobody knows are null', async () => {
    const { call } = createRpc()
    expect((await call('eth_getTransactionByHash', [word(1)])).result).toBeNull()
    expect((await call('eth_getTransactionReceipt', [word(1)])).result).toBeNull()
    const pick = ['0x1', '0x5']
    expect((await call('eth_getTransactionByBlockNumberAndIndex', pick)).result).toBeNull()
  })
})

describe('state', () => {
  it('is the head by default, and EIP-1898 names any block', async () => {
    const { call } = createRpc()
    const wei = { result: '0xde0b6b3a7640000' }
    expect(await call('eth_getBalance', [at(1)])).toMatchObject(wei)
    expect(await call('eth_getBalance', [at(1), null])).toMatchObject(wei)
    expect(await call('eth_getBalance', [at(1), { blockNumber: '0x1' }])).toMatchObject(wei)
    expect(await call('eth_getBalance', [at(1), { blockHash: word(1001) }])).toMatchObject(wei)
    expect(await call('eth_getBalance', [at(1), word(1001)])).toMatchObject(wei)
  })

  it('of an unknown block is an error', async () => {
    const { call } = createRpc()
    for (const ref of ['0x4', { blockHash: word(5) }]) {
      expect((await call('eth_call', [{}, ref])).error).toMatchObject({
        code: -32001,
        data: { code: 'RPC_BLOCK_NOT_FOUND' },
      })
    }
  })

  it('has pending nonces', async () => {
    const { call } = createRpc()
    expect((await call('eth_getTransactionCount', [at(1), 'pending'])).result).toBe('0x9')
    expect((await call('eth_getTransactionCount', [at(1)])).result).toBe('0x7')
  })

  it('storage slots come padded or not, values are 32 bytes', async () => {
    const { call } = createRpc()
    for (const slot of ['0x5', '0x05', word(5)]) {
      expect((await call('eth_getStorageAt', [at(1), slot])).result).toBe(word(5))
    }
  })

  it('data and input may both be there when equal', async () => {
    const { call, state } = createRpc()
    await call('eth_call', [{ data: '0xab', input: '0xAB' }])
    expect(state.calls[0]?.data).toBe('0xab')
  })

  it('eth_call is capped in gas', async () => {
    const { call, state } = createRpc()
    await call('eth_call', [{ gas: '0xffffffffff' }])
    expect(state.calls[0]?.gas).toBe(100_000_000n)
  })
})

describe('reverts', () => {
  const revertWith = (returnData: `0x${string}`) =>
    createRpc({
      call: () => ({
        returnData,
        gasUsed: 1n,
        failure: { kind: 'revert', reason: 'execution reverted' },
      }),
    })

  it.each([
    [
      'execution reverted: too late',
      encodeErrorResult({ abi: REVERT_ABI, errorName: 'Error', args: ['too late'] }),
    ],
    [
      'execution reverted: arithmetic underflow or overflow',
      encodeErrorResult({ abi: REVERT_ABI, errorName: 'Panic', args: [0x11n] }),
    ],
    [
      'execution reverted: unknown panic code: 153',
      encodeErrorResult({ abi: REVERT_ABI, errorName: 'Panic', args: [0x99n] }),
    ],
    ['execution reverted', encodeErrorResult({ abi: REVERT_ABI, errorName: 'Mine', args: [1n] })],
    ['execution reverted', '0x'],
    ['execution reverted', '0x08c379a0'],
    ['execution reverted', concat(['0x08c379a0', word(32), word(1_000)])],
    ['execution reverted', concat(['0x08c379a0', word(2n ** 255n)])],
  ] as const)('say "%s"', async (message, data) => {
    for (const method of ['eth_call', 'eth_estimateGas']) {
      expect((await revertWith(data).call(method, [{}])).error).toEqual({ code: 3, message, data })
    }
  })

  it('differ from running out of gas and from other faults', async () => {
    const fail = (kind: 'outOfGas' | 'other', reason: string) =>
      createRpc({ call: () => ({ returnData: '0x', gasUsed: 1n, failure: { kind, reason } }) })
    const out = await fail('outOfGas', 'out of gas').call('eth_estimateGas', [{ gas: '0x5208' }])
    expect(out.error).toMatchObject({
      code: -32000,
      message: 'gas required exceeds allowance (21000)',
    })
    const other = await fail('other', 'invalid opcode: INVALID').call('eth_call', [{}])
    expect(other.error).toMatchObject({ code: -32000, message: 'invalid opcode: INVALID' })
  })
})

describe('eth_estimateGas', () => {
  /** A message that pays for `used` but fails below `needed`. */
  const needs = (used: bigint, needed: bigint) =>
    createRpc({
      call: ({ gas = 0n }) => ({
        returnData: '0x',
        gasUsed: used,
        ...(gas < needed ? { failure: { kind: 'outOfGas', reason: 'out of gas' } } : {}),
      }),
    })

  it('is exact when what is paid is enough', async () => {
    const { call, state } = needs(21_000n, 21_000n)
    expect((await call('eth_estimateGas', [{}])).result).toBe('0x5208')
    expect(state.calls).toHaveLength(2)
    expect(state.calls[0]?.asTransaction).toBe(true)
  })

  it.each([
    [50_000n, 51_000n],
    [50_000n, 90_000n],
    [30_000n, 16_777_216n],
    [60_000n, 3_000_000n],
  ])('finds enough when %d is paid and %d is needed, in bounded steps', async (used, needed) => {
    const { call, state } = needs(used, needed)
    const estimate = BigInt((await call('eth_estimateGas', [{}])).result as string)
    expect(estimate >= needed).toBe(true)
    expect(estimate <= (needed * 103n) / 100n + 2_300n).toBe(true)
    expect(state.calls.length).toBeLessThan(20)
  })

  it('is bounded by what the sender can pay', async () => {
    const { call, state } = needs(21_000n, 21_000n)
    await call('eth_estimateGas', [{ from: at(1), gasPrice: '0x9184e72a000' }])
    expect(state.calls[0]?.gas).toBe(100_000n)
    const poor = await call('eth_estimateGas', [{ from: at(1), value: '0xde0b6b3a7640001' }])
    expect(poor.error).toMatchObject({
      code: -32000,
      data: { code: 'RPC_INSUFFICIENT_FUNDS' },
    })
    expect(poor.error?.message).toContain('insufficient funds for gas * price + value')
  })
})

describe('fees', () => {
  it('have a history with one base fee more than blocks', async () => {
    const { result } = await createRpc().call('eth_feeHistory', ['0x2', 'latest', [10, 50.5]])
    expect(result).toEqual({
      oldestBlock: '0x2',
      baseFeePerGas: ['0x3b9aca00', '0x3b9aca00', '0x3b9aca00'],
      gasUsedRatio: [0.001, 0.001],
      baseFeePerBlobGas: ['0x1', '0x1', '0x1'],
      blobGasUsedRatio: [0, 0],
      reward: [
        ['0x77359400', '0x77359400'],
        ['0x77359400', '0x77359400'],
      ],
    })
  })

  it('history ends at genesis', async () => {
    const { result } = await createRpc().call('eth_feeHistory', [1_000, 'latest'])
    expect(result).toMatchObject({ oldestBlock: '0x0', gasUsedRatio: [0, 0.001, 0.001, 0.001] })
    expect(result).not.toHaveProperty('reward')
  })

  it('are suggested from what was lately paid', async () => {
    const { call } = createRpc()
    expect((await call('eth_maxPriorityFeePerGas')).result).toBe('0x77359400')
    expect((await call('eth_gasPrice')).result).toBe(`0x${(3n * GWEI).toString(16)}`)
    const fresh = createRpc({ height: 0n })
    expect((await fresh.call('eth_maxPriorityFeePerGas')).result).toBe('0x3b9aca00')
  })
})

describe('logs', () => {
  it('are searched by range and by block hash', async () => {
    const { call } = createRpc()
    const range = await call('eth_getLogs', [{ fromBlock: 'earliest' }])
    expect(range.result).toHaveLength(3)
    expect((await call('eth_getLogs', [{ blockHash: word(1002) }])).result).toHaveLength(1)
    const unknown = await call('eth_getLogs', [{ blockHash: word(5) }])
    expect(unknown.error?.code).toBe(-32001)
  })
})

describe('filters', () => {
  it('deliver each log and block once', async () => {
    const { call, grow } = createRpc()
    const logs = (await call('eth_newFilter', [{}])).result
    const blocks = (await call('eth_newBlockFilter')).result
    grow(2)
    expect((await call('eth_getFilterChanges', [logs])).result).toHaveLength(2)
    expect((await call('eth_getFilterChanges', [logs])).result).toEqual([])
    const expected = { result: [word(1004), word(1005)] }
    expect(await call('eth_getFilterChanges', [blocks])).toMatchObject(expected)
    expect((await call('eth_getFilterLogs', [logs])).result).toHaveLength(1)
  })

  it('collect pending hashes', async () => {
    const { call } = createRpc()
    const id = (await call('eth_newPendingTransactionFilter')).result
    const hash = (await call('eth_sendRawTransaction', ['0x02'])).result
    expect((await call('eth_getFilterChanges', [id])).result).toEqual([hash])
    expect((await call('eth_getFilterChanges', [id])).result).toEqual([])
  })

  it('keep what a poll could not deliver because it was too much', async () => {
    const { call, grow, state } = createRpc()
    const id = (await call('eth_newFilter', [{}])).result
    grow(limits.logResultMax + 1)
    for (const _ of [1, 2]) {
      const { error } = await call('eth_getFilterChanges', [id])
      expect(error).toMatchObject({ code: -32005, data: { code: 'RPC_LIMIT_EXCEEDED' } })
    }
    state.height--
    const { result } = await call('eth_getFilterChanges', [id])
    expect(result).toHaveLength(limits.logResultMax)
  })

  it('deliver again what a chain that went back mines again', async () => {
    const { call, grow, state } = createRpc()
    const id = (await call('eth_newBlockFilter')).result
    grow(2)
    await call('eth_getFilterChanges', [id])
    state.height = 3n
    grow(1)
    expect((await call('eth_getFilterChanges', [id])).result).toEqual([word(1004)])
  })

  it('are bounded, can be removed, and go when nobody polls', async () => {
    const { call, clock } = createRpc()
    const ids: unknown[] = []
    for (let i = 0; i < 3; i++) ids.push((await call('eth_newBlockFilter')).result)
    const full = await call('eth_newBlockFilter')
    expect(full.error).toMatchObject({ code: -32005, data: { code: 'RPC_LIMIT_EXCEEDED' } })
    expect((await call('eth_uninstallFilter', [ids[0]])).result).toBe(true)
    expect((await call('eth_uninstallFilter', [ids[0]])).result).toBe(false)
    clock.now = 300_001
    const gone = await call('eth_getFilterChanges', [ids[1]])
    expect(gone.error).toMatchObject({ code: -32000, data: { code: 'RPC_FILTER_NOT_FOUND' } })
    expect(gone.error?.message).toContain('filter not found')
  })
})

describe('eth_sendRawTransactionSync', () => {
  it('answers with code 4 and the hash when no block comes in time', async () => {
    const { call, state, listeners } = createRpc()
    const before = listeners.size
    const { error } = await call('eth_sendRawTransactionSync', ['0x02', 1])
    expect(error).toMatchObject({ code: 4, data: state.submitted[0] })
    expect(listeners.size).toBe(before)
  })

  it('stops waiting when the client has gone', async () => {
    const { backend, state, listeners } = createFakeBackend()
    const gone = new AbortController()
    const options = { timeoutMs: 60_000, signal: gone.signal }
    const waiting = sendSync(backend, new Uint8Array([2]), options)
    await expect.poll(() => state.submitted.length).toBe(1)
    gone.abort()
    await expect(waiting).rejects.toMatchObject({
      facts: { code: 'RPC_WAIT_ABORTED', hash: state.submitted[0] },
    })
    expect(listeners.size).toBe(0)
  })
})

describe('development methods', () => {
  it('answer as Hardhat does', async () => {
    const { call } = createRpc()
    expect((await call('web3_clientVersion')).result).toMatch(/^hardhat\/poca/)
    expect((await call('evm_increaseTime', [60])).result).toBe('60')
    expect((await call('evm_mine')).result).toBe('0x0')
    expect((await call('evm_setNextBlockTimestamp', ['0x100'])).result).toBe('256')
    expect((await call('hardhat_mine', ['0x5', '0x1'])).result).toBe(true)
    expect((await call('evm_setAutomine', [false])).result).toBe(true)
    expect((await call('hardhat_getAutomine')).result).toBe(false)
    expect((await call('evm_snapshot')).result).toBe('0x1')
    expect((await call('evm_revert', ['0x1'])).result).toBe(true)
    expect((await call('evm_revert', ['0x2'])).result).toBe(false)
    expect((await call('hardhat_metadata')).result).toEqual({
      clientVersion: 'hardhat/poca-test',
      chainId: 18512,
      instanceId: word(77),
      latestBlockNumber: 3,
      latestBlockHash: word(1003),
    })
    expect((await call('anvil_nodeInfo')).result).toMatchObject({ currentBlockNumber: '0x3' })
  })

  it('refuse a time that is not later', async () => {
    const { error } = await createRpc().call('evm_setNextBlockTimestamp', [103])
    expect(error).toMatchObject({ code: -32602, data: { code: 'RPC_TIME_NOT_LATER', head: '103' } })
  })

  it('sign only for accounts whose keys the node holds', async () => {
    const { call } = createRpc()
    expect((await call('eth_sign', [at(1), '0x00'])).result).toMatch(/^0x[0-9a-f]{130}$/)
    for (const [method, params] of [
      ['eth_sign', [at(2), '0x00']],
      ['eth_sendTransaction', [{ from: at(2) }]],
    ] as const) {
      expect((await call(method, params)).error).toMatchObject({
        code: -32000,
        data: { code: 'RPC_UNKNOWN_ACCOUNT', address: at(2) },
      })
    }
  })
})

describe('poca methods', () => {
  it('keep notices under their topic', async () => {
    const { call } = createRpc()
    expect((await call('poca_postNotice', [word(1), '0xab'])).result).toBe(true)
    expect((await call('poca_notices', [word(1)])).result).toEqual(['0xab'])
    expect((await call('poca_notices', [word(2)])).result).toEqual([])
  })
})
