import type { IncomingMessage } from 'node:http'
import type { WebSocket } from 'ws'
import type { Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import { type CallContext, type Dispatch, type Subscriber, writeError } from './dispatch.ts'
import { createRpcError } from './errors.ts'
import { isLocalHost } from './localHost.ts'
import type { RpcOptions } from './options.ts'

/** What one WebSocket needs. */
export type SocketDependencies = {
  readonly dispatch: Dispatch
  readonly options: RpcOptions
}

/** Close code for a client that does not read what it asked for, RFC 6455. */
const TRY_AGAIN_LATER = 1013

/** Serves JSON-RPC and subscriptions on an open WebSocket until it closes. */
export function serveSocket(
  socket: WebSocket,
  request: IncomingMessage,
  { dispatch, options }: SocketDependencies,
): void {
  const subscriptions = new Map<Hex, () => void>()
  const gone = new AbortController()
  const send = (text: string) => sendWithin(socket, text, options.socketBacklogMax)
  const host = request.headers.host ?? ''
  const context: CallContext = {
    host,
    isLocal: isLocalHost(host, options.allowedHosts),
    subscriber: createSubscriber(subscriptions, send),
    signal: gone.signal,
  }

  let inFlight = 0
  socket.on('message', (data, isBinary) => {
    if (isBinary) return send(writeError(null, createRpcError({ code: 'RPC_PARSE_ERROR' })))
    inFlight++
    if (inFlight >= limits.rpcSocketInFlightMax) socket.pause()
    void dispatch(data.toString(), context).then((answer) => {
      inFlight--
      if (socket.isPaused) socket.resume()
      if (answer !== undefined) send(answer)
    })
  })
  // ws closes the socket itself after a protocol error; without a listener it would throw.
  socket.on('error', () => undefined)
  socket.on('close', () => {
    gone.abort()
    for (const stop of subscriptions.values()) stop()
    subscriptions.clear()
  })
}

function createSubscriber(
  subscriptions: Map<Hex, () => void>,
  send: (text: string) => void,
): Subscriber {
  return {
    notify: (subscription, result) => {
      const params = { subscription, result }
      send(JSON.stringify({ jsonrpc: '2.0', method: 'eth_subscription', params }))
    },
    keep: (subscription, stop) => {
      subscriptions.set(subscription, stop)
    },
    drop: (subscription) => {
      subscriptions.get(subscription)?.()
      return subscriptions.delete(subscription)
    },
  }
}

/** Sends, unless the client has left too much unread: then it is let go. */
function sendWithin(socket: WebSocket, text: string, backlogMax: number): void {
  if (socket.readyState !== socket.OPEN) return
  if (socket.bufferedAmount > backlogMax) {
    socket.close(TRY_AGAIN_LATER, 'too much unread')
    socket.terminate()
    return
  }
  socket.send(text)
}
