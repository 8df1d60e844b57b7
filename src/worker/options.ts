import type { Address } from '../../chain/primitives/hex.ts'

/**
 * What a worker does with the tasks it takes. All but `honest` exist to show, with real
 * transactions, what the chain does about faults; whoever uses them loses money.
 */
export type WorkerBehaviour =
  /** Does the work. */
  | 'honest'
  /** Gives each slot up as soon as its task has started. */
  | 'aborts'
  /** Never commits. */
  | 'late'
  /** Does no work and reveals an invented result. */
  | 'wrong'

/** How a worker works. */
export type WorkerOptions = {
  /** Folder for what must survive a restart. */
  readonly dataDir: string
  /**
   * Power to prove, million multiply-adds per second. When left out, what takes this machine a
   * quarter of the window of a challenge, and a second at most.
   */
  readonly power?: bigint
  /** Collateral to hold, what open tasks have locked included, wei. */
  readonly collateral: bigint
  /** Tasks that pay less are left alone, wei. */
  readonly priceMin: bigint
  /** Clients whose tasks are taken; empty for all. */
  readonly clients: readonly Address[]
  /** Seconds after a deadline until the worker ends the task itself, should nobody else have. */
  readonly nudgeSeconds: number
  /**
   * Whether the worker disputes it when the oracles refuse a result that it has computed. That puts
   * a bond of its free collateral at stake.
   */
  readonly contests: boolean
  /** Milliseconds between two looks at the chain. */
  readonly intervalMs: number
  readonly behaviour: WorkerBehaviour
}

/** What is used for options that are left out. */
export const workerDefaults = {
  collateral: 100n * 10n ** 18n,
  priceMin: 0n,
  clients: [],
  nudgeSeconds: 30,
  contests: true,
  intervalMs: 500,
  behaviour: 'honest',
} as const satisfies Partial<WorkerOptions>
