import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, STATUS_CODES } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import { WebSocketServer } from 'ws'
import { limits } from '../primitives/limits.ts'
import type { Backend } from './backend.ts'
import { createDispatch, writeError } from './dispatch.ts'
import { createRpcError, type RpcError } from './errors.ts'
import { createFilters } from './filters.ts'
import { handleHttp } from './http.ts'
import { createMethods } from './methods/table.ts'
import type { RpcOptions } from './options.ts'
import { serveSocket } from './socket.ts'
import { createSubscriptions } from './subscriptions.ts'

/** A running JSON-RPC server. */
export type RpcServer = {
  readonly host: string
  /** The port it got, also when port 0 was asked for. */
  readonly port: number
  /** Where HTTP clients go; WebSocket clients put `ws` in place of `http`. */
  readonly url: string
  /** Ends every connection and resolves when the port is free. */
  stop(): Promise<void>
}

/** What the server asks of the node. */
export type RpcDependencies = {
  readonly backend: Backend
  /** Milliseconds that never go back, for filters that nobody polls. */
  readonly now: () => number
  /** Told of errors that are the node's own fault; clients see only "internal error". */
  readonly onBug: (error: unknown, method: string) => void
}

const ENTITY_TIMEOUT_MS = 60_000

/**
 * Listens for JSON-RPC over HTTP and WebSocket on one port.
 *
 * @throws RpcError `RPC_PORT_IN_USE` when another program has the port, `RPC_CANNOT_LISTEN` when
 *   it cannot be had for another reason.
 */
export async function startRpcServer(
  options: RpcOptions,
  { backend, now, onBug }: RpcDependencies,
): Promise<RpcServer> {
  const filters = createFilters({
    backend,
    now,
    filtersMax: options.filtersMax,
    idleMs: options.filterIdleMs,
  })
  const subscriptions = createSubscriptions({ backend, subscriptionsMax: options.filtersMax })
  const instanceId = `0x${randomBytes(32).toString('hex')}` as const
  const methods = createMethods({ backend, filters, subscriptions, instanceId })
  const { batchMax, batchResponseSizeMax } = options
  const dispatch = createDispatch({ methods, batchMax, batchResponseSizeMax, onBug })
  const deps = { backend, dispatch, options }

  const server = createServer((request, response) => {
    handleHttp(request, response, deps).catch((error: unknown) => {
      // A client that hangs up in the middle of its request is no bug of ours.
      if (!request.destroyed && !response.headersSent) {
        onBug(error, `${request.method} ${request.url}`)
        response.writeHead(500, { 'content-type': 'application/json' })
        response.end(writeError(null, error))
      } else response.destroy()
    })
  })
  server.maxConnections = limits.rpcConnectionsMax
  server.requestTimeout = ENTITY_TIMEOUT_MS
  server.keepAliveTimeout = ENTITY_TIMEOUT_MS
  const sockets = attachSockets(server, deps)
  try {
    await listen(server, options)
  } catch (error) {
    filters.close()
    throw error
  }
  const { port } = server.address() as AddressInfo // listening on TCP, so it is one
  return {
    host: options.host,
    port,
    url: `http://${options.host.includes(':') ? `[${options.host}]` : options.host}:${port}`,
    stop: () => {
      filters.close()
      return closeAll(server, sockets)
    },
  }
}

type SocketSideOptions = Parameters<typeof serveSocket>[2]

/** Turns upgrade requests into served WebSockets. */
function attachSockets(server: Server, deps: SocketSideOptions): WebSocketServer {
  const { socketsMax, bodySizeMax } = deps.options
  const sockets = new WebSocketServer({ noServer: true, maxPayload: bodySizeMax })
  server.on('upgrade', (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    if (sockets.clients.size >= socketsMax) return refuse(stream, 503)
    sockets.handleUpgrade(request, stream, head, (socket) => serveSocket(socket, request, deps))
  })
  return sockets
}

function refuse(stream: Duplex, status: number): void {
  stream.on('error', () => undefined)
  stream.end(`HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\nConnection: close\r\n\r\n`)
}

function listen(server: Server, { host, port }: RpcOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const onError = (error: NodeJS.ErrnoException) => reject(explainListen(error, host, port))
    server.once('error', onError)
    server.listen({ host, port }, () => {
      server.off('error', onError)
      resolve()
    })
  })
}

function explainListen(error: NodeJS.ErrnoException, host: string, port: number): RpcError {
  if (error.code !== 'EADDRINUSE') {
    const reason = error.code ?? error.message
    return createRpcError({ code: 'RPC_CANNOT_LISTEN', host, port, reason }, error)
  }
  return createRpcError({ code: 'RPC_PORT_IN_USE', host, port }, error)
}

async function closeAll(server: Server, sockets: WebSocketServer): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()))
  for (const socket of sockets.clients) socket.terminate()
  sockets.close()
  server.closeIdleConnections()
  server.closeAllConnections()
  await closed
}
