import type { Hash } from '../primitives/hex.ts'
import type { FeeParams } from './baseFee.ts'
import type { BoundedRead, StateRef } from './engine.ts'
import { openSystemReads } from './systemRead.ts'
import type { EngineContext } from './workspace.ts'

/** Reads the fee parameters of a state. */
export type FeeParamsReader = (at: StateRef) => Promise<FeeParams>

/**
 * A reader that remembers the last state it was asked for. No more than that: what the contract
 * answers may follow from any account, and nodes must agree on it, also those that begin later.
 */
export function createFeeParamsReader(context: EngineContext): FeeParamsReader {
  const { rules } = context
  let known: { readonly stateRoot: Hash; readonly params: Promise<FeeParams> } | undefined
  const read = async (at: StateRef): Promise<FeeParams> => {
    const ask = await openSystemReads(context, at)
    return {
      floor: within(rules.baseFeeFloor, await ask(rules.baseFeeFloor)),
      denominator: within(rules.baseFeeDenominator, await ask(rules.baseFeeDenominator)),
    }
  }
  return (at) => {
    if (known?.stateRoot === at.stateRoot) return known.params
    const params = read(at)
    known = { stateRoot: at.stateRoot, params }
    params.catch(() => {
      if (known?.params === params) known = undefined
    })
    return params
  }
}

/**
 * A parameter as governance has set it. A contract that does not answer, or answers outside the
 * parameter's bounds, as a voted upgrade might, leaves the chain with the parameter's first value:
 * no fault of the economy stops blocks.
 */
function within({ min, max, initial }: BoundedRead, value: bigint | undefined): bigint {
  return value !== undefined && value >= min && value <= max ? value : initial
}
