import { PocaError } from '../primitives/errors.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { explainRevert } from './revert.ts'

/** What can go wrong between a client and the node. */
export type RpcErrorType =
  | { readonly code: 'RPC_PARSE_ERROR' }
  | { readonly code: 'RPC_INVALID_REQUEST'; readonly reason: string }
  | { readonly code: 'RPC_METHOD_NOT_FOUND'; readonly method: string }
  | { readonly code: 'RPC_INVALID_PARAMS'; readonly reason: string }
  | { readonly code: 'RPC_BODY_TOO_BIG'; readonly sizeMax: number }
  | { readonly code: 'RPC_BATCH_TOO_BIG'; readonly count: number; readonly countMax: number }
  | { readonly code: 'RPC_RESPONSE_TOO_BIG'; readonly sizeMax: number }
  | { readonly code: 'RPC_LIMIT_EXCEEDED'; readonly what: string; readonly max: number }
  | { readonly code: 'RPC_FOREIGN_HOST'; readonly method: string; readonly host: string }
  | { readonly code: 'RPC_PORT_IN_USE'; readonly host: string; readonly port: number }
  | {
      readonly code: 'RPC_CANNOT_LISTEN'
      readonly host: string
      readonly port: number
      readonly reason: string
    }
  | { readonly code: 'RPC_BLOCK_NOT_FOUND'; readonly block: string }
  | { readonly code: 'RPC_FILTER_NOT_FOUND'; readonly id: string }
  | { readonly code: 'RPC_NOT_TRACEABLE'; readonly what: string }
  | { readonly code: 'RPC_SOCKET_NEEDED'; readonly method: string }
  | { readonly code: 'RPC_WAIT_TIMEOUT'; readonly hash: Hash; readonly timeoutMs: number }
  | { readonly code: 'RPC_WAIT_ABORTED'; readonly hash: Hash }
  | { readonly code: 'RPC_UNKNOWN_ACCOUNT'; readonly address: Address }
  | { readonly code: 'RPC_REVERTED'; readonly data: Hex }
  | { readonly code: 'RPC_EXECUTION_FAILED'; readonly reason: string }
  | { readonly code: 'RPC_GAS_NOT_ENOUGH'; readonly gasMax: bigint }
  | {
      readonly code: 'RPC_INSUFFICIENT_FUNDS'
      readonly address: Address
      readonly balance: bigint
      readonly cost: bigint
    }
  | { readonly code: 'RPC_TIME_NOT_LATER'; readonly timestamp: bigint; readonly head: bigint }

/** A call that the node does not answer with a result. */
export class RpcError extends PocaError<RpcErrorType> {}

/** The error member of a JSON-RPC answer. */
export type JsonRpcError = {
  readonly code: number
  readonly message: string
  readonly data?: unknown
}

/** Builds the error with the message that belongs to its facts. */
export function createRpcError(facts: RpcErrorType, cause?: unknown): RpcError {
  return new RpcError(facts, describe(facts), cause === undefined ? undefined : { cause })
}

/** Short for the most frequent one. */
export function invalidParams(reason: string): RpcError {
  return createRpcError({ code: 'RPC_INVALID_PARAMS', reason })
}

/**
 * Turns whatever was thrown into what the client sees. Unknown errors keep their details to the
 * node: `isBug` says that they belong in its log.
 *
 * @source JSON-RPC 2.0 section 5.1, EIP-1474, EIP-7966
 */
export function toJsonRpcError(error: unknown): JsonRpcError & { readonly isBug: boolean } {
  if (!(error instanceof PocaError)) {
    return { code: -32603, message: 'internal error', isBug: true }
  }
  const { facts, message } = error
  const code = NUMBERS[facts.code] ?? (isAboutTransaction(facts.code) ? -32000 : -32603)
  return { code, message, data: dataOf(error), isBug: false }
}

/** -32000 where the table is silent and the code is of the TX or POOL family. */
const NUMBERS: Readonly<Record<string, number>> = {
  RPC_PARSE_ERROR: -32700,
  RPC_INVALID_REQUEST: -32600,
  RPC_METHOD_NOT_FOUND: -32601,
  RPC_INVALID_PARAMS: -32602,
  RPC_TIME_NOT_LATER: -32602,
  RPC_BODY_TOO_BIG: -32600,
  RPC_BATCH_TOO_BIG: -32600,
  RPC_BLOCK_NOT_FOUND: -32001,
  RPC_FOREIGN_HOST: -32004,
  RPC_SOCKET_NEEDED: -32004,
  RPC_RESPONSE_TOO_BIG: -32005,
  RPC_LIMIT_EXCEEDED: -32005,
  RPC_FILTER_NOT_FOUND: -32000,
  RPC_NOT_TRACEABLE: -32000,
  RPC_UNKNOWN_ACCOUNT: -32000,
  RPC_EXECUTION_FAILED: -32000,
  RPC_GAS_NOT_ENOUGH: -32000,
  RPC_INSUFFICIENT_FUNDS: -32000,
  NODE_TRANSACTION_DROPPED: -32000,
  NODE_TIME_NOT_LATER: -32602,
  NODE_TIME_TOO_LATE: -32602,
  NODE_TOO_MANY_LOGS: -32005,
  NODE_NOTICE_TOO_BIG: -32602,
  NODE_NOTICES_FULL: -32005,
  EVM_INSUFFICIENT_FUNDS: -32000,
  EVM_BAD_CALL: -32000,
  EVM_CALL_TOO_LONG: -32000,
  EVM_CALLS_TOO_MANY: -32005,
  EVM_TRACE_TOO_BIG: -32005,
  RPC_REVERTED: 3,
  RPC_WAIT_TIMEOUT: 4,
  RPC_WAIT_ABORTED: 4,
}

function isAboutTransaction(code: string): boolean {
  return code.startsWith('TX_') || code.startsWith('POOL_')
}

/**
 * Revert data and waited-for hashes raw, because libraries read them; else the code and its facts.
 */
function dataOf({ facts }: PocaError): unknown {
  if (hasCode(facts, 'RPC_REVERTED')) return facts.data
  if (hasCode(facts, 'RPC_WAIT_TIMEOUT') || hasCode(facts, 'RPC_WAIT_ABORTED')) return facts.hash
  return Object.fromEntries(
    Object.entries<unknown>(facts).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  )
}

function hasCode<C extends RpcErrorType['code']>(
  facts: { readonly code: string },
  code: C,
): facts is Extract<RpcErrorType, { readonly code: C }> {
  return facts.code === code
}

function describe(facts: RpcErrorType): string {
  switch (facts.code) {
    case 'RPC_PARSE_ERROR':
      return 'parse error: the request is not JSON'
    case 'RPC_INVALID_REQUEST':
      return `invalid request: ${facts.reason}`
    case 'RPC_METHOD_NOT_FOUND':
      return `the method ${facts.method} does not exist/is not available`
    case 'RPC_INVALID_PARAMS':
      return `invalid params: ${facts.reason}`
    case 'RPC_BODY_TOO_BIG':
      return `request too large: at most ${facts.sizeMax} bytes, send it in parts`
    case 'RPC_BATCH_TOO_BIG':
      return `batch too large: ${facts.count} calls, at most ${facts.countMax}`
    case 'RPC_RESPONSE_TOO_BIG':
      return `response too large: at most ${facts.sizeMax} bytes per batch, ask in parts`
    case 'RPC_LIMIT_EXCEEDED':
      return `limit exceeded: at most ${facts.max} ${facts.what}`
    case 'RPC_FOREIGN_HOST':
      return (
        `${facts.method} is for this machine only and the request was addressed to ` +
        `"${facts.host}": use 127.0.0.1, or allow the name with --allow-host`
      )
    case 'RPC_PORT_IN_USE':
      return (
        `port ${facts.port} on ${facts.host} is in use: stop the program that holds it or ` +
        'choose another with --port'
      )
    case 'RPC_CANNOT_LISTEN':
      return (
        `port ${facts.port} on ${facts.host} cannot be listened on (${facts.reason}): ` +
        'is --host an address of this machine, and the port yours to take?'
      )
    case 'RPC_BLOCK_NOT_FOUND':
      return `header not found: there is no block ${facts.block}`
    default:
      return describeCall(facts)
  }
}

type CallFault = Exclude<
  RpcErrorType,
  {
    code:
      | 'RPC_PARSE_ERROR'
      | 'RPC_INVALID_REQUEST'
      | 'RPC_METHOD_NOT_FOUND'
      | 'RPC_INVALID_PARAMS'
      | 'RPC_BODY_TOO_BIG'
      | 'RPC_BATCH_TOO_BIG'
      | 'RPC_RESPONSE_TOO_BIG'
      | 'RPC_LIMIT_EXCEEDED'
      | 'RPC_FOREIGN_HOST'
      | 'RPC_PORT_IN_USE'
      | 'RPC_CANNOT_LISTEN'
      | 'RPC_BLOCK_NOT_FOUND'
  }
>

/** The second half of `describe`: what a method found out while it worked. */
function describeCall(facts: CallFault): string {
  switch (facts.code) {
    case 'RPC_FILTER_NOT_FOUND':
      return `filter not found: ${facts.id}`
    case 'RPC_NOT_TRACEABLE':
      return `${facts.what} cannot be traced: it is not in the chain, or it is genesis`
    case 'RPC_SOCKET_NEEDED':
      return `${facts.method} needs a WebSocket: notifications not supported over HTTP`
    case 'RPC_WAIT_TIMEOUT':
      return (
        `the transaction was added to the pool but not included within ${facts.timeoutMs} ms: ` +
        'ask for its receipt later'
      )
    case 'RPC_WAIT_ABORTED':
      return 'the node stopped waiting: the transaction is in the pool, ask for its receipt later'
    case 'RPC_UNKNOWN_ACCOUNT':
      return `unknown account: the node holds no key of ${facts.address}`
    case 'RPC_REVERTED': {
      const reason = explainRevert(facts.data)
      return reason === undefined ? 'execution reverted' : `execution reverted: ${reason}`
    }
    case 'RPC_EXECUTION_FAILED':
      return facts.reason
    case 'RPC_GAS_NOT_ENOUGH':
      return `gas required exceeds allowance (${facts.gasMax})`
    case 'RPC_INSUFFICIENT_FUNDS':
      return (
        `insufficient funds for gas * price + value: address ${facts.address} ` +
        `have ${facts.balance} want ${facts.cost}`
      )
    case 'RPC_TIME_NOT_LATER':
      return `timestamp ${facts.timestamp} is not after the newest block's, ${facts.head}`
  }
}
