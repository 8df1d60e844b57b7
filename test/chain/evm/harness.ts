// An engine over a map in memory, and a chain that grows by what it builds.
import { type Block, createBlockFromRLP } from '@ethereumjs/block'
import type { EVMOpts } from '@ethereumjs/evm'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { createSenderRecovery } from '../../../chain/codec/recovery/senderRecovery.ts'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import type { CpuMeter } from '../../../chain/evm/cpuBudget.ts'
import type {
  BuiltBlock,
  Candidate,
  Candidates,
  Engine,
  ExecutedBlock,
  ParentBlock,
} from '../../../chain/evm/engine.ts'
import { createFastEngine } from '../../../chain/evm/fastEngine.ts'
import { executeGenesis } from '../../../chain/evm/genesis.ts'
import type { Pacing } from '../../../chain/evm/pace.ts'
import { createReferenceEngine } from '../../../chain/evm/referenceEngine.ts'
import { systemRulesOf } from '../../../chain/node/systemRules.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import type { Genesis } from '../../../chain/system/genesis/genesisFile.ts'
import { engineOfTests } from '../../engineOfTests.ts'
import { common, proposerAddress, proposerKey, smallGenesis } from '../fixtures/smallChain.ts'
import { createMemoryLog, type MemoryLog } from '../state/memoryLog.ts'

export const proposer = { coinbase: proposerAddress, round: 0, seat: 0 } as const

const recovery = createSenderRecovery()
const engines = { fast: createFastEngine, reference: createReferenceEngine } as const

export type TestChain = {
  readonly engine: Engine
  /** A second engine, always `reference`, on the same blocks and state. */
  readonly second: Engine
  readonly log: MemoryLog
  readonly genesis: Genesis
  readonly blocks: ExecutedBlock[]
  parent(): ParentBlock
  build(candidates?: readonly Candidate[], timestamp?: bigint): Promise<BuiltBlock>
  add(block: ExecutedBlock): void
}

export async function createTestChain(
  options: {
    readonly genesis?: Genesis
    readonly evmOpts?: EVMOpts
    readonly pacing?: Pacing
    readonly cpuMeter?: CpuMeter
    readonly cpuBudgetMs?: number
  } = {},
): Promise<TestChain> {
  const genesis = options.genesis ?? smallGenesis()
  const log = createMemoryLog()
  const blocks: ExecutedBlock[] = []
  const hashAt = (height: bigint) => {
    const block = blocks[Number(height)]
    return block && hexToBytes(block.hash)
  }
  const source = { ...log, blockHash: hashAt }
  const create = engines[engineOfTests]
  const deps = { source, rules: systemRulesOf(genesis), recovery }
  const engine = create(
    { common, evmOpts: options.evmOpts ?? {} },
    {
      ...deps,
      ...(options.pacing === undefined ? {} : { pacing: options.pacing }),
      ...(options.cpuMeter === undefined ? {} : { cpuMeter: options.cpuMeter }),
    },
  )
  const add = (block: ExecutedBlock): void => {
    log.append(block.state)
    blocks.push(block)
  }
  add(await executeGenesis(genesis, common))
  const parent = (): ParentBlock => parentOf(decode((blocks.at(-1) as ExecutedBlock).raw))
  return {
    engine,
    second: createReferenceEngine({ common }, deps),
    log,
    genesis,
    blocks,
    parent,
    add,
    async build(candidates = [], timestamp = parent().timestamp + 1n) {
      const block = await engine.build({
        parent: parent(),
        timestamp,
        proposer,
        sign: (hash) => sign(hash, proposerKey),
        candidates: () => candidatesOf(candidates),
        cpuBudgetMs: options.cpuBudgetMs,
      })
      add(block)
      return block
    },
  }
}

export function candidatesOf(list: readonly Candidate[]): Candidates {
  return Object.assign([...list], { skipSender: () => undefined })
}

export function decode(raw: Uint8Array): Block {
  return createBlockFromRLP(raw, { common })
}

/** A parent whose certificate is made of its height. */
export function parentOf(block: Block): ParentBlock {
  const fill = (byte: number): Hash => `0x${byte.toString(16).padStart(2, '0').repeat(32)}`
  return {
    hash: bytesToHex(block.hash()),
    height: block.header.number,
    timestamp: block.header.timestamp,
    stateRoot: bytesToHex(block.header.stateRoot),
    coinbase: bytesToHex(block.header.coinbase.bytes),
    gasLimit: block.header.gasLimit,
    gasUsed: block.header.gasUsed,
    baseFeePerGas: block.header.baseFeePerGas ?? 0n,
    certificate: {
      hash: fill(0x40 + Number(block.header.number % 64n)),
      randomness: fill(0x80 + Number(block.header.number % 64n)),
      round: 0,
      signers: 1n,
    },
  }
}
