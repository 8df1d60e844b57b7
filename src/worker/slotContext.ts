import type { Address } from '../../chain/primitives/hex.ts'
import type { PocaClient } from '../client/transactions.ts'
import type { computeRows } from '../compute/computeRows.ts'
import type { Jobs } from '../compute/jobs.ts'
import type { OfSlot, WorkerEvent } from './events.ts'
import type { WorkerBehaviour } from './options.ts'
import type { WorkerStore } from './store.ts'

/** What the work on slots needs of the worker. */
export type SlotContext = {
  readonly client: PocaClient
  readonly address: Address
  readonly store: WorkerStore
  readonly behaviour: WorkerBehaviour
  readonly nudgeSeconds: number
  readonly contests: boolean
  readonly compute: typeof computeRows
  readonly emit: (event: WorkerEvent) => void
  /** Where long work runs. */
  readonly jobs: Jobs
}

/** A slot that the worker holds. */
export type HeldSlot = OfSlot & {
  /** A block before which nothing happened to the slot in the worker's hands. */
  readonly since: bigint
}
