import type { EVMOpts } from '@ethereumjs/evm'
import { hexToBytes } from '@ethereumjs/util'
import type {
  Engine,
  ExecutedBlock,
  StateSource,
  SystemRules,
} from '../../../../chain/evm/engine.ts'
import { createReferenceEngine } from '../../../../chain/evm/referenceEngine.ts'
import type { Receipt } from '../../../../chain/primitives/receipt.ts'
import { common } from './world.ts'

/** How an engine that is to be compared comes into being. */
export type EngineMaker = {
  readonly name: string
  create(deps: { readonly source: StateSource; readonly rules: SystemRules }): Engine
}

/** The plain engine; with other options of the EVM it must do the same. */
export function referenceMaker(name = 'reference', evmOpts: EVMOpts = {}): EngineMaker {
  return { name, create: (deps) => createReferenceEngine({ common, evmOpts }, deps) }
}

/** Every engine by name. */
export const engineMakers: ReadonlyMap<string, EngineMaker> = new Map(
  [referenceMaker()].map((maker) => [maker.name, maker]),
)

/** An engine over a chain in memory that grows by what is added. */
export type Side = {
  readonly name: string
  readonly engine: Engine
  add(block: ExecutedBlock): void
}

export function createSide(maker: EngineMaker, rules: SystemRules): Side {
  const nodes = new Map<string, Uint8Array>()
  const blocks: ExecutedBlock[] = []
  const source: StateSource = {
    node: (key) => nodes.get(key),
    blockHash: (height) => {
      const block = blocks[Number(height)]
      return block && hexToBytes(block.hash)
    },
  }
  return {
    name: maker.name,
    engine: maker.create({ source, rules }),
    add(block) {
      for (const [key, value] of block.state) nodes.set(key, value)
      blocks.push(block)
    },
  }
}

/** The receipts of a block, decoded. */
export function receiptsOf(block: ExecutedBlock): readonly Receipt[] {
  return block.receipts
}
