import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { AuthorizationView, CallRequest, StateOverride, TransactionView } from './backend.ts'
import { invalidParams } from './errors.ts'
import {
  address,
  bytes,
  hash,
  type JsonObject,
  list,
  object,
  optional,
  type Parser,
  quantity,
  record,
  slot,
} from './parse.ts'

/**
 * A transaction that is not signed yet, as eth_call, eth_estimateGas and eth_sendTransaction take.
 */
export type TransactionRequest = {
  readonly from?: Address
  readonly to?: Address
  readonly data?: Hex
  readonly value?: bigint
  readonly gas?: bigint
  readonly gasPrice?: bigint
  readonly maxFeePerGas?: bigint
  readonly maxPriorityFeePerGas?: bigint
  readonly nonce?: bigint
  readonly chainId?: bigint
  readonly accessList?: NonNullable<TransactionView['accessList']>
  readonly authorizationList?: readonly AuthorizationView[]
}

const LIST_MAX = 10_000

/** Storage addresses to touch, EIP-2930. */
export const accessList: Parser<NonNullable<TransactionView['accessList']>> = list(
  (value, name) => {
    const item = object(value, name)
    return {
      address: address(item.address, `${name}.address`),
      storageKeys: list(slot, LIST_MAX)(item.storageKeys ?? [], `${name}.storageKeys`),
    }
  },
  LIST_MAX,
)

const authorization: Parser<AuthorizationView> = (value, name) => {
  const item = object(value, name)
  const parity = quantity(64)(item.yParity ?? item.v, `${name}.yParity`)
  if (parity !== 0n && parity !== 1n) throw invalidParams(`${name}.yParity: not 0x0 or 0x1`)
  return {
    chainId: quantity()(item.chainId, `${name}.chainId`),
    address: address(item.address, `${name}.address`),
    nonce: quantity(64)(item.nonce, `${name}.nonce`),
    yParity: parity === 0n ? 0 : 1,
    r: BigInt(slot(item.r, `${name}.r`)),
    s: BigInt(slot(item.s, `${name}.s`)),
  }
}

/** Reads a call object. `data` and `input` may both be there when they agree. */
export const transactionRequest: Parser<TransactionRequest> = (value, name) => {
  const given = object(value, name)
  const read = <T>(member: string, parser: Parser<T>) =>
    optional(parser)(given[member], `${name}.${member}`)
  const request = withoutMissing({
    from: read('from', address),
    to: read('to', address),
    data: readData(given, name),
    value: read('value', quantity()),
    gas: read('gas', quantity(64)),
    gasPrice: read('gasPrice', quantity()),
    maxFeePerGas: read('maxFeePerGas', quantity()),
    maxPriorityFeePerGas: read('maxPriorityFeePerGas', quantity()),
    nonce: read('nonce', quantity(64)),
    chainId: read('chainId', quantity()),
    accessList: read('accessList', accessList),
    authorizationList: read('authorizationList', list(authorization, LIST_MAX)),
  })
  const { gasPrice, maxFeePerGas, maxPriorityFeePerGas } = request
  if (gasPrice !== undefined && (maxFeePerGas ?? maxPriorityFeePerGas) !== undefined) {
    throw invalidParams('both gasPrice and (maxFeePerGas or maxPriorityFeePerGas) specified')
  }
  if (
    maxFeePerGas !== undefined &&
    maxPriorityFeePerGas !== undefined &&
    maxPriorityFeePerGas > maxFeePerGas
  ) {
    throw invalidParams('max priority fee per gas higher than max fee per gas')
  }
  if (given.blobVersionedHashes !== undefined || given.blobs !== undefined) {
    throw invalidParams(`${name}: blob transactions are not accepted on this chain`)
  }
  return request
}

const override: Parser<StateOverride> = (value, name) => {
  const given = object(value, name)
  const slots = optional(record<Hash, Hash>(slotKey, hash))
  if (given.state !== undefined && given.stateDiff !== undefined) {
    throw invalidParams(`${name}: both state and stateDiff`)
  }
  if (given.movePrecompileToAddress !== undefined) {
    throw invalidParams(`${name}.movePrecompileToAddress: not supported`)
  }
  return withoutMissing({
    balance: optional(quantity())(given.balance, `${name}.balance`),
    nonce: optional(quantity(64))(given.nonce, `${name}.nonce`),
    code: optional(bytes())(given.code, `${name}.code`),
    state: slots(given.state, `${name}.state`),
    stateDiff: slots(given.stateDiff, `${name}.stateDiff`),
  })
}

const slotKey: Parser<Hash> = (value, name) => slot(value, name)

/** The third parameter of eth_call: accounts to change before it runs. */
export const stateOverrides: Parser<Readonly<Record<Address, StateOverride>>> = record(
  address,
  override,
)

/** The fourth parameter of eth_call, which this node knows only to be empty. */
export const noBlockOverrides: Parser<undefined> = (value, name) => {
  if (value === undefined || value === null) return undefined
  if (Object.keys(object(value, name)).length === 0) return undefined
  throw invalidParams(`${name}: block overrides are not supported`)
}

/** The message that a request asks to run, with the gas cap of calls applied. */
export function toCallRequest(
  request: TransactionRequest,
  overrides?: Readonly<Record<Address, StateOverride>>,
): CallRequest {
  const { from, to, data, value } = request
  const gasPrice = request.gasPrice ?? request.maxFeePerGas
  const gasMax = limits.rpcCallGasMax
  const gas = request.gas === undefined || request.gas > gasMax ? gasMax : request.gas
  return withoutMissing({
    from,
    to,
    data,
    value,
    gas,
    gasPrice: gasPrice === 0n ? undefined : gasPrice,
    accessList: request.accessList,
    authorizationList: request.authorizationList,
    stateOverrides: overrides,
  })
}

function readData(given: JsonObject, name: string): Hex | undefined {
  const data = optional(bytes())(given.data, `${name}.data`)
  const input = optional(bytes())(given.input, `${name}.input`)
  if (data !== undefined && input !== undefined && data !== input) {
    throw invalidParams(`${name}: both "data" and "input" are set and not equal`)
  }
  return input ?? data
}

type Defined<T> = { readonly [K in keyof T]?: Exclude<T[K], undefined> }

/** Leaves out members that are undefined, so that "absent" has one form. */
export function withoutMissing<T extends object>(given: T): Defined<T> {
  // Only undefined members go; the rest keep their types.
  return Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Defined<T>
}
