// Shows that no method falls over garbage: every method that takes a parameter refuses each kind of
// rubbish with -32602, and nothing is ever an internal error.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { at, word } from './fakeBackend.ts'
import { createRpc } from './rpcFixture.ts'

const H = word(1)
const A = at(1)

/** Per method: parameters that are each wrong in one place. */
const garbage: Record<string, readonly unknown[][]> = {
  eth_feeHistory: [
    ['0x01'],
    [-1],
    [1.5],
    ['0x1', 'newest'],
    ['0x1', 'latest', [2, 1]],
    ['0x1', 'latest', [101]],
    ['0x1', 'latest', 5],
  ],
  web3_sha3: [[], ['00'], ['0x1'], [1]],
  eth_getBlockByNumber: [[], ['0x'], ['0x00'], [1], ['last'], ['0x1', 'yes'], [{}], [null]],
  eth_getBlockByHash: [[], ['0x1'], [H, 1], [`${H}00`]],
  eth_getHeaderByNumber: [[], ['new']],
  eth_getHeaderByHash: [[], ['0x']],
  eth_getBlockTransactionCountByNumber: [[], ['0xzz']],
  eth_getBlockTransactionCountByHash: [[], ['0x12']],
  eth_getBlockReceipts: [['nope'], [{ blockNumber: '0x1', blockHash: H }], [{}], [7]],
  eth_getUncleCountByBlockNumber: [[], ['x']],
  eth_getUncleCountByBlockHash: [[], ['x']],
  eth_getUncleByBlockNumberAndIndex: [[], ['0x1', '1']],
  eth_getUncleByBlockHashAndIndex: [[], [H, 1]],
  eth_getBalance: [
    [],
    ['0x12'],
    ['me'],
    [A, 'now'],
    [A, { blockHash: '0x1' }],
    [A, { blockHash: H, requireCanonical: 1 }],
    [A, 'latest', 1],
  ],
  eth_getTransactionCount: [[], [A, 'now'], [1]],
  eth_getCode: [[], [A, []], [`${A}00`]],
  eth_getStorageAt: [[A], [A, '0x'], [A, `0x${'0'.repeat(65)}`], [A, '0x0', 'now'], [A, 0]],
  eth_getProof: [[A], [A, '0x0'], [A, ['zero']], [A, Array(1_025).fill('0x0')]],
  eth_call: [
    [],
    [1],
    [[]],
    [{ to: '0x1' }],
    [{ value: '0x01' }],
    [{ gas: -1 }],
    [{ data: '0x1' }],
    [{ data: '0x01', input: '0x02' }],
    [{ chainId: '0x1' }],
    [{ gasPrice: '0x1', maxFeePerGas: '0x1' }],
    [{ accessList: [{}] }],
    [{ authorizationList: [{}] }],
    [{ blobVersionedHashes: [] }],
    [{}, 'now'],
    [{}, 'latest', { [A]: { state: {}, stateDiff: {} } }],
    [{}, 'latest', { x: {} }],
    [{}, 'latest', {}, { time: '0x1' }],
  ],
  eth_createAccessList: [[], [1], [{ to: '0x1' }], [{}, 'now'], [{ chainId: '0x1' }]],
  eth_estimateGas: [
    [],
    ['0x'],
    [{ from: 1 }],
    [{ chainId: '0x1' }],
    [{ maxFeePerGas: '0x1', maxPriorityFeePerGas: '0x2' }],
  ],
  eth_sendRawTransaction: [[], ['0x1'], [[]], [{}]],
  eth_sendRawTransactionSync: [[], ['0x1'], ['0x02', -1], ['0x02', 'soon']],
  eth_getTransactionByHash: [[], ['0x1']],
  eth_getTransactionReceipt: [[], [null]],
  eth_getTransactionByBlockNumberAndIndex: [[], ['0x1'], ['0x1', '0x01']],
  eth_getTransactionByBlockHashAndIndex: [[], [H], [H, {}]],
  eth_getRawTransactionByHash: [[], ['0x1']],
  debug_traceTransaction: [
    [],
    ['0x1'],
    [H],
    [H, {}],
    [H, { tracer: 'prestateTracer' }],
    [H, { tracer: 'callTracer', tracerConfig: 1 }],
    [H, { tracer: 'callTracer', tracerConfig: { onlyTopCall: 1 } }],
    [H, { tracer: 'callTracer', tracerConfig: { withLog: true } }],
  ],
  debug_traceBlockByNumber: [[], ['0x1'], ['x', { tracer: 'callTracer' }]],
  debug_traceBlockByHash: [[], [H], ['0x1', { tracer: 'callTracer' }]],
  debug_getRawTransaction: [[], ['0x1']],
  eth_getLogs: [
    [],
    [1],
    [{ address: 'x' }],
    [{ topics: 'x' }],
    [{ topics: [[[]]] }],
    [{ topics: [null, null, null, null, null] }],
    [{ fromBlock: '0x2', toBlock: '0x1' }],
    [{ toBlock: '0xff' }],
    [{ blockHash: H, fromBlock: '0x1' }],
    [{ fromBlock: 'x' }],
  ],
  eth_newFilter: [[], [{ blockHash: H }], [{ address: [1] }]],
  eth_getFilterChanges: [[], ['0x'], ['0x01'], [1]],
  eth_getFilterLogs: [[], [{}]],
  eth_uninstallFilter: [[], ['id']],
  eth_subscribe: [[], ['news'], [1], ['logs', 1], ['newPendingTransactions', 'all']],
  eth_unsubscribe: [[], ['x']],
  txpool_contentFrom: [[], ['x']],
  poca_postNotice: [[], [H], ['0x1', '0x'], [H, `0x${'00'.repeat(513)}`]],
  poca_notices: [[], ['topic']],
  eth_sendTransaction: [[], [{}], [{ from: A, chainId: '0x1' }]],
  eth_signTransaction: [[], [{}]],
  eth_sign: [[], [A], [A, 'text']],
  personal_sign: [[], ['text', A], ['0x00']],
  eth_signTypedData_v4: [
    [],
    [A],
    [A, 'not json'],
    [A, '[]'],
    [A, {}],
    [A, { types: {}, primaryType: 'X', message: {} }],
  ],
  evm_increaseTime: [[], [-1], ['1'], [{}]],
  evm_mine: [['soon'], [1], [{ blocks: -1 }]],
  evm_setNextBlockTimestamp: [[], [1], ['x']],
  evm_setAutomine: [[], [1]],
  evm_setIntervalMining: [[], [-5], [2 ** 31]],
  evm_revert: [[], ['x']],
  hardhat_mine: [['0x01'], [100_001], [1, -1]],
  hardhat_dropTransaction: [[], ['0x1']],
  anvil_increaseTime: [[]],
  anvil_mine: [['x']],
  anvil_setNextBlockTimestamp: [[]],
  anvil_setAutomine: [[]],
  anvil_setIntervalMining: [[]],
  anvil_revert: [[]],
  anvil_dropTransaction: [[]],
}

describe('parameters', () => {
  it.each(Object.entries(garbage))('%s refuses garbage', async (method, cases) => {
    const { call, bugs } = createRpc()
    for (const params of cases) {
      const { error } = await call(method, params)
      expect(error, `${method} ${JSON.stringify(params)}`).toMatchObject({ code: -32602 })
    }
    expect(bugs).toEqual([])
  })

  it('the table names every method that takes a parameter', async () => {
    const { methods, call } = createRpc()
    for (const name of Object.keys(methods)) {
      if (name in garbage) continue
      expect((await call(name, [1])).error?.code, name).toBe(-32602)
    }
    for (const name of Object.keys(garbage)) expect(Object.keys(methods)).toContain(name)
  })

  it('nothing that JSON can hold makes a method fail inside', async () => {
    const { methods, call, bugs } = createRpc()
    const names = Object.keys(methods).filter((name) => name !== 'eth_sendRawTransactionSync')
    const likely = fc.constantFrom<unknown>(H, A, '0x1', '0x', 'latest', {}, [], null, true, 0)
    const params = fc.array(fc.oneof(likely, fc.jsonValue()), { maxLength: 4 })
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), params, async (name, given) => {
        const answer = await call(name, given)
        expect(answer.error?.code ?? 0).not.toBe(-32603)
        expect(bugs).toEqual([])
      }),
      { numRuns: 3_000 },
    )
  })
})
