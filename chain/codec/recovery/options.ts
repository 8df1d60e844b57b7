import { availableParallelism } from 'node:os'
import { createSenderCache, type SenderCache } from './senderCache.ts'
import { startThread, type ThreadDependencies } from './threads.ts'

/** How senders are recovered. */
export type RecoveryOptions = {
  /** Threads besides the caller's; 0 leaves everything to the caller's. */
  readonly threads: number
}

/** One thread for each core but the caller's. */
export const defaults: RecoveryOptions = { threads: Math.max(1, availableParallelism() - 1) }

/** What recovery takes from outside. */
export type RecoveryDependencies = ThreadDependencies & { readonly cache: SenderCache }

/** An empty cache and real threads, whose deaths nobody hears of. */
export function createDefaultDependencies(): RecoveryDependencies {
  return { cache: createSenderCache(), startThread, onThreadDeath: () => undefined }
}
