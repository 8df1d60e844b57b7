import type { SenderRecovery } from '../codec/recovery/senderRecovery.ts'
import { createAuditedEngine } from '../evm/auditedEngine.ts'
import type { CpuMeter } from '../evm/cpuBudget.ts'
import type { ChainSource, Engine, SystemRules } from '../evm/engine.ts'
import { createFastEngine } from '../evm/fastEngine.ts'
import type { Pacing } from '../evm/pace.ts'
import { createReferenceEngine, type ReferenceEngineOptions } from '../evm/referenceEngine.ts'
import type { NodeOptions } from './options.ts'

/** The engine that a node's options ask for. */
export function createNodeEngine(
  options: Pick<NodeOptions, 'engine' | 'auditEvery'> & ReferenceEngineOptions,
  deps: {
    readonly source: ChainSource
    readonly rules: SystemRules
    readonly recovery: SenderRecovery
    readonly pacing: Pacing
    readonly cpuMeter: CpuMeter
  },
): Engine {
  const { common } = options
  if (options.engine === 'reference') return createReferenceEngine({ common }, deps)
  const fast = createFastEngine({ common }, deps)
  if (options.auditEvery === 0) return fast
  const by = createReferenceEngine({ common }, deps)
  return createAuditedEngine(fast, { by, every: options.auditEvery })
}
