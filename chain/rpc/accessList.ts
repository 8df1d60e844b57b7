import type { Address } from '../primitives/hex.ts'
import type { Backend, CallRequest, TransactionView } from './backend.ts'
import { toCallRequest } from './callRequest.ts'
import { createRpcError } from './errors.ts'
import { type EstimateInput, findGasMax } from './estimateGas.ts'
import { toQuantity } from './format.ts'
import { explainRevert } from './revert.ts'

type AccessList = NonNullable<TransactionView['accessList']>

/** Runs after which a list that still changes is given as it is. */
const RUNS_MAX = 5
/** Precompiles are warm and at these addresses, EIP-2929. */
const PRECOMPILE_MAX = 0x1ffn

/**
 * Finds the addresses and slots that a transaction touches, and what it pays when it names them.
 * Runs again with the list until it stays the same, for gas may change what is touched.
 *
 * @source EIP-2930
 */
export async function createAccessList(backend: Backend, input: EstimateInput) {
  const { request, block } = input
  const gas = await findGasMax(backend, input)
  const base: CallRequest = { ...toCallRequest(request), gas, asTransaction: true }
  const isWarm = (address: Address) =>
    address === request.from ||
    address === request.to ||
    address === block.coinbase ||
    BigInt(address) <= PRECOMPILE_MAX

  let accessList: AccessList = request.accessList ?? []
  for (let run = 1; ; run++) {
    const result = await backend.call({ ...base, accessList, reportAccessList: true }, block)
    const touched = (result.accessList ?? []).filter(
      ({ address, storageKeys }) => storageKeys.length > 0 || !isWarm(address),
    )
    if (run < RUNS_MAX && !isSame(touched, accessList)) {
      accessList = touched
      continue
    }
    if (result.failure?.kind === 'outOfGas') {
      throw createRpcError({ code: 'RPC_GAS_NOT_ENOUGH', gasMax: gas })
    }
    const { failure, gasUsed, returnData } = result
    const reason = failure === undefined ? undefined : explainRevert(returnData)
    const error = failure?.kind === 'revert' ? 'execution reverted' : failure?.reason
    return {
      accessList: touched,
      gasUsed: toQuantity(gasUsed),
      ...(error === undefined
        ? {}
        : { error: reason === undefined ? error : `${error}: ${reason}` }),
    }
  }
}

function isSame(a: AccessList, b: AccessList): boolean {
  const text = (list: AccessList) =>
    list
      .map(({ address, storageKeys }) => `${address}:${[...storageKeys].sort().join()}`)
      .sort()
      .join(' ')
  return text(a) === text(b)
}
