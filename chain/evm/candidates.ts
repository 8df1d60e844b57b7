import type { Candidates } from './engine.ts'

/** Gas of the cheapest transaction; less room than this and the block is full. */
export const TX_GAS_MIN = 21_000n

/** For a block that is to hold the system transaction alone. */
export const noCandidates: Candidates = Object.assign([], { skipSender: () => undefined })
