/** The parts of work on a block whose cost is measured apart. */
export const stages = [
  'decode',
  'recover',
  'execute',
  'system',
  'root',
  'tries',
  'verify',
  'encode',
  'commit',
  'admit',
] as const

/**
 * `decode` raw bytes, `recover` senders, `execute` transactions, `system` the transaction that ends
 * a block, `root` of the state, `tries` of transactions and receipts, `verify` the rest of a
 * verification, `encode` what is stored, `commit` to disk, `admit` to the pool.
 */
export type Stage = (typeof stages)[number]

/**
 * Told by whoever works on a block that from here on the work is of this stage, until the next
 * call. A handful of calls per block, none per transaction. It holds the clock, so that execution
 * reads none; who measures nothing hands in nothing.
 */
export type StageClock = (stage: Stage) => void
