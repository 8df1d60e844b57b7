import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { createAccountFromRLP, hexToBytes, ValueEncoding } from '@ethereumjs/util'
import { StateOverlay } from '../evm/stateOverlay.ts'
import { assert } from '../primitives/assert.ts'
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
export async function auditSupply({ chain, store, common }: Node): Promise<SupplyAudit> {
  const { height, stateRoot } = chain.head()
  const trie = new MerklePatriciaTrie({
    common,
    db: new StateOverlay((key) => store.stateNode(key)),
    root: hexToBytes(stateRoot),
    useKeyHashing: true,
    valueEncoding: ValueEncoding.Bytes,
  })
  let balanceSum = 0n
  let accountCount = 0
  await trie.walkAllValueNodes(async (node) => {
    const value = node.value()
    if (value === null) return
    balanceSum += createAccountFromRLP(value).balance
    accountCount += 1
  })
  let burnedFees = 0n
  for (let at = 0n; at <= height; at += 1n) {
    const block = chain.at(at)
    assert(block !== undefined, 'every block up to the head is stored')
    burnedFees += block.view.gasUsed * block.view.baseFeePerGas
  }
  return { height, accountCount, balanceSum, burnedFees }
}
