import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Backend } from './backend.ts'
import { type Dispatch, writeError } from './dispatch.ts'
import { createRpcError } from './errors.ts'
import { toQuantity } from './format.ts'
import { isLocalHost } from './localHost.ts'
import type { RpcOptions } from './options.ts'

/** What the HTTP side needs. */
export type HttpDependencies = {
  readonly backend: Backend
  readonly dispatch: Dispatch
  readonly options: RpcOptions
}

const CORS: Readonly<Record<string, string>> = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET, POST, OPTIONS',
  'access-control-allow-headers': '*',
  'access-control-max-age': '86400',
}

/** Answers one HTTP request: JSON-RPC on POST, a page and a health check on GET. */
export async function handleHttp(
  request: IncomingMessage,
  response: ServerResponse,
  deps: HttpDependencies,
): Promise<void> {
  const path = (request.url ?? '/').split('?', 1)[0] ?? '/'
  if (request.method === 'OPTIONS') return send(response, 204, '')
  if (request.method === 'POST') return handlePost(request, response, deps)
  if (request.method !== 'GET' && request.method !== 'HEAD') {
    response.setHeader('allow', 'GET, HEAD, POST, OPTIONS')
    return send(response, 405, 'Send JSON-RPC as POST.\n', 'text/plain')
  }
  if (path === '/health') return send(response, 200, describeHealth(deps.backend))
  if (path === '/') return send(response, 200, describeNode(deps.backend), 'text/plain')
  return send(response, 404, 'Nothing here. JSON-RPC is at /, as POST.\n', 'text/plain')
}

async function handlePost(
  request: IncomingMessage,
  response: ServerResponse,
  { dispatch, options }: HttpDependencies,
): Promise<void> {
  const body = await readBody(request, options.bodySizeMax)
  if (body === undefined) {
    const error = createRpcError({ code: 'RPC_BODY_TOO_BIG', sizeMax: options.bodySizeMax })
    request.resume() // read and forgotten, so that the client gets to see the answer
    return send(response, 413, writeError(null, error))
  }
  // Also when the server stops, for then it closes its connections.
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  const host = request.headers.host ?? ''
  const answer = await dispatch(body, {
    host,
    isLocal: isLocalHost(host, options.allowedHosts),
    signal: gone.signal,
  })
  return answer === undefined ? send(response, 204, '') : send(response, 200, answer)
}

/** The body as text; undefined when it is larger than `sizeMax`. */
async function readBody(request: IncomingMessage, sizeMax: number): Promise<string | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > sizeMax) return undefined
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    // No encoding is set on the request, so it gives buffers.
    const part = chunk as Buffer
    size += part.length
    if (size > sizeMax) return undefined
    chunks.push(part)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'application/json',
): void {
  if (response.destroyed) return
  const content = body === '' ? {} : { 'content-type': `${type}; charset=utf-8` }
  response.writeHead(status, { ...CORS, ...content, 'cache-control': 'no-store' })
  response.end(body)
}

function describeHealth(backend: Backend): string {
  const { number, hash, timestamp } = backend.head()
  return JSON.stringify({
    status: 'ok',
    chainId: toQuantity(backend.chainId),
    head: { number: toQuantity(number), hash, timestamp: toQuantity(timestamp) },
  })
}

function describeNode(backend: Backend): string {
  const head = backend.head()
  return [
    `POCA node: ${backend.clientVersion}`,
    '',
    `chain id   ${backend.chainId}`,
    `genesis    ${backend.genesisHash}`,
    `head       ${head.number}  ${head.hash}`,
    '',
    'This address answers Ethereum JSON-RPC: POST it here, or open a WebSocket to the same port.',
    'Point viem, ethers, Hardhat, Foundry or a wallet at it. /health says whether it runs.',
    '',
  ].join('\n')
}
