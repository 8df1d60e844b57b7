// What of the states stays in memory: the one that is built upon, however many others are made
// beside it, and no more nodes than there may be, whoever asks for them.
import { Account, Address } from '@ethereumjs/util'
import { describe, expect, it } from 'vitest'
import { keccak256 } from '../../../chain/crypto/keccak.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { FlatState } from '../../../chain/state/flatState.ts'
import type { StatePatch } from '../../../chain/state/nodeLog.ts'
import { ACCOUNT, BRANCH, type Child, EXTENSION, STUB } from '../../../chain/state/nodes.ts'
import { createStateTree, type StateTree } from '../../../chain/state/stateTree.ts'
import { findLeaf } from '../../../chain/state/trie.ts'
import { createMemoryLog, type MemoryLog } from './memoryLog.ts'

const EMPTY: Hash = '0x56e81f171bcc55a6ff8345e692c0f86e5b48e01b996cadc001622fb5e363b421'
const ACCOUNTS = 3_000

function addressOf(index: number): Address {
  const bytes = new Uint8Array(20)
  new DataView(bytes.buffer).setUint32(16, index)
  return new Address(bytes)
}

/** A state in which the accounts [from, to) have `balance`, on top of another. */
function change(
  tree: StateTree,
  parent: Hash,
  { from, to, balance }: { readonly from: number; readonly to: number; readonly balance: bigint },
): StatePatch {
  const state = new FlatState(tree, tree.rootOf(parent))
  for (let i = from; i < to; i++) state.putAccountSync(addressOf(i), new Account(1n, balance))
  return state.finish()
}

/** A log that holds the state of all accounts, and the root of that. */
function fill(): {
  readonly log: MemoryLog
  readonly tree: StateTree
  readonly head: Hash
} {
  const log = createMemoryLog()
  const tree = createStateTree(log)
  const patch = change(tree, EMPTY, { from: 0, to: ACCOUNTS, balance: 1n })
  log.append(patch)
  return { log, tree, head: patch.stateRoot }
}

function nodesBelow(child: Child): number {
  if (child === undefined || child.kind === STUB) return 0
  switch (child.kind) {
    case BRANCH:
      return child.children.reduce((sum, one) => sum + nodesBelow(one), 1)
    case EXTENSION:
      return 1 + nodesBelow(child.child)
    case ACCOUNT:
      return 1 + nodesBelow(child.storage)
    default:
      return 1
  }
}

describe('a tree of states', () => {
  it('keeps the state that is built upon, however many are thrown away', () => {
    const { tree, head } = fill()
    const root = tree.rootOf(head)
    for (let i = 0; i < 20; i++) {
      change(tree, head, { from: i, to: i + 1, balance: 7n })
      expect(tree.rootOf(head)).toBe(root)
    }
  })

  it('builds on what was committed when a state came to be twice', () => {
    const next = { from: 0, to: 10, balance: 2n }
    const after = { from: 20, to: 21, balance: 3n }
    const once = fill()
    const twice = fill()
    const committed = change(twice.tree, twice.head, next)
    // As a proposer does that checks its own block before it commits it.
    change(twice.tree, twice.head, next)
    once.log.append(change(once.tree, once.head, next))
    twice.log.append(committed)
    for (const { tree, log } of [once, twice]) {
      log.append(change(tree, committed.stateRoot, after))
    }
    expect(twice.log.sizeBytes()).toBe(once.log.sizeBytes())
  })

  it('holds no more nodes for those who only read', () => {
    const nodesMax = 400
    const { head, log } = fill()
    const tree = createStateTree(log, nodesMax)
    const patch = change(tree, head, { from: 0, to: 1, balance: 9n })
    log.append(patch)
    const { stateRoot } = patch
    for (let i = 0; i < ACCOUNTS; i++) {
      const key = keccak256(addressOf(i).bytes)
      const holder = { root: tree.rootOf(stateRoot) }
      const leaf = findLeaf(tree.read(), holder, key)
      expect(leaf).toMatchObject({ kind: ACCOUNT, balance: i === 0 ? 9n : 1n })
      expect(nodesBelow(tree.rootOf(stateRoot))).toBeLessThan(2 * nodesMax)
    }
  })
})
