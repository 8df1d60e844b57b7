import type { Common } from '@ethereumjs/common'
import type { EVMOpts } from '@ethereumjs/evm'
import { nextBaseFee } from './baseFee.ts'
import { buildOnParent } from './buildBlock.ts'
import { runMessage } from './callMessage.ts'
import type { CpuMeter } from './cpuBudget.ts'
import type { ChainSource, Engine, ParentBlock, SystemRules } from './engine.ts'
import { createFeeParamsReader } from './feeParams.ts'
import type { Pacing } from './pace.ts'
import { readAccount, readCode, readProof, readStorage } from './readState.ts'
import { traceBlock } from './traceBlock.ts'
import { verifyOnParent } from './verifyBlock.ts'
import { createEngineContext } from './workspace.ts'

/** What the reference engine is made of. */
export type ReferenceEngineOptions = {
  /** Chain id and forks; native crypto is added. */
  readonly common: Common
  /** Extra options of the EVM, such as precompiles of a test. */
  readonly evmOpts?: EVMOpts
}

/**
 * The plain engine: stock `@ethereumjs/vm` on a fresh state manager per operation. Slow, simple,
 * and what every other engine is compared with.
 */
export function createReferenceEngine(
  options: ReferenceEngineOptions,
  deps: {
    readonly source: ChainSource
    readonly rules: SystemRules
    readonly pacing?: Pacing
    readonly cpuMeter?: CpuMeter
  },
): Engine {
  const context = createEngineContext(options, deps)
  const readFeeParams = createFeeParamsReader(context)
  const baseFeeAfter = async (parent: ParentBlock): Promise<bigint> =>
    nextBaseFee(parent, await readFeeParams({ stateRoot: parent.stateRoot }))
  return {
    nextBaseFee: baseFeeAfter,
    baseFeeFloor: async (parent) => (await readFeeParams({ stateRoot: parent.stateRoot })).floor,
    build: async (request) => buildOnParent(context, request, await baseFeeAfter(request.parent)),
    prepare: () => undefined,
    verify: async (request) => verifyOnParent(context, request, await baseFeeAfter(request.parent)),
    call: (message) => runMessage(context, message),
    trace: (request) => traceBlock(context, request),
    account: (address, at) => readAccount(context, address, at),
    code: (address, at) => readCode(context, address, at),
    storage: (address, slot, at) => readStorage(context, address, slot, at),
    proof: (address, slots, at) => readProof(context, address, slots, at),
  }
}
