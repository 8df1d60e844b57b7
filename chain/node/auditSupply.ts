import { assert } from '../primitives/assert.ts'
import { createStateTree } from '../state/stateTree.ts'
import { accountsOf } from '../state/walk.ts'
import { stateSourceOf } from './chain.ts'
import type { Node } from './node.ts'

/** All coin there is, added up account by account. Amounts in wei. */
export type SupplyAudit = {
  readonly height: bigint
  readonly accountCount: number
  readonly balanceSum: bigint
  /** Base fees burned since genesis, from the headers. */
  readonly burnedFees: bigint
}

/**
 * Adds up every balance in the newest state and every base fee burned on the way to it. On a chain
 * where no contract destroyed coin of its own, the two make the cap.
 *
 * PERF: reads every account and every block; for demonstrations and audits, not for each block.
 */
export async function auditSupply({ chain, store }: Node): Promise<SupplyAudit> {
  const { height, stateRoot } = chain.head()
  const source = stateSourceOf(store)
  let balanceSum = 0n
  let accountCount = 0
  for (const { balance } of accountsOf(source, createStateTree(source).rootOf(stateRoot))) {
    balanceSum += balance
    accountCount += 1
  }
  let burnedFees = 0n
  for (let at = 0n; at <= height; at += 1n) {
    const block = chain.at(at)
    assert(block !== undefined, 'every block up to the head is stored')
    burnedFees += block.view.gasUsed * block.view.baseFeePerGas
  }
  return { height, accountCount, balanceSum, burnedFees }
}
