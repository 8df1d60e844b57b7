import type { Common } from '@ethereumjs/common'
import { runBlock } from '@ethereumjs/vm'
import { createSenderRecovery } from '../../chain/codec/recovery/senderRecovery.ts'
import type {
  ChainSource,
  Engine,
  ExecutedBlock,
  SystemRules,
  VerifyRequest,
} from '../../chain/evm/engine.ts'
import { createFastEngine } from '../../chain/evm/fastEngine.ts'
import { createReferenceEngine } from '../../chain/evm/referenceEngine.ts'
import { finishBlock } from '../../chain/evm/results.ts'
import { decodeBlock } from '../../chain/evm/verifyBlock.ts'
import { createEngineContext, openWorkspace } from '../../chain/evm/workspace.ts'
import type { StageClock } from '../../chain/primitives/stageClock.ts'

/** What an engine is made over. */
export type EngineTargetDependencies = {
  readonly common: Common
  readonly source: ChainSource
  readonly rules: SystemRules
  readonly onStage: StageClock
}

/** An engine as it is measured. */
export type BenchEngine = {
  readonly engine: Engine
  /**
   * Does whatever comes before execution, sender recovery above all, and gives what executes. For
   * level L1.
   */
  readonly prepare: (request: VerifyRequest) => Promise<() => Promise<ExecutedBlock>>
  /** Ends its threads. */
  readonly close: () => Promise<void>
}

/** An engine that is measured. */
export type EngineTarget = {
  readonly name: 'reference' | 'fast'
  readonly open: (deps: EngineTargetDependencies) => BenchEngine
}

/** Every engine, the fastest last: that one makes the blocks that all verify. */
export const engineTargets: readonly EngineTarget[] = [
  { name: 'reference', open: openReference },
  { name: 'fast', open: openFast },
]

function openReference({ common, source, rules }: EngineTargetDependencies): BenchEngine {
  const context = createEngineContext({ common }, { source, rules })
  return {
    engine: createReferenceEngine({ common }, { source, rules }),
    prepare: async ({ parent, raw }) => {
      const block = decodeBlock(context, raw)
      // Kept by each transaction object, so that execution recovers nothing.
      for (const tx of block.transactions) tx.getSenderPublicKey()
      return async () => {
        const workspace = await openWorkspace(context, { stateRoot: parent.stateRoot })
        const { results } = await runBlock(workspace.vm, { block, skipHeaderValidation: true })
        return finishBlock(context, workspace, block, results)
      }
    },
    close: async () => undefined,
  }
}

function openFast({ common, source, rules, onStage }: EngineTargetDependencies): BenchEngine {
  const recovery = createSenderRecovery()
  const engine = createFastEngine({ common }, { source, rules, recovery, onStage })
  return {
    engine,
    prepare: async (request) => {
      const prepared = engine.prepare(request.raw)
      await (await prepared?.senders)?.finish()
      return () => engine.verify({ ...request, ...(prepared === undefined ? {} : { prepared }) })
    },
    close: () => recovery.close(),
  }
}
