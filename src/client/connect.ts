import { type Account, type Chain, createWalletClient, http, type Transport, webSocket } from 'viem'
import { getChainId } from 'viem/actions'
import { pocaDev } from './chain.ts'
import { ClientError, translateErrors } from './errors.ts'
import type { PocaClient } from './transactions.ts'

/** How to reach a node. */
export type ConnectOptions = {
  /** `http:`, `https:`, `ws:` or `wss:`. */
  readonly url: string
  readonly account: Account
  readonly chain?: Chain
}

/**
 * Connects to a node and checks that it serves the chain.
 *
 * @throws ClientError `CLIENT_UNREACHABLE`, `CLIENT_WRONG_CHAIN`.
 */
export async function connect(options: ConnectOptions): Promise<PocaClient> {
  const chain = options.chain ?? pocaDev
  const transport: Transport = options.url.startsWith('ws')
    ? webSocket(options.url)
    : http(options.url)
  const client = createWalletClient({ account: options.account, chain, transport })
  const given = await translateErrors(() => getChainId(client))
  if (given === chain.id) return client
  throw new ClientError(
    { code: 'CLIENT_WRONG_CHAIN', given, wanted: chain.id },
    `The node at ${options.url} serves chain ${given}, not ${chain.id}; check the URL.`,
  )
}

/** Ends the client's connection, if it holds one open. */
export async function disconnect(client: PocaClient): Promise<void> {
  // Only WebSocket transports have it; viem's type of all transports leaves it untyped.
  const open: unknown = client.transport.getRpcClient
  if (typeof open === 'function') (await open()).close()
}
