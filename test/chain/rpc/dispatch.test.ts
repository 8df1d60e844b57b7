// Shows that requests, notifications and batches are answered as JSON-RPC 2.0 says.
import { describe, expect, it } from 'vitest'
import { createRpc } from './rpcFixture.ts'

const request = (changes: object = {}) => ({
  jsonrpc: '2.0',
  id: 1,
  method: 'eth_chainId',
  ...changes,
})

describe('createDispatch', () => {
  it('answers a request with its id', async () => {
    const { send } = createRpc()
    for (const id of [1, 'a', null, 0]) {
      expect(await send(request({ id }))).toEqual({ jsonrpc: '2.0', id, result: '0x4850' })
    }
  })

  it.each(['{', '', 'undefined', '[{"jsonrpc":'])('answers %j with a parse error', async (text) => {
    expect(await createRpc().send(text)).toMatchObject({ id: null, error: { code: -32700 } })
  })

  it.each([
    1,
    null,
    'text',
    {},
    [],
    request({ jsonrpc: '1.0' }),
    request({ jsonrpc: undefined }),
    request({ method: 7 }),
    request({ method: undefined }),
    request({ params: 'no' }),
    request({ params: null }),
  ])('answers %j with an invalid request', async (bad) => {
    expect(await createRpc().send(JSON.stringify(bad))).toMatchObject({ error: { code: -32600 } })
  })

  it('answers an unusable id with null', async () => {
    const answer = await createRpc().send(request({ id: {} }))
    expect(answer).toMatchObject({ id: null, error: { code: -32600 } })
  })

  it.each(['eth_nothing', '', 'constructor', '__proto__', 'toString'])(
    'does not know the method %j',
    async (method) => {
      const { error } = await createRpc().call(method)
      expect(error).toMatchObject({
        code: -32601,
        message: `the method ${method} does not exist/is not available`,
        data: { code: 'RPC_METHOD_NOT_FOUND', method },
      })
    },
  )

  it('refuses named and surplus parameters', async () => {
    const { call } = createRpc()
    expect((await call('eth_chainId', { a: 1 })).error?.code).toBe(-32602)
    expect((await call('eth_chainId', [1])).error?.code).toBe(-32602)
  })

  it('runs a notification and answers nothing', async () => {
    const { send, state } = createRpc()
    const notification = { jsonrpc: '2.0', method: 'eth_sendRawTransaction', params: ['0x02'] }
    expect(await send(notification)).toBeUndefined()
    expect(state.submitted).toHaveLength(1)
    expect(await send({ jsonrpc: '2.0', method: 'eth_nothing' })).toBeUndefined()
  })

  it('answers a batch in order and leaves notifications out', async () => {
    const answer = await createRpc().send([
      request({ id: 2 }),
      { jsonrpc: '2.0', method: 'eth_chainId' },
      7,
      request({ id: 1, method: 'eth_nothing' }),
    ])
    expect(answer).toMatchObject([
      { id: 2, result: '0x4850' },
      { id: null, error: { code: -32600 } },
      { id: 1, error: { code: -32601 } },
    ])
  })

  it('answers nothing to a batch of notifications', async () => {
    expect(await createRpc().send([request({ id: undefined })])).toBeUndefined()
  })

  it('takes 1,000 calls in a batch and not one more', async () => {
    const { send } = createRpc()
    const batch = Array.from({ length: 1_000 }, (_, id) => request({ id }))
    expect(await send(batch)).toHaveLength(1_000)
    expect(await send([...batch, request()])).toMatchObject({
      error: { code: -32600, data: { code: 'RPC_BATCH_TOO_BIG', count: 1_001 } },
    })
  })

  it('stops running a batch whose answers grow too large', async () => {
    const { send } = createRpc({ batchResponseSizeMax: 100 })
    const batch = [1, 2, 3, 4].map((id) => request({ id }))
    expect(await send(batch)).toMatchObject([
      { id: 1, result: '0x4850' },
      { id: 2, result: '0x4850' },
      { id: 3, result: '0x4850' },
      { id: 4, error: { code: -32005, data: { code: 'RPC_RESPONSE_TOO_BIG', sizeMax: 100 } } },
    ])
  })

  it('keeps the details of its own faults to itself', async () => {
    const { call, bugs } = createRpc({
      call: () => {
        throw new Error('secret path')
      },
    })
    const { error } = await call('eth_call', [{}])
    expect(error).toEqual({ code: -32603, message: 'internal error' })
    expect(bugs).toHaveLength(1)
  })

  it('keeps development methods to requests addressed to this machine', async () => {
    const { call } = createRpc({ isLocal: false })
    expect((await call('evm_mine')).error).toMatchObject({
      code: -32004,
      data: { code: 'RPC_FOREIGN_HOST' },
    })
    expect((await call('eth_chainId')).result).toBe('0x4850')
  })

  it('has no development methods without development controls', async () => {
    const { call } = createRpc({ hasDev: false })
    expect((await call('evm_mine')).error?.code).toBe(-32601)
    expect((await call('hardhat_metadata')).error?.code).toBe(-32601)
    expect((await call('eth_accounts')).result).toEqual([])
  })
})
