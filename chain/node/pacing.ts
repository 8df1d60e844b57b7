import { setImmediate } from 'node:timers/promises'
import { EvmError } from '../evm/errors.ts'
import type { Pace, Pacing } from '../evm/pace.ts'
import { limits } from '../primitives/limits.ts'
import { createMutex } from '../primitives/mutex.ts'

/** How long executions may keep the process. */
export type PacingOptions = {
  readonly sliceMs: number
  /** Milliseconds of execution after which a call is ended. */
  readonly callMsMax: number
  /** Calls longer than a slice that may wait for their turn. */
  readonly longCallsMax: number
}

/** What a node allows. */
export const defaultPacing: PacingOptions = {
  sliceMs: limits.executionSliceMs,
  callMsMax: limits.callMsMax,
  longCallsMax: limits.longCallsMax,
}

/**
 * Cuts long executions into slices, between which requests and timers have their turn. A call that
 * needs more than one slice waits until no other such call runs: short ones never wait for it, and
 * the memory of only one grows.
 */
export function createPacing(
  { sliceMs, callMsMax, longCallsMax }: PacingOptions,
  /** Milliseconds that never go back. */
  now: () => number = () => performance.now(),
): Pacing {
  const turns = createMutex()
  let waiting = 0

  const takeTurn = async (): Promise<() => void> => {
    if (waiting >= longCallsMax) throw tooMany(longCallsMax)
    waiting++
    try {
      const turn = Promise.withResolvers<() => void>()
      void turns(() => {
        const work = Promise.withResolvers<void>()
        turn.resolve(work.resolve)
        return work.promise
      })
      return await turn.promise
    } finally {
      waiting--
    }
  }
  const call = (): Pace => {
    let spent = 0
    let since = now()
    let giveBack: (() => void) | undefined
    const rest = async (): Promise<void> => {
      giveBack ??= await takeTurn()
      await setImmediate()
      since = now()
    }
    return {
      step() {
        const slice = now() - since
        if (slice < sliceMs) return undefined
        spent += slice
        if (spent > callMsMax) throw tooLong(callMsMax)
        return rest()
      },
      pulse() {
        if (spent + now() - since > callMsMax) throw tooLong(callMsMax)
      },
      end: () => giveBack?.(),
    }
  }
  const block = (): Pace => {
    let since = now()
    return {
      step() {
        if (now() - since < sliceMs) return undefined
        return setImmediate().then(() => {
          since = now()
        })
      },
      end: () => undefined,
    }
  }
  return { call, block }
}

function tooLong(msMax: number): EvmError {
  const text = `execution aborted: the call took longer than ${msMax} ms`
  return new EvmError({ code: 'EVM_CALL_TOO_LONG', msMax }, text)
}

function tooMany(max: number): EvmError {
  const text = `the node is busy: ${max} long calls wait already, try again later`
  return new EvmError({ code: 'EVM_CALLS_TOO_MANY', max }, text)
}
