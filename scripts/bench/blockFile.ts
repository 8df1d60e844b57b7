import { existsSync } from 'node:fs'
import { join } from 'node:path'

import { RLP } from '@ethereumjs/rlp'
import { keccak256 } from '../../chain/crypto/keccak.ts'
import { sign } from '../../chain/crypto/secp256k1.ts'
import type { BuiltBlock, Candidate, ParentBlock } from '../../chain/evm/engine.ts'
import type { Hash } from '../../chain/primitives/hex.ts'
import {
  type BaseState,
  type BenchChain,
  openBenchChain,
  proposer,
  proposerKey,
  receiptsOf,
} from './benchChain.ts'
import { cacheFolder, keyOf } from './cacheFolder.ts'
import { engineTargets } from './engineTargets.ts'
import { createProgress } from './progress.ts'
import { readItems, type TxFile, writeItems } from './txFile.ts'

/** A block made beforehand, and all that its verification needs. */
export type PreparedBlock = {
  readonly raw: Uint8Array
  readonly parent: ParentBlock
  readonly hash: Hash
  readonly stateRoot: Hash
  /** Transactions without the one that ends the block, and those of them that failed. */
  readonly txCount: number
  readonly failedCount: number
  readonly gasUsed: bigint
  /** Milliseconds that building it took. */
  readonly buildMs: number
}

/** Transactions to put into blocks, in order. */
export type BlockFileOptions = {
  readonly txs: TxFile
  readonly blockTxs: number
  readonly base: BaseState
}

/** Makes blocks of a file of transactions, unless they are on disk already. Gives their path. */
export async function prepareBlockFile(options: BlockFileOptions): Promise<string> {
  const { txs, blockTxs, base } = options
  const key = keyOf({ format: 3, txs: txs.key, blockTxs, genesis: base.genesisHash })
  const path = join(cacheFolder, `blocks-${key}.bin`)
  if (!existsSync(path)) writeBlockFile(path, await buildAll(options))
  return path
}

/** Writes blocks as `readBlockFile` reads them. */
export function writeBlockFile(path: string, blocks: readonly PreparedBlock[]): void {
  const items = blocks.flatMap(({ raw, ...note }) => {
    const text = JSON.stringify(note, (_, value) =>
      typeof value === 'bigint' ? `${value}n` : value,
    )
    return [new TextEncoder().encode(text), raw]
  })
  writeItems(path, items)
}

/** Reads the blocks of a file that `prepareBlockFile` has made. */
export function readBlockFile(path: string): readonly PreparedBlock[] {
  const items = readItems(path)
  return items.flatMap((raw, index) => {
    const note = items[index - 1]
    if (index % 2 === 0 || note === undefined) return []
    const facts = JSON.parse(new TextDecoder().decode(note), reviveBigint)
    return [{ ...facts, raw }]
  })
}

async function buildAll({
  txs,
  blockTxs,
  base,
}: BlockFileOptions): Promise<readonly PreparedBlock[]> {
  const target = engineTargets.at(-1)
  if (target === undefined) throw new Error('There is no engine.')
  const candidates = readItems(txs.path).map(candidateOf)
  const chain = await openBenchChain(base, target, { durable: false, onStage: () => undefined })
  const progress = createProgress('building blocks', candidates.length)
  const blocks: PreparedBlock[] = []
  try {
    let parent = chain.genesis
    for (let at = 0; at < candidates.length; at += blockTxs) {
      const chosen = candidates.slice(at, at + blockTxs)
      const before = performance.now()
      const block = await build(chain, parent, chosen)
      const buildMs = performance.now() - before
      await chain.commit(block)
      const next = chain.parentOf(block)
      requireAll(block, chosen.length)
      blocks.push(preparedOf(block, { parent, gasUsed: next.gasUsed, buildMs }))
      parent = next
      progress.to(at + chosen.length)
    }
  } finally {
    progress.end()
    await chain.stop()
  }
  return blocks
}

function build(
  chain: BenchChain,
  parent: ParentBlock,
  chosen: readonly Candidate[],
): Promise<BuiltBlock> {
  return chain.engine.build({
    parent,
    timestamp: parent.timestamp + 1n,
    proposer,
    sign: (hash) => sign(hash, proposerKey),
    candidates: () => Object.assign([...chosen], { skipSender: () => undefined }),
  })
}

function requireAll({ dropped }: BuiltBlock, wanted: number): void {
  const [first] = dropped
  if (first === undefined) return
  const text = `${dropped.length} of ${wanted} transactions cannot be included: `
  throw new Error(`${text}${first.reason}`)
}

function preparedOf(
  block: BuiltBlock,
  facts: Pick<PreparedBlock, 'parent' | 'gasUsed' | 'buildMs'>,
): PreparedBlock {
  const { raw, hash, stateRoot } = block
  const own = receiptsOf(block).slice(0, -1)
  const failedCount = own.filter(({ status }) => status === 0).length
  return { ...facts, raw, hash, stateRoot, txCount: own.length, failedCount }
}

function reviveBigint(_: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value
}

/** Place of the gas limit among the fields of a type 2 transaction. */
const GAS_FIELD = 4

function candidateOf(raw: Uint8Array): Candidate {
  const hash: Hash = `0x${Buffer.from(keccak256(raw)).toString('hex')}`
  const fields = RLP.decode(raw.subarray(1))
  const gas = fields instanceof Uint8Array ? undefined : fields[GAS_FIELD]
  if (!(gas instanceof Uint8Array)) throw new Error('The file holds what is no transaction.')
  return { hash, raw, gas: BigInt(`0x${Buffer.from(gas).toString('hex')}`) }
}
