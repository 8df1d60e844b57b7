import { TX_GAS_MAX } from '../codec/checkTransaction.ts'
import type { Address } from '../primitives/hex.ts'
import type { Backend, BlockView, CallRequest, CallResult, StateOverride } from './backend.ts'
import { type TransactionRequest, toCallRequest } from './callRequest.ts'
import { createRpcError, type RpcError } from './errors.ts'

/** Search ends when the answer is known to 1.5 %, as in geth. */
const TOLERANCE = { numerator: 15n, denominator: 1_000n } as const
const ZERO: Address = '0x0000000000000000000000000000000000000000'

/** What to estimate and on which state. */
export type EstimateInput = {
  readonly request: TransactionRequest
  readonly block: BlockView
  readonly overrides?: Readonly<Record<Address, StateOverride>> | undefined
}

/**
 * Finds gas with which the transaction succeeds: what it pays for if that is enough, else by
 * halving
 * the range between that and the most it may have.
 *
 * @throws RpcError `RPC_REVERTED` and others when it fails whatever the gas.
 */
export async function estimateGas(backend: Backend, input: EstimateInput): Promise<bigint> {
  const { request, block, overrides } = input
  const base: CallRequest = { ...toCallRequest(request, overrides), asTransaction: true }
  const run = (gas: bigint) => backend.call({ ...base, gas }, block)

  const gasMax = await findGasMax(backend, input)
  const first = await run(gasMax)
  if (first.failure !== undefined) throw explainFailure(first, gasMax)
  if (await succeeds(run, first.gasUsed)) return first.gasUsed

  // A call keeps 1/64 of the gas from its callee (EIP-150), a transfer of value lends 2,300.
  let low = first.gasUsed
  let high = gasMax
  const likely = ((first.gasUsed + 2_300n) * 64n) / 63n
  if (likely < high) {
    if (await succeeds(run, likely)) high = likely
    else low = likely
  }
  while ((high - low) * TOLERANCE.denominator > high * TOLERANCE.numerator) {
    const middle = (low + high) / 2n
    if (await succeeds(run, middle)) high = middle
    else low = middle
  }
  return high
}

/** What a failed call means to the client. */
export function explainFailure(result: CallResult, gasMax: bigint): RpcError {
  const { failure, returnData } = result
  if (failure?.kind === 'revert') {
    return createRpcError({ code: 'RPC_REVERTED', data: returnData })
  }
  if (failure?.kind === 'outOfGas') return createRpcError({ code: 'RPC_GAS_NOT_ENOUGH', gasMax })
  const reason = failure?.reason ?? 'execution failed'
  return createRpcError({ code: 'RPC_EXECUTION_FAILED', reason })
}

/** A call that names a price gets no more gas than its sender can pay at that price. */
export async function limitToBalance(
  backend: Backend,
  block: BlockView,
  request: CallRequest,
): Promise<CallRequest> {
  const { from = ZERO, gas, gasPrice = 0n, value = 0n } = request
  if (gasPrice === 0n || gas === undefined) return request
  const account = await backend.account(from, block)
  const balance = request.stateOverrides?.[from]?.balance ?? account.balance
  const payable = balance > value ? (balance - value) / gasPrice : 0n
  return payable < gas ? { ...request, gas: payable } : request
}

async function succeeds(run: (gas: bigint) => Promise<CallResult>, gas: bigint): Promise<boolean> {
  return (await run(gas)).failure === undefined
}

/** The request's own limit, the chain's, and what the sender can pay: the least of them. */
export async function findGasMax(
  backend: Backend,
  { request, block, overrides }: EstimateInput,
): Promise<bigint> {
  const caps = [TX_GAS_MAX, block.gasLimit]
  if (request.gas !== undefined) caps.push(request.gas)
  const price = request.gasPrice ?? request.maxFeePerGas ?? 0n
  const value = request.value ?? 0n
  const from = request.from ?? ZERO
  if (price > 0n || value > 0n) {
    const account = await backend.account(from, block)
    const balance = overrides?.[from]?.balance ?? account.balance
    if (balance < value) {
      throw createRpcError({
        code: 'RPC_INSUFFICIENT_FUNDS',
        address: from,
        balance,
        cost: value,
      })
    }
    if (price > 0n) caps.push((balance - value) / price)
  }
  return caps.reduce((least, cap) => (cap < least ? cap : least))
}
