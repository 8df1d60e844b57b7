import { randomCorruption } from './corrupt.ts'
import { createRandom, type Random } from './random.ts'
import { randomPlan } from './randomPlan.ts'
import type { BlockPlan, WorldPlan } from './runWorld.ts'
import { proposerIndexes } from './world.ts'

/** How much happens in a world. */
export type WorldSize = {
  readonly blocks: number
  /** Most transactions that a block is offered. */
  readonly transactions: number
  /** Spoiled copies of each block. */
  readonly corruptions: number
  /** Reads, calls and traces are compared after one block in so many. */
  readonly readsEvery: number
}

/** The world that `seed` stands for. */
export function randomWorld(seed: number, size: WorldSize): WorldPlan {
  const random = createRandom(seed)
  const blocks = Array.from({ length: size.blocks }, (_, index) => randomBlock(random, size, index))
  return { seed, blocks }
}

function randomBlock(random: Random, size: WorldSize, index: number): BlockPlan {
  // Some blocks are nearly empty: what only happens between blocks happens more often then.
  const count = random.oneIn(6) ? random.below(4) : 1 + random.below(size.transactions)
  return {
    proposer: random.oneIn(3) ? random.pick([0, 1, 2]) : index % proposerIndexes.length,
    seconds: 1 + random.below(20),
    isSkipping: random.oneIn(2),
    transactions: Array.from({ length: count }, () => randomPlan(random)),
    corruptions: Array.from({ length: size.corruptions }, () => randomCorruption(random)),
    hasReads: random.oneIn(size.readsEvery),
  }
}
