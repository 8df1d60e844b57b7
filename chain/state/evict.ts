import {
  ACCOUNT,
  BRANCH,
  type Child,
  createStub,
  EXTENSION,
  NOWHERE,
  type Node,
  SLOT,
  STUB,
  type Stub,
} from './nodes.ts'

/**
 * Replaces by stubs what is in the log and was last used before `since`, everywhere below `root`,
 * which itself stays.
 * @returns how many nodes are left in memory.
 */
export function evictBelow(root: Child, since: number): number {
  if (root === undefined || root.kind === STUB) return 0
  let kept = 1
  switch (root.kind) {
    case BRANCH:
      for (let i = 0; i < 16; i++) {
        const child = root.children[i]
        if (child === undefined || child.kind === STUB) continue
        if (isStale(child, since)) root.children[i] = stubOf(child)
        else kept += evictBelow(child, since)
      }
      return kept
    case EXTENSION: {
      const { child } = root
      if (child.kind === STUB) return kept
      if (isStale(child, since)) root.child = stubOf(child)
      else kept += evictBelow(child, since)
      return kept
    }
    case ACCOUNT: {
      const { storage } = root
      if (storage === undefined || storage.kind === STUB) return kept
      if (isStale(storage, since)) root.storage = rootStubOf(storage)
      else kept += evictBelow(storage, since)
      return kept
    }
    case SLOT:
      return kept
  }
}

function isStale(node: Node, since: number): boolean {
  if (node.position === NOWHERE || node.ref === undefined) return false
  if (node.kind !== EXTENSION) return node.used < since
  return node.child.kind === STUB || isStale(node.child, since)
}

function stubOf(node: Node): Node | Stub {
  return node.ref === undefined ? node : createStub(node.ref, node.position)
}

/** A storage root is held by its hash, however short its RLP. */
function rootStubOf(node: Node): Node | Stub {
  return node.ref?.length === 32 ? stubOf(node) : node
}
