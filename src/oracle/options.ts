import type { PriceSource } from './priceSource.ts'

/** How an oracle works. */
export type OracleOptions = {
  /** Folder for what should survive a restart; without it the chain is read again. */
  readonly dataDir: string
  /** Blocks after which the next member in line submits, should the one before not have. */
  readonly backupBlocks: bigint
  /** Milliseconds between two looks at the chain. */
  readonly intervalMs: number
  /** Where the coin's price comes from; without it the oracle posts none. */
  readonly priceSource?: PriceSource
  /** Milliseconds between two looks at the source of the price. */
  readonly priceIntervalMs: number
  /** A price that differs by more from what is posted is posted at once, basis points. */
  readonly priceDeviationBps: bigint
}

/** What is used for options that are left out. */
export const oracleDefaults = {
  backupBlocks: 3n,
  intervalMs: 500,
  priceIntervalMs: 10_000,
  priceDeviationBps: 100n,
} as const satisfies Partial<OracleOptions>
