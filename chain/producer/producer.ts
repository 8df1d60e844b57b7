import { privateKeyToAddress, sign } from '../crypto/secp256k1.ts'
import type { BuiltBlock, Candidates, Engine, ParentBlock, Proposer } from '../evm/engine.ts'
import type { Address, Hash } from '../primitives/hex.ts'
import { type Certificate, commitDigest } from './certificate.ts'

/** Who produces and how carefully. */
export type ProducerOptions = {
  readonly chainId: bigint
  /** Key of the seat. */
  readonly privateKey: Uint8Array
  readonly seat: number
  /** Executes each block a second time, as a verifier, before it is signed. */
  readonly verifyBuilt: boolean
  /** Milliseconds of CPU time for the transactions of a block; unlimited when left out. */
  readonly cpuBudgetMs?: number
}

/** What the producer asks of its node. */
export type ProducerDependencies = {
  readonly engine: Engine
  readonly pool: TransactionSource
  /** The block to build on. */
  head(): ParentBlock
  /** Makes the block durable and the head; resolves once it is on disk. */
  commit(block: BuiltBlock, certificate: Certificate): Promise<void>
}

/** The pool as the producer sees it. */
export type TransactionSource = {
  ready(baseFee: bigint): Candidates
  remove(hash: Hash): boolean
}

/** Makes blocks, one at a time; its caller keeps two from being made at once. */
export type Producer = {
  readonly address: Address
  /** Builds on the head, signs, commits. */
  produce(timestamp: bigint): Promise<BuiltBlock>
  /** Builds on the head and changes nothing. */
  preview(timestamp: bigint): Promise<BuiltBlock>
}

/** The producer of a chain with a single seat: what it signs is final. */
export function createProducer(options: ProducerOptions, deps: ProducerDependencies): Producer {
  const { chainId, privateKey, seat } = options
  const proposer: Proposer = { coinbase: privateKeyToAddress(privateKey), round: 0, seat }
  const preview = (timestamp: bigint): Promise<BuiltBlock> =>
    deps.engine.build({
      parent: deps.head(),
      timestamp,
      proposer,
      sign: (hash) => sign(hash, privateKey),
      candidates: (baseFee) => deps.pool.ready(baseFee),
      cpuBudgetMs: options.cpuBudgetMs,
    })
  return {
    address: proposer.coinbase,
    preview,
    async produce(timestamp) {
      const parent = deps.head()
      const block = await preview(timestamp)
      if (options.verifyBuilt) await deps.engine.verify({ parent, proposer, raw: block.raw })
      const vote = { height: block.height, round: proposer.round, blockHash: block.hash }
      const signature = sign(commitDigest(vote, chainId), privateKey)
      await deps.commit(block, { ...vote, seat, signature })
      for (const { hash } of block.dropped) deps.pool.remove(hash)
      return block
    },
  }
}

/** Timestamp of the next block: now, and always later than its parent. In seconds. */
export function nextTimestamp(parent: Pick<ParentBlock, 'timestamp'>, now: bigint): bigint {
  return now > parent.timestamp ? now : parent.timestamp + 1n
}
