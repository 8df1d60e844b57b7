import { readNode } from './nodeLog.ts'
import { ACCOUNT, type AccountLeaf, BRANCH, type Child, EXTENSION, STUB } from './nodes.ts'
import type { StateSource } from './stateSource.ts'

/** Every account of a state, in the order of their hashed addresses. Keeps nothing in memory. */
export function* accountsOf(source: StateSource, root: Child, depth = 0): Iterable<AccountLeaf> {
  if (root === undefined) return
  const node = root.kind === STUB ? readNode(source, root, depth, 0) : root
  if (node.kind === ACCOUNT) yield node
  if (node.kind === EXTENSION) yield* accountsOf(source, node.child, depth + node.path.length)
  if (node.kind !== BRANCH) return
  for (const child of node.children) yield* accountsOf(source, child, depth + 1)
}
