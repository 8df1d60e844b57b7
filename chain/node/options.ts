import type { Address, Hex } from '../primitives/hex.ts'
import type { Genesis } from '../system/genesis/genesisFile.ts'
import { defaultPoolOptions, type PoolOptions } from '../txpool/options.ts'

/** How a node runs. */
export type NodeOptions = {
  readonly genesis: Genesis
  /** Folder of the database. Undefined: a temporary one that `stop` removes. */
  readonly dataDir?: string
  /** Key of the seat that this node holds. */
  readonly signerKey: Hex
  readonly seat: number
  /** Mines a block as soon as a transaction can run. */
  readonly automine: boolean
  /** Milliseconds between blocks, 0 for none. */
  readonly intervalMs: number
  /** Executes each block a second time, as a verifier, before it is signed. */
  readonly verifyBuilt: boolean
  /**
   * Milliseconds of CPU time for the transactions of a block. Undefined: what the chain's interval
   * between blocks gives, and more on a development chain.
   */
  readonly cpuBudgetMs?: number
  /** Turns the development controls on; the node holds these keys. */
  readonly devAccounts?: readonly { readonly address: Address; readonly privateKey: Hex }[]
  /** What executes blocks: `fast`, or the stock parts that it is compared with. */
  readonly engine: 'fast' | 'reference'
  /**
   * With `fast`: executes one block in so many on the reference too and stops on a difference; 0:
   * none.
   */
  readonly auditEvery: number
  readonly pool: PoolOptions
  /** As web3_clientVersion gives it. */
  readonly clientVersion: string
}

/** What a node does unless told otherwise. */
export const defaults = {
  seat: 0,
  automine: false,
  intervalMs: 1_000,
  verifyBuilt: false,
  engine: 'fast',
  auditEvery: 0,
  pool: defaultPoolOptions,
  clientVersion: 'poca/0.0.0',
} as const satisfies Partial<NodeOptions>

/** What a node takes from outside. */
export type NodeDependencies = {
  /** Seconds since 1970. */
  now(): number
  /** Told once, when the node stops by itself: supply not conserved, or the disk refuses. */
  onFatal?(error: unknown): void
  /** Told when a block made by interval fails for a reason that may pass. */
  onProblem?(error: unknown): void
}
