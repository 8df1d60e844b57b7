import type { SenderRecovery } from '../codec/recovery/senderRecovery.ts'
import type { StageClock } from '../primitives/stageClock.ts'
import { nextBaseFee } from './baseFee.ts'
import { runMessage } from './callMessage.ts'
import type { CpuMeter } from './cpuBudget.ts'
import type { ChainSource, Engine, ParentBlock, SystemRules } from './engine.ts'
import { buildFast } from './fast/buildFast.ts'
import { createPrograms } from './fast/interpreter/programs.ts'
import { prepareBlock } from './fast/prepareBlock.ts'
import { readAccountFast, readCodeFast, readStorageFast } from './fast/readFast.ts'
import { verifyFast } from './fast/verifyFast.ts'
import { createFeeParamsReader } from './feeParams.ts'
import type { Pacing } from './pace.ts'
import { readProof } from './readState.ts'
import type { ReferenceEngineOptions } from './referenceEngine.ts'
import { traceBlock } from './traceBlock.ts'
import { createEngineContext } from './workspace.ts'

/**
 * The engine of production: equal to `createReferenceEngine` to the last bit, and ten to twenty
 * times as fast. Blocks run on a flat state over tries in memory, raw transactions are never made
 * into objects, and plain transfers do not reach the EVM.
 */
export function createFastEngine(
  options: ReferenceEngineOptions,
  deps: {
    readonly source: ChainSource
    readonly rules: SystemRules
    readonly recovery: SenderRecovery
    readonly pacing?: Pacing
    readonly cpuMeter?: CpuMeter
    readonly onStage?: StageClock
  },
): Engine {
  const { recovery } = deps
  const { onStage } = deps
  const context = { ...createEngineContext(options, deps), programs: createPrograms(), onStage }
  const readFeeParams = createFeeParamsReader(context)
  const baseFeeAfter = async (parent: ParentBlock): Promise<bigint> =>
    nextBaseFee(parent, await readFeeParams({ stateRoot: parent.stateRoot }))
  return {
    nextBaseFee: baseFeeAfter,
    baseFeeFloor: async (parent) => (await readFeeParams({ stateRoot: parent.stateRoot })).floor,
    build: async (request) => buildFast(context, request, await baseFeeAfter(request.parent)),
    prepare: (raw) => prepareBlock(recovery, raw),
    async verify(request) {
      const prepared = request.prepared ?? prepareBlock(recovery, request.raw)
      return verifyFast(context, request, prepared, await baseFeeAfter(request.parent))
    },
    call: (message) => runMessage(context, message),
    trace: (request) => traceBlock(context, request),
    account: async (address, at) => readAccountFast(context, address, at),
    code: async (address, at) => readCodeFast(context, address, at),
    storage: async (address, slot, at) => readStorageFast(context, address, slot, at),
    proof: (address, slots, at) => readProof(context, address, slots, at),
  }
}
