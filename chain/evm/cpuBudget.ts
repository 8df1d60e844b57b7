import { assert } from '../primitives/assert.ts'
import { limits } from '../primitives/limits.ts'
import { EvmError } from './errors.ts'
import type { Pace } from './pace.ts'

/**
 * CPU time of the thread that executes, in milliseconds that never go back. Execution reads no
 * clock, so `chain/node` hands it in. Only the choice of transactions depends on it, never what
 * they do: a verifier needs no meter and comes to the same block.
 */
export type CpuMeter = () => number

/** What may be done with a candidate: try it, pass over it, or end the block. */
export type Admission = 'try' | 'skip' | 'stop'

/** The CPU time of one block that is being built. */
export type CpuBudget = {
  /** Asked before a candidate with this gas limit is tried. */
  admit(gas: bigint): Admission
  /**
   * The candidate is over, however it ended. When it took too long it may not stay: `later` when
   * it had less than a whole share, so that another block may try it, else the error.
   */
  settle(): EvmError | 'later' | undefined
  /** A pace that ends a candidate by an exception as soon as it has taken more than its share. */
  paced(pace?: Pace): Pace | undefined
}

/**
 * A budget of `blockMs` milliseconds.
 *
 * No candidate is begun once it is spent, and none goes on past its share, so candidates together
 * take at most the budget and one share. All that have much gas share one part of the budget: what
 * is dropped for its time has paid nothing, so without such a bound nothing would be left for those
 * that have no gas to waste time with.
 */
export function createCpuBudget(blockMs: number, meter: CpuMeter): CpuBudget {
  const shareMs = blockMs / limits.candidateCpuDivisor
  /** Up to here time is spent; what others do while execution rests is not. */
  let mark = meter()
  let spentMs = 0
  let heavyMs = 0
  let current: { readonly isHeavy: boolean; readonly msMax: number; ms: number } | undefined

  const account = (): void => {
    const now = meter()
    spentMs += now - mark
    if (current !== undefined) current.ms += now - mark
    mark = now
  }
  const check = (): void => {
    if (current === undefined) return
    account()
    if (current.ms > current.msMax) throw tooLong(shareMs)
  }
  return {
    admit(gas) {
      account()
      if (spentMs >= blockMs) return 'stop'
      const isHeavy = gas > limits.lightCandidateGasMax
      if (isHeavy && heavyMs >= shareMs) return 'skip'
      current = { isHeavy, msMax: isHeavy ? shareMs - heavyMs : shareMs, ms: 0 }
      return 'try'
    },
    settle() {
      account()
      assert(current !== undefined, 'a candidate was admitted')
      const { isHeavy, msMax, ms } = current
      current = undefined
      if (isHeavy) heavyMs += ms
      if (ms <= msMax) return undefined
      return ms > shareMs ? tooLong(shareMs) : 'later'
    },
    paced: (pace) => ({
      step() {
        check()
        const rest = pace?.step()
        if (rest === undefined) return undefined
        account()
        return rest.then(() => {
          mark = meter()
        })
      },
      pulse: check,
      end: () => pace?.end(),
    }),
  }
}

/** The CPU time of one execution that is given up when it takes longer. */
export type CpuDeadline = {
  paced(pace?: Pace): Pace
  /** @throws EvmError `EVM_BLOCK_TOO_LONG` once the time is over. */
  check(): void
}

/** A deadline of `msMax` milliseconds from now. */
export function createCpuDeadline(msMax: number, meter: CpuMeter): CpuDeadline {
  let mark = meter()
  let spentMs = 0
  const check = (): void => {
    const now = meter()
    spentMs += now - mark
    mark = now
    if (spentMs > msMax) throw blockTooLong(msMax)
  }
  return {
    check,
    paced: (pace) => ({
      step() {
        check()
        return pace?.step()?.then(() => {
          mark = meter()
        })
      },
      pulse: check,
      end: () => pace?.end(),
    }),
  }
}

/** Lets everything in: for engines without a meter, and blocks without a budget. */
export const unlimitedCpu: CpuBudget = {
  admit: () => 'try',
  settle: () => undefined,
  paced: (pace) => pace,
}

/**
 * The CPU budget of a block in milliseconds, from the interval between blocks: what is left is for
 * checking the block again, for writing it, and for agreeing on it.
 */
export function cpuBudgetMsOf(targetBlockMs: number): number {
  return targetBlockMs / limits.blockCpuDivisor
}

function blockTooLong(msMax: number): EvmError {
  const text = `The block takes more than ${msMax} ms of CPU time; whether it is valid is not known.`
  return new EvmError({ code: 'EVM_BLOCK_TOO_LONG', msMax }, text)
}

function tooLong(msMax: number): EvmError {
  const text = `the transaction takes more than the ${msMax} ms of CPU time that one may have`
  return new EvmError({ code: 'EVM_TRANSACTION_TOO_LONG', msMax }, text)
}
