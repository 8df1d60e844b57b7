import type { Hash } from '../primitives/hex.ts'
import type { Backend } from './backend.ts'
import type { Filters } from './filters.ts'
import type { Subscriptions } from './subscriptions.ts'

/** What methods work with. */
export type Services = {
  readonly backend: Backend
  readonly filters: Filters
  readonly subscriptions: Subscriptions
  /** Tells two runs of a development chain apart. */
  readonly instanceId: Hash
}
