import {
  type Abi,
  BaseError,
  ChainDisconnectedError,
  decodeErrorResult,
  HttpRequestError,
  InsufficientFundsError,
  isHex,
  ProviderDisconnectedError,
  SocketClosedError,
  TimeoutError,
  WebSocketRequestError,
} from 'viem'
import { type ErrorFacts, PocaError } from '../../chain/primitives/errors.ts'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { abis } from '../../chain/system/abis.ts'

/** What can go wrong when a client talks to the chain. */
export type ClientErrorType =
  | {
      readonly code: 'CLIENT_CONTRACT_REVERTED'
      /** Name of the contract's error, such as `TaskMarketWrongState`. */
      readonly error: string
      /** The error's arguments by name. */
      readonly args: Readonly<Record<string, unknown>>
    }
  | { readonly code: 'CLIENT_REVERTED'; readonly data: Hex }
  | { readonly code: 'CLIENT_TRANSACTION_FAILED'; readonly hash: Hash }
  | { readonly code: 'CLIENT_INSUFFICIENT_FUNDS'; readonly reason: string }
  | { readonly code: 'CLIENT_NO_ACCOUNT' }
  | { readonly code: 'CLIENT_UNREACHABLE'; readonly reason: string }
  | { readonly code: 'CLIENT_WRONG_CHAIN'; readonly given: number; readonly wanted: number }
  | { readonly code: 'CLIENT_EVENT_MISSING'; readonly event: string; readonly hash: Hash }
  | { readonly code: 'CLIENT_HEADER_UNKNOWN'; readonly height: bigint }
  | {
      readonly code: 'CLIENT_SNAPSHOT_AHEAD'
      readonly timepoint: bigint
      /** Of the newest block, seconds. */
      readonly timestamp: bigint
    }
  | {
      readonly code: 'CLIENT_SNAPSHOT_FORGOTTEN'
      readonly timepoint: bigint
      readonly height: bigint
    }

/** A request that the chain, a contract or the connection refused. */
export class ClientError extends PocaError<ClientErrorType> {}

/** Whether `error` is a revert of a system contract with the error of that name. */
export function isRevert(error: unknown, name: string): error is ClientError {
  return (
    error instanceof ClientError &&
    error.facts.code === 'CLIENT_CONTRACT_REVERTED' &&
    error.facts.error === name
  )
}

/** Whether `error` is a contract's refusal, which a race between two parties makes ordinary. */
export function isRefusal(error: unknown): error is ClientError {
  return (
    error instanceof ClientError &&
    (error.code === 'CLIENT_CONTRACT_REVERTED' || error.code === 'CLIENT_TRANSACTION_FAILED')
  )
}

/** Whether `error` says that the node cannot be reached, so that trying later may help. */
export function isUnreachable(error: unknown): error is ClientError {
  return error instanceof ClientError && error.code === 'CLIENT_UNREACHABLE'
}

/** Runs a request and turns what viem throws into a `ClientError`. */
export async function translateErrors<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw toClientError(error)
  }
}

/** The `ClientError` that says what a viem error means; other errors come back as they are. */
export function toClientError(error: unknown): PocaError<ErrorFacts> | unknown {
  if (!(error instanceof BaseError)) return error
  const data = findRevertData(error)
  if (data) return describeRevert(data, error)
  if (error.walk((cause) => cause instanceof InsufficientFundsError)) {
    return new ClientError(
      { code: 'CLIENT_INSUFFICIENT_FUNDS', reason: error.shortMessage },
      'The account has not enough coin for the value and the gas of this transaction.',
      { cause: error },
    )
  }
  if (error.walk(isConnectionError)) {
    return new ClientError(
      { code: 'CLIENT_UNREACHABLE', reason: error.shortMessage },
      'The node cannot be reached; check that it runs and that the URL is right.',
      { cause: error },
    )
  }
  return error
}

const errorsAbi: Abi = Object.values(abis)
  .flat()
  .filter((item) => item.type === 'error')

function isConnectionError(cause: unknown): boolean {
  return [
    ChainDisconnectedError,
    HttpRequestError,
    ProviderDisconnectedError,
    SocketClosedError,
    TimeoutError,
    WebSocketRequestError,
  ].some((type) => cause instanceof type)
}

/** The bytes a contract reverted with, which viem keeps in one of several causes. */
function findRevertData(error: BaseError): Hex | undefined {
  let found: Hex | undefined
  error.walk((cause) => {
    for (const key of ['raw', 'data'] as const) {
      const value: unknown = (cause as Readonly<Record<string, unknown>> | null)?.[key]
      // A selector at least; `data` may also be a decoded object.
      if (!found && isHex(value) && value.length >= 10) found = value
    }
    return false
  })
  return found
}

function describeRevert(data: Hex, cause: BaseError): ClientError {
  try {
    const { errorName, args, abiItem } = decodeErrorResult({ abi: errorsAbi, data })
    const inputs = abiItem.type === 'error' ? abiItem.inputs : []
    const named = Object.fromEntries(
      inputs.map((input, i) => [input.name ?? String(i), args?.[i]] as const),
    )
    const facts = Object.entries(named).map(([name, value]) => `${name} ${String(value)}`)
    return new ClientError(
      { code: 'CLIENT_CONTRACT_REVERTED', error: errorName, args: named },
      `The contract refused: ${errorName}${facts.length > 0 ? ` (${facts.join(', ')})` : ''}.`,
      { cause },
    )
  } catch {
    return new ClientError(
      { code: 'CLIENT_REVERTED', data },
      'The contract refused with an error that is not one of the system contracts.',
      { cause },
    )
  }
}
