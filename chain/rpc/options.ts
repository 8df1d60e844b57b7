import { limits } from '../primitives/limits.ts'

/** How the node listens for JSON-RPC, and what it bears. */
export type RpcOptions = {
  /** Address to bind. */
  readonly host: string
  /** TCP port; 0 lets the system choose. */
  readonly port: number
  /** Host names, besides localhost and IP addresses, that may reach development methods. */
  readonly allowedHosts: readonly string[]
  /** Bytes of one request body or WebSocket message. */
  readonly bodySizeMax: number
  /** Calls in one batch. */
  readonly batchMax: number
  /** Bytes of answers in one batch; the calls after that are refused. */
  readonly batchResponseSizeMax: number
  /** WebSocket connections. */
  readonly socketsMax: number
  /** Bytes waiting on one WebSocket before it is closed. */
  readonly socketBacklogMax: number
  /** Filters, and likewise subscriptions, alive at once. */
  readonly filtersMax: number
  /** Milliseconds after which a filter nobody polls is dropped. */
  readonly filterIdleMs: number
}

/** The server as a node runs it. */
export const defaultRpcOptions: RpcOptions = {
  host: '127.0.0.1',
  port: 8545,
  allowedHosts: [],
  bodySizeMax: limits.rpcBodySizeMax,
  batchMax: limits.rpcBatchMax,
  batchResponseSizeMax: limits.rpcBatchResponseSizeMax,
  socketsMax: limits.rpcSocketsMax,
  socketBacklogMax: limits.rpcSocketBacklogMax,
  filtersMax: limits.rpcFiltersMax,
  filterIdleMs: limits.rpcFilterIdleMs,
}
