import { limits } from '../../primitives/limits.ts'
import { createAccessList } from '../accessList.ts'
import { blockRef, findState } from '../blockRef.ts'
import type { TransactionRequest } from '../callRequest.ts'
import {
  noBlockOverrides,
  stateOverrides,
  toCallRequest,
  transactionRequest,
} from '../callRequest.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { invalidParams } from '../errors.ts'
import { estimateGas, explainFailure, limitToBalance } from '../estimateGas.ts'
import { formatProof, toQuantity } from '../format.ts'
import { address, list, optional, slot } from '../parse.ts'
import type { Services } from '../services.ts'

/** eth_ methods that read accounts or run messages on them. */
export function createStateMethods({ backend }: Services): MethodTable {
  const checkChain = ({ chainId }: TransactionRequest) => {
    if (chainId === undefined || chainId === backend.chainId) return
    throw invalidParams(`invalid chain id: have ${chainId}, want ${backend.chainId}`)
  }
  return {
    eth_getBalance: method([address, blockRef], async ([account, ref]) => {
      const block = await findState(backend, ref)
      return toQuantity((await backend.account(account, block)).balance)
    }),
    eth_getTransactionCount: method([address, blockRef], async ([account, ref]) => {
      if (ref.type === 'pending') return toQuantity(await backend.pendingNonce(account))
      const block = await findState(backend, ref)
      return toQuantity((await backend.account(account, block)).nonce)
    }),
    eth_getCode: method([address, blockRef], async ([account, ref]) =>
      backend.code(account, await findState(backend, ref)),
    ),
    eth_getStorageAt: method([address, slot, blockRef], async ([account, key, ref]) =>
      backend.storage(account, key, await findState(backend, ref)),
    ),
    eth_getProof: method(
      [address, list(slot, limits.rpcProofSlotsMax), blockRef],
      async ([account, slots, ref]) =>
        formatProof(await backend.proof(account, slots, await findState(backend, ref))),
    ),
    eth_call: method(
      [transactionRequest, blockRef, optional(stateOverrides), noBlockOverrides],
      async ([request, ref, overrides]) => {
        checkChain(request)
        const block = await findState(backend, ref)
        const call = await limitToBalance(backend, block, toCallRequest(request, overrides))
        const result = await backend.call(call, block)
        if (result.failure === undefined) return result.returnData
        throw explainFailure(result, call.gas ?? limits.rpcCallGasMax)
      },
    ),
    eth_createAccessList: method([transactionRequest, blockRef], async ([request, ref]) => {
      checkChain(request)
      return createAccessList(backend, { request, block: await findState(backend, ref) })
    }),
    eth_estimateGas: method(
      [transactionRequest, blockRef, optional(stateOverrides), noBlockOverrides],
      async ([request, ref, overrides]) => {
        checkChain(request)
        const block = await findState(backend, ref)
        return toQuantity(await estimateGas(backend, { request, block, overrides }))
      },
    ),
  }
}
