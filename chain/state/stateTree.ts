import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { EMPTY_TRIE_ROOT } from '../codec/orderedTrie.ts'
import type { Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import { StateError } from './errors.ts'
import { evictBelow } from './evict.ts'
import { type Child, createStub } from './nodes.ts'
import type { StateSource } from './stateSource.ts'
import type { TrieContext } from './trie.ts'

/** The nodes in memory of the states that are worked with, and how to get at others. */
export type StateTree = {
  readonly source: StateSource
  /**
   * Root of a state: in memory if it was used lately, otherwise a stub.
   * @throws StateError `STATE_UNKNOWN_ROOT`
   */
  rootOf(stateRoot: Hash): Child
  /** Code by its hash; the same array each time, as long as it is in memory. */
  codeOf(codeHash: Hash): Uint8Array | undefined
  /** What a new state on top of another works with. */
  begin(): TrieContext
  /** What reading without writing works with: it keeps no node once there are enough. */
  read(): TrieContext
  /** Keeps the root of a state at hand, and lets go of nodes when there are too many. */
  remember(stateRoot: Hash, root: Child): void
  /** Says that a state is committed with this root: what comes next is built on its nodes. */
  commit(stateRoot: Hash, root: Child): void
}

/** How many states back nodes are kept at first, when there are too many. */
const AGE_MAX = 64

const EMPTY = bytesToHex(EMPTY_TRIE_ROOT)

/** Opens the states that `source` holds; about `nodesMax` nodes stay in memory. */
export function createStateTree(
  source: StateSource,
  nodesMax: number = limits.stateNodesMax,
): StateTree {
  /** The one that was made or asked for last is the last. */
  const recent = new Map<Hash, Child>()
  const codes = new Map<Hash, Uint8Array>()
  let codesSize = 0
  let clock = 1
  let loadedCount = 0
  let current: TrieContext | undefined

  const open = (isKeeping: boolean): TrieContext => ({
    log: source,
    generation: clock,
    clock,
    isKeeping,
    loadedCount: 0,
  })
  const keep = (stateRoot: Hash, root: Child): void => {
    recent.delete(stateRoot)
    recent.set(stateRoot, root)
    const oldest = recent.keys().next().value
    if (recent.size > limits.recentStatesMax && oldest !== undefined) recent.delete(oldest)
  }
  const trim = (root: Child): void => {
    loadedCount += current?.loadedCount ?? 0
    current = undefined
    if (loadedCount <= nodesMax) return
    // Older states share nodes with this one; what they hold alone would keep evicted ones alive.
    recent.clear()
    for (let age = AGE_MAX; age >= 1; age = Math.floor(age / 4)) {
      loadedCount = evictBelow(root, clock - age)
      if (loadedCount <= nodesMax / 2) return
    }
  }
  return {
    source,
    rootOf(stateRoot) {
      const known = recent.get(stateRoot)
      if (known !== undefined) {
        // Others that are made on top of it do not push it out.
        keep(stateRoot, known)
        return known
      }
      if (stateRoot === EMPTY) return undefined
      const position = source.rootPosition(stateRoot)
      if (position === undefined) throw unknownRoot(stateRoot)
      return createStub(hexToBytes(stateRoot), position)
    },
    codeOf(codeHash) {
      const known = codes.get(codeHash)
      if (known !== undefined) return known
      const code = source.code(codeHash)
      if (code === undefined) return undefined
      codesSize += code.length
      if (codesSize > limits.codeCacheSizeMax) {
        codes.clear()
        codesSize = code.length
      }
      codes.set(codeHash, code)
      return code
    },
    begin() {
      loadedCount += current?.loadedCount ?? 0
      clock++
      current = open(true)
      return current
    },
    read() {
      current ??= open(true)
      return loadedCount + current.loadedCount < nodesMax ? current : open(false)
    },
    remember(stateRoot, root) {
      trim(root)
      keep(stateRoot, root)
    },
    commit: keep,
  }
}

function unknownRoot(stateRoot: Hash): StateError {
  const text = `The state ${stateRoot} is not in the database.`
  return new StateError({ code: 'STATE_UNKNOWN_ROOT', stateRoot }, text)
}
