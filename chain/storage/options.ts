import type { Hash } from '../primitives/hex.ts'

/** Where the chain is kept. */
export type StoreOptions = {
  /** The database file; its folder must exist. */
  readonly path: string
  /** Hash of block 0; a database of another chain is refused. */
  readonly genesisHash: Hash
  /** Whether a commit waits for the disk. Off only for chains that are thrown away. */
  readonly durable: boolean
}

export const defaults = { durable: true } as const
