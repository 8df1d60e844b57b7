import { createAddressFromString } from '@ethereumjs/util'
import type { FeeParams } from './baseFee.ts'
import type { BoundedRead, StateRef } from './engine.ts'
import { tryReadNumber } from './systemRead.ts'
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
      floor: await readBounded(context, at, rules.baseFeeFloor),
      denominator: await readBounded(context, at, rules.baseFeeDenominator),
    }
    known = { root, params }
    return params
  }
}

/**
 * A parameter as governance has set it. A contract that does not answer, or answers outside the
 * parameter's bounds, as a voted upgrade might, leaves the chain with the parameter's first value:
 * no fault of the economy stops blocks.
 */
async function readBounded(
  context: EngineContext,
  at: StateRef,
  parameter: BoundedRead,
): Promise<bigint> {
  const value = await tryReadNumber(context, at, parameter)
  const isUsable = value !== undefined && value >= parameter.min && value <= parameter.max
  return isUsable ? value : parameter.initial
}
