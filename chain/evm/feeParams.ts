import { createAddressFromString } from '@ethereumjs/util'
import type { FeeParams } from './baseFee.ts'
import type { StateRef } from './engine.ts'
import { EvmError } from './errors.ts'
import { readNumber } from './systemRead.ts'
import { type EngineContext, openState } from './workspace.ts'

/** Reads the fee parameters of a state. */
export type FeeParamsReader = (at: StateRef) => Promise<FeeParams>

/**
 * A reader that asks the contract again only when its storage has changed: what it answers is a
 * function of its code and storage.
 */
export function createFeeParamsReader(context: EngineContext): FeeParamsReader {
  const { rules } = context
  let known: { readonly root: string; readonly params: FeeParams } | undefined
  return async (at) => {
    const address = createAddressFromString(rules.baseFeeFloor.to)
    const account = await openState(context, at).state.getAccount(address)
    const root = account === undefined ? '' : Buffer.from(account.serialize()).toString('hex')
    if (known?.root === root) return known.params
    const params = {
      floor: await readNumber(context, at, rules.baseFeeFloor),
      denominator: await readNumber(context, at, rules.baseFeeDenominator),
    }
    if (params.denominator === 0n) {
      const reason = 'the denominator is 0'
      const text = `The governed base fee parameters are unusable: ${reason}.`
      throw new EvmError({ code: 'EVM_BAD_FEE_PARAMS', reason }, text)
    }
    known = { root, params }
    return params
  }
}
