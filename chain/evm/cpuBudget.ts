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
  /** The candidate is over, however it ended. Why it may not stay, when it took too long. */
  settle(): EvmError | undefined
  /** A pace that ends a candidate by an exception as soon as it has taken more than its share. */
  paced(pace?: Pace): Pace | undefined
}

/**
 * A budget of `blockMs` milliseconds.
 *
 * No candidate is begun once it is spent, and none goes on past its share, so candidates together
 * take at most the budget and one share. What is dropped for its time has paid nothing; when such
 * candidates have wasted their part of the budget, the rest is for small ones, which have no gas to
 * waste time with.
 */
export function createCpuBudget(blockMs: number, meter: CpuMeter): CpuBudget {
  const shareMs = blockMs / limits.candidateCpuDivisor
  const wasteMs = blockMs / limits.wastedCpuDivisor
  /** Up to here time is spent; what others do while execution rests is not. */
  let mark = meter()
  let spentMs = 0
  let wastedMs = 0
  let candidateMs: number | undefined

  const account = (): void => {
    const now = meter()
    spentMs += now - mark
    if (candidateMs !== undefined) candidateMs += now - mark
    mark = now
  }
  const check = (): void => {
    if (candidateMs === undefined) return
    account()
    if (candidateMs > shareMs) throw tooLong(shareMs)
  }
  return {
    admit(gas) {
      account()
      if (spentMs >= blockMs) return 'stop'
      if (wastedMs >= wasteMs && gas > limits.calmCandidateGasMax) return 'skip'
      candidateMs = 0
      return 'try'
    },
    settle() {
      account()
      const usedMs = candidateMs ?? 0
      candidateMs = undefined
      if (usedMs <= shareMs) return undefined
      wastedMs += usedMs
      return tooLong(shareMs)
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

function tooLong(msMax: number): EvmError {
  const text = `the transaction takes more than the ${msMax} ms of CPU time that one may have`
  return new EvmError({ code: 'EVM_TRANSACTION_TOO_LONG', msMax }, text)
}
