// Shows one port serving HTTP and WebSocket: a real server on a free port, raw requests.
import { once } from 'node:events'
import { request as httpRequest } from 'node:http'
import { connect } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import WebSocket from 'ws'
import { RpcError } from '../../../chain/rpc/errors.ts'
import { at, blockAt, receiptIn, receiptListOf, word } from './fakeBackend.ts'
import { startRpc } from './rpcFixture.ts'

const running: { stop(): Promise<void> }[] = []

async function start(options: Parameters<typeof startRpc>[0] = {}) {
  const rpc = await startRpc(options)
  running.push(rpc.server)
  return rpc
}

afterEach(async () => {
  for (const server of running.splice(0)) await server.stop()
})

const chainId = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'eth_chainId' })
const post = (url: string, body: string) => fetch(url, { method: 'POST', body })

/** Posts with a header that fetch does not let its caller set. */
function postAs(port: number, host: string, body: string): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const request = httpRequest({ port, method: 'POST', headers: { host } }, (response) => {
      let text = ''
      response.on('data', (chunk) => {
        text += chunk
      })
      response.on('end', () => resolve(JSON.parse(text)))
    })
    request.on('error', reject)
    request.end(body)
  })
}

async function openSocket(url: string) {
  const socket = new WebSocket(url.replace('http', 'ws'))
  const messages: unknown[] = []
  const waiting: ((message: unknown) => void)[] = []
  socket.on('message', (data) => {
    const message: unknown = JSON.parse(data.toString())
    const next = waiting.shift()
    if (next === undefined) messages.push(message)
    else next(message)
  })
  await once(socket, 'open')
  const receive = () =>
    messages.length > 0
      ? Promise.resolve(messages.shift())
      : new Promise<unknown>((resolve) => waiting.push(resolve))
  const call = async (method: string, params: unknown[] = []) => {
    socket.send(JSON.stringify({ jsonrpc: '2.0', id: 9, method, params }))
    return (await receive()) as { result?: unknown; error?: { code: number } }
  }
  return { socket, receive, call, messages }
}

describe('HTTP', () => {
  it('answers JSON-RPC on POST, with CORS open', async () => {
    const { server } = await start()
    const response = await post(server.url, chainId)
    expect(response.status).toBe(200)
    expect(response.headers.get('access-control-allow-origin')).toBe('*')
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(await response.json()).toEqual({ jsonrpc: '2.0', id: 1, result: '0x4850' })
    const options = await fetch(server.url, { method: 'OPTIONS' })
    expect(options.status).toBe(204)
    expect(options.headers.get('access-control-allow-headers')).toBe('*')
  })

  it('says what it is and whether it runs', async () => {
    const { server } = await start()
    const page = await fetch(server.url)
    expect(page.headers.get('content-type')).toContain('text/plain')
    expect(await page.text()).toContain('POCA node')
    const health = await fetch(`${server.url}/health`)
    expect(await health.json()).toMatchObject({
      status: 'ok',
      chainId: '0x4850',
      head: { number: '0x3' },
    })
    expect((await fetch(`${server.url}/nothing`)).status).toBe(404)
    expect((await fetch(server.url, { method: 'PUT' })).status).toBe(405)
  })

  it('answers malformed JSON with a parse error and notifications with nothing', async () => {
    const { server } = await start()
    expect(await (await post(server.url, '{nope')).json()).toMatchObject({
      error: { code: -32700 },
    })
    const notification = JSON.stringify({ jsonrpc: '2.0', method: 'eth_chainId' })
    const response = await post(server.url, notification)
    expect(response.status).toBe(204)
    expect(await response.text()).toBe('')
  })

  it('answers a body that is too large with 413', async () => {
    const { server } = await start({ bodySizeMax: 1_000 })
    expect((await post(server.url, chainId.padEnd(1_000))).status).toBe(200)
    const response = await post(server.url, chainId.padEnd(1_001))
    expect(response.status).toBe(413)
    expect(await response.json()).toMatchObject({
      error: { code: -32600, data: { code: 'RPC_BODY_TOO_BIG', sizeMax: 1_000 } },
    })
  })

  it('answers a body of unknown length that grows too large with 413', async () => {
    const { server } = await start({ bodySizeMax: 1_000 })
    const body = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 4; i++) controller.enqueue(new Uint8Array(600).fill(32))
        controller.close()
      },
    })
    const response = await fetch(server.url, {
      method: 'POST',
      body,
      duplex: 'half',
    } as RequestInit)
    expect(response.status).toBe(413)
  })

  it('keeps development methods from pages that rebind their name to this machine', async () => {
    const { server } = await start({ allowedHosts: ['devbox'] })
    const mine = JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'evm_mine' })
    const refused = { error: { code: -32004, data: { code: 'RPC_FOREIGN_HOST' } } }
    expect(await postAs(server.port, 'evil.example:8545', mine)).toMatchObject(refused)
    for (const host of ['localhost', '127.0.0.1:1', '[::1]:8545', 'node.localhost', 'devbox:1']) {
      expect(await postAs(server.port, host, mine)).toMatchObject({ result: '0x0' })
    }
    expect(await postAs(server.port, 'evil.example', chainId)).toMatchObject({ result: '0x4850' })
  })

  it('survives a client that hangs up in the middle', async () => {
    const { server, bugs } = await start()
    const socket = connect(server.port, '127.0.0.1')
    await once(socket, 'connect')
    socket.write('POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"json')
    socket.destroy()
    await once(socket, 'close')
    expect((await post(server.url, chainId)).status).toBe(200)
    expect(bugs).toEqual([])
  })
})

describe('listening', () => {
  it('says so when the port is taken', async () => {
    const { server } = await start()
    const error = await startRpc({ port: server.port }).catch((cause: unknown) => cause)
    expect(error).toBeInstanceOf(RpcError)
    expect((error as RpcError).facts).toEqual({
      code: 'RPC_PORT_IN_USE',
      host: '127.0.0.1',
      port: server.port,
    })
    expect((error as RpcError).message).toContain('is in use: ')
  })

  it('says so when the address is of another machine', async () => {
    // 192.0.2.0/24 is for documentation; no machine has it.
    const error = await startRpc({ host: '192.0.2.1' }).catch((cause: unknown) => cause)
    expect((error as RpcError).facts).toMatchObject({
      code: 'RPC_CANNOT_LISTEN',
      host: '192.0.2.1',
      reason: 'EADDRNOTAVAIL',
    })
  })

  it('stops with clients connected, and frees the port', async () => {
    const { server, listeners } = await startRpc()
    const { socket, call } = await openSocket(server.url)
    await call('eth_subscribe', ['newHeads'])
    const closed = once(socket, 'close')
    await server.stop()
    await closed
    expect(listeners.size).toBe(0)
    const again = await start({ port: server.port })
    expect(again.server.port).toBe(server.port)
  })

  it('ends the wait for a receipt when it stops', async () => {
    const { server, state, listeners } = await startRpc()
    const { socket } = await openSocket(server.url)
    const params = ['0x02']
    const request = { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransactionSync', params }
    socket.send(JSON.stringify(request))
    await expect.poll(() => state.submitted.length).toBe(1)
    await server.stop()
    await expect.poll(() => listeners.size).toBe(0)
  })
})

describe('WebSocket', () => {
  it('answers requests and batches on the same port', async () => {
    const { server } = await start()
    const { call, socket, receive } = await openSocket(server.url)
    expect(await call('eth_chainId')).toMatchObject({ id: 9, result: '0x4850' })
    socket.send(`[${chainId},${chainId}]`)
    expect(await receive()).toHaveLength(2)
    socket.close()
  })

  it('survives garbage', async () => {
    const { server } = await start()
    const { call, socket, receive } = await openSocket(server.url)
    for (const data of ['', '{', 'null', '\u0000', Buffer.from([0xff, 0xfe])]) {
      socket.send(data)
      expect(await receive()).toMatchObject({ error: { code: expect.any(Number) } })
    }
    expect(await call('eth_chainId')).toMatchObject({ result: '0x4850' })

    const raw = connect(server.port, '127.0.0.1')
    await once(raw, 'connect')
    raw.write(
      'GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n' +
        'sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n',
    )
    await once(raw, 'data')
    raw.write(Buffer.from([0xff, 0xff, 0xff, 0xff, 0x00, 0x01]))
    await once(raw, 'close')
    expect(await call('eth_chainId')).toMatchObject({ result: '0x4850' })
  })

  it('closes on a message that is too large', async () => {
    const { server } = await start({ bodySizeMax: 1_000 })
    const { socket } = await openSocket(server.url)
    socket.send(' '.repeat(1_001))
    expect((await once(socket, 'close'))[0]).toBe(1009)
  })

  it('pushes heads, matching logs and pending hashes until unsubscribed', async () => {
    const { server, grow } = await start()
    const { call, receive, socket } = await openSocket(server.url)
    const heads = (await call('eth_subscribe', ['newHeads'])).result
    grow()
    const head = await receive()
    expect(head).toMatchObject({
      method: 'eth_subscription',
      params: { subscription: heads, result: { number: '0x4', hash: word(1004) } },
    })
    expect(head).not.toHaveProperty('params.result.transactions')
    expect((await call('eth_unsubscribe', [heads])).result).toBe(true)
    expect((await call('eth_unsubscribe', [heads])).result).toBe(false)

    const logs = (
      await call('eth_subscribe', ['logs', { address: at(0xc0), topics: [null, [word(6)]] }])
    ).result
    grow(3)
    expect(await receive()).toMatchObject({
      params: { subscription: logs, result: { blockNumber: '0x6' } },
    })
    await call('eth_unsubscribe', [logs])

    const pending = (await call('eth_subscribe', ['newPendingTransactions'])).result
    socket.send(
      JSON.stringify({ jsonrpc: '2.0', id: 9, method: 'eth_sendRawTransaction', params: ['0x02'] }),
    )
    const hash = ((await receive()) as { params: { result: string } }).params.result
    expect(await receive()).toMatchObject({ result: hash })
    expect(pending).not.toBe(logs)
  })

  it('refuses subscriptions over HTTP and more than there may be', async () => {
    const { server } = await start({ filtersMax: 2 })
    const subscribe = { jsonrpc: '2.0', id: 1, method: 'eth_subscribe', params: ['newHeads'] }
    const answer = await (await post(server.url, JSON.stringify(subscribe))).json()
    expect(answer).toMatchObject({ error: { code: -32004, data: { code: 'RPC_SOCKET_NEEDED' } } })
    const first = await openSocket(server.url)
    await first.call('eth_subscribe', ['newHeads'])
    await first.call('eth_subscribe', ['newHeads'])
    expect((await first.call('eth_subscribe', ['newHeads'])).error?.code).toBe(-32005)
    first.socket.close()
    await once(first.socket, 'close')
    const second = await openSocket(server.url)
    await expect
      .poll(async () => (await second.call('eth_subscribe', ['newHeads'])).result)
      .toBeDefined()
  })

  it('lets go of a client that does not read', async () => {
    const { server, emit, listeners } = await start({ socketBacklogMax: 50_000 })
    const { socket, call } = await openSocket(server.url)
    await call('eth_subscribe', ['logs'])
    const before = listeners.size
    socket.pause()
    const receipt = receiptIn(4n)
    const log = receipt.logs[0]
    if (log === undefined) throw new Error('the fake receipt has a log')
    const large = { ...receipt, logs: [{ ...log, data: `0x${'00'.repeat(500_000)}` as const }] }
    const block = blockAt(4n)
    for (let i = 0; i < 50 && listeners.size === before; i++) {
      emit({ type: 'block', block, receipts: receiptListOf([large]) })
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(listeners.size).toBeLessThan(before)
    socket.terminate()
  })

  it('takes only so many connections', async () => {
    const { server } = await start({ socketsMax: 1 })
    await openSocket(server.url)
    const second = new WebSocket(server.url.replace('http', 'ws'))
    const [error] = await once(second, 'error')
    expect(String(error)).toContain('503')
  })

  it('answers eth_sendRawTransactionSync with the receipt of the next block', async () => {
    const { server, state, emit } = await start()
    const { socket, receive } = await openSocket(server.url)
    const params = ['0x02']
    const request = { jsonrpc: '2.0', id: 1, method: 'eth_sendRawTransactionSync', params }
    socket.send(JSON.stringify(request))
    await expect.poll(() => state.submitted.length).toBe(1)
    const transactionHash = state.submitted[0] ?? word(0)
    const block = blockAt(4n)
    const receipts = receiptListOf([{ ...receiptIn(4n), transactionHash }])
    emit({ type: 'block', block, receipts })
    expect(await receive()).toMatchObject({ id: 1, result: { transactionHash, status: '0x1' } })
  })
})
