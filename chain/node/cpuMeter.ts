import type { CpuMeter } from '../evm/cpuBudget.ts'
import { cpuBudgetMsOf } from '../evm/cpuBudget.ts'
import { limits } from '../primitives/limits.ts'
import type { NodeOptions } from './options.ts'

/** CPU time of this thread, which other programs on the machine do not lengthen. Milliseconds. */
export const cpuMeter: CpuMeter = () => {
  const { user, system } = process.threadCpuUsage()
  return (user + system) / 1_000
}

/** What a node gives the transactions of a block. Milliseconds of CPU time. */
export function cpuBudgetMsFor({ cpuBudgetMs, genesis, devAccounts }: NodeOptions): number {
  const factor = devAccounts === undefined ? 1 : limits.devCpuFactor
  return cpuBudgetMs ?? cpuBudgetMsOf(genesis.config.poca.targetBlockMs) * factor
}
