import type { EVMOpts } from '@ethereumjs/evm'
import { hexToBytes } from '@ethereumjs/util'
import { createSenderRecovery } from '../../../../chain/codec/recovery/senderRecovery.ts'
import type {
  ChainSource,
  Engine,
  ExecutedBlock,
  SystemRules,
} from '../../../../chain/evm/engine.ts'
import { createFastEngine } from '../../../../chain/evm/fastEngine.ts'
import { createReferenceEngine } from '../../../../chain/evm/referenceEngine.ts'
import type { Receipt } from '../../../../chain/primitives/receipt.ts'
import { createMemoryLog } from '../../state/memoryLog.ts'
import { common } from './world.ts'

// Its threads start with the first block, and one set of them serves every engine of the process.
const recovery = createSenderRecovery()

/** How an engine that is to be compared comes into being. */
export type EngineMaker = {
  readonly name: string
  create(deps: { readonly source: ChainSource; readonly rules: SystemRules }): Engine
}

/** The plain engine; with other options of the EVM it must do the same. */
export function referenceMaker(name = 'reference', evmOpts: EVMOpts = {}): EngineMaker {
  return { name, create: (deps) => createReferenceEngine({ common, evmOpts }, deps) }
}

/** The engine of production. */
export const fastMaker: EngineMaker = {
  name: 'fast',
  create: (deps) => createFastEngine({ common }, { ...deps, recovery }),
}

/** Every engine by name. */
export const engineMakers: ReadonlyMap<string, EngineMaker> = new Map(
  [referenceMaker(), fastMaker].map((maker) => [maker.name, maker]),
)

/** An engine over a chain in memory that grows by what is added. */
export type Side = {
  readonly name: string
  readonly engine: Engine
  add(block: ExecutedBlock): void
}

export function createSide(maker: EngineMaker, rules: SystemRules): Side {
  const log = createMemoryLog()
  const blocks: ExecutedBlock[] = []
  const source: ChainSource = {
    ...log,
    blockHash: (height) => {
      const block = blocks[Number(height)]
      return block && hexToBytes(block.hash)
    },
  }
  return {
    name: maker.name,
    engine: maker.create({ source, rules }),
    add(block) {
      log.append(block.state)
      blocks.push(block)
    },
  }
}

/** The receipts of a block, decoded. */
export function receiptsOf(block: ExecutedBlock): readonly Receipt[] {
  return block.receipts.decode()
}
