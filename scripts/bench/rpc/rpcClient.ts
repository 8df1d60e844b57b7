import { Agent, request } from 'node:http'

/** A JSON-RPC connection that is kept open. */
export type RpcClient = {
  /** Sends a request body as it is and gives the answer's. */
  post(body: Uint8Array | string): Promise<string>
  /** Calls one method; an error that the other side reports is thrown. */
  call(method: string, params?: readonly unknown[]): Promise<unknown>
  close(): void
}

/** Talks to the server at `url` over as many sockets as given. */
export function createRpcClient(url: string, connections = 1): RpcClient {
  const agent = new Agent({ keepAlive: true, maxSockets: connections })
  const headers = { 'content-type': 'application/json' }
  const post = (body: Uint8Array | string): Promise<string> =>
    new Promise((resolve, reject) => {
      const length = typeof body === 'string' ? Buffer.byteLength(body) : body.length
      const options = { agent, method: 'POST', headers: { ...headers, 'content-length': length } }
      const sent = request(url, options, (response) => {
        const chunks: Buffer[] = []
        response.on('data', (chunk: Buffer) => chunks.push(chunk))
        response.on('end', () => resolve(Buffer.concat(chunks).toString('utf8')))
        response.on('error', reject)
      })
      sent.on('error', reject)
      sent.end(body)
    })
  return {
    post,
    async call(method, params = []) {
      const answer = JSON.parse(
        await post(JSON.stringify({ jsonrpc: '2.0', id: 1, method, params })),
      )
      if (answer.error === undefined) return answer.result
      throw new Error(`${method}: ${answer.error.message}`)
    },
    close: () => agent.destroy(),
  }
}
