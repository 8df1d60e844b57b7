import { assert } from '../primitives/assert.ts'
import { type NodeLog, readNode } from './nodeLog.ts'
import {
  ACCOUNT,
  type AccountLeaf,
  BRANCH,
  type Branch,
  type Child,
  createBranch,
  createExtension,
  EXTENSION,
  type Extension,
  isSameKey,
  moveLeaf,
  NOWHERE,
  type Node,
  nibbleAt,
  SLOT,
  type SlotLeaf,
  STUB,
  type Stub,
} from './nodes.ts'

/** What trie operations share. */
export type TrieContext = {
  readonly log: NodeLog
  /** Branches and extensions of this generation may be changed in place; rises with each state. */
  readonly generation: number
  /** Written to the branches that are visited. */
  readonly clock: number
  /** Whether a node that is read stays with the one above it, in place of its stub. */
  readonly isKeeping: boolean
  /** Counts nodes that came into memory. */
  loadedCount: number
}

type Leaf = AccountLeaf | SlotLeaf

/** Where a trie's root is kept; a stub is replaced by the node that it stands for. */
export type RootHolder = { root: Child }

/**
 * The leaf at `key`, or undefined. Reads what is not in memory from the log.
 * @throws StateError `STATE_CORRUPT`
 */
export function findLeaf(
  context: TrieContext,
  holder: RootHolder,
  key: Uint8Array,
): Leaf | undefined {
  if (holder.root?.kind === STUB) holder.root = load(context, holder.root, 0)
  let node: Node | undefined = holder.root
  let depth = 0
  for (;;) {
    if (node === undefined) return undefined
    switch (node.kind) {
      case BRANCH: {
        node.used = context.clock
        const nibble = nibbleAt(key, depth)
        const child: Child = node.children[nibble]
        depth++
        if (child?.kind === STUB) {
          const loaded: Node = load(context, child, depth)
          if (context.isKeeping) node.children[nibble] = loaded
          node = loaded
        } else {
          node = child
        }
        break
      }
      case EXTENSION: {
        const { path } = node
        for (let i = 0; i < path.length; i++) {
          if (path[i] !== nibbleAt(key, depth + i)) return undefined
        }
        depth += path.length
        const below: Node = node.child.kind === STUB ? load(context, node.child, depth) : node.child
        if (context.isKeeping) node.child = below
        node = below
        break
      }
      case ACCOUNT:
      case SLOT:
        if (!isSameKey(node.key, key)) return undefined
        node.used = context.clock
        return node
    }
  }
}

/** The trie with `leaf` at its key, in place of what was there. */
export function putLeaf(context: TrieContext, root: Child, leaf: Leaf): Node {
  leaf.used = context.clock
  context.loadedCount++
  return put(context, root, leaf, 0)
}

/** The trie without `key`; the same when it is not there. */
export function deleteLeaf(context: TrieContext, root: Child, key: Uint8Array): Child {
  return remove(context, root, key, 0)
}

function put(context: TrieContext, child: Child, leaf: Leaf, depth: number): Node {
  if (child === undefined) return leaf
  const node = child.kind === STUB ? load(context, child, depth) : child
  switch (node.kind) {
    case BRANCH: {
      const nibble = nibbleAt(leaf.key, depth)
      const next = put(context, node.children[nibble], leaf, depth + 1)
      return withChild(context, node, nibble, next)
    }
    case EXTENSION:
      return putBelowExtension(context, node, leaf, depth)
    case ACCOUNT:
    case SLOT:
      if (isSameKey(node.key, leaf.key)) return leaf
      return splitLeaf(context, node, leaf, depth)
  }
}

/** A branch with one child replaced: itself where it is of this generation, else a copy. */
function withChild(context: TrieContext, node: Branch, nibble: number, child: Child): Branch {
  if (node.generation === context.generation) {
    node.children[nibble] = child
    node.ref = undefined
    node.position = NOWHERE
    node.used = context.clock
    return node
  }
  const children = node.children.slice()
  children[nibble] = child
  context.loadedCount++
  return createBranch(children, context.generation, context.clock)
}

function putBelowExtension(context: TrieContext, node: Extension, leaf: Leaf, depth: number): Node {
  const { path, child } = node
  const shared = sharedLength(path, leaf.key, depth)
  if (shared === path.length) {
    return extend(context, path, put(context, child, leaf, depth + shared))
  }
  const children = emptyChildren()
  const own = path[shared]
  assert(own !== undefined, 'the paths part before the end of the extension')
  const rest = path.slice(shared + 1)
  children[own] = rest.length === 0 ? child : extend(context, rest, child)
  children[nibbleAt(leaf.key, depth + shared)] = leaf
  const branch = createBranch(children, context.generation, context.clock)
  context.loadedCount += 2
  return shared === 0 ? branch : extend(context, path.slice(0, shared), branch)
}

function splitLeaf(context: TrieContext, old: Leaf, leaf: Leaf, depth: number): Node {
  let end = depth
  while (nibbleAt(old.key, end) === nibbleAt(leaf.key, end)) end++
  const children = emptyChildren()
  children[nibbleAt(old.key, end)] = moveLeaf(old)
  children[nibbleAt(leaf.key, end)] = leaf
  const branch = createBranch(children, context.generation, context.clock)
  context.loadedCount += 3
  if (end === depth) return branch
  const path = new Uint8Array(end - depth)
  for (let i = 0; i < path.length; i++) path[i] = nibbleAt(leaf.key, depth + i)
  return extend(context, path, branch)
}

function remove(context: TrieContext, child: Child, key: Uint8Array, depth: number): Child {
  if (child === undefined) return undefined
  const node = child.kind === STUB ? load(context, child, depth) : child
  switch (node.kind) {
    case BRANCH: {
      const nibble = nibbleAt(key, depth)
      const old = node.children[nibble]
      const next = remove(context, old, key, depth + 1)
      if (next === old) return child
      return collapse(context, withChild(context, node, nibble, next), depth)
    }
    case EXTENSION: {
      const { path } = node
      if (sharedLength(path, key, depth) < path.length) return child
      const next = remove(context, node.child, key, depth + path.length)
      if (next === node.child) return child
      return next === undefined ? undefined : extend(context, path, next)
    }
    case ACCOUNT:
    case SLOT:
      return isSameKey(node.key, key) ? undefined : child
  }
}

/** A branch that has lost a child: with one left, the two become one. */
function collapse(context: TrieContext, node: Branch, depth: number): Child {
  let last = -1
  for (let i = 0; i < 16; i++) {
    if (node.children[i] === undefined) continue
    if (last >= 0) return node
    last = i
  }
  if (last < 0) return undefined
  const child = node.children[last]
  assert(child !== undefined, 'the last child is there')
  const loaded = child.kind === STUB ? load(context, child, depth + 1) : child
  return extend(context, Uint8Array.of(last), loaded)
}

/** What stands above `child` when only `path` leads to it. */
function extend(context: TrieContext, path: Uint8Array, child: Node | Stub): Node {
  switch (child.kind) {
    case ACCOUNT:
    case SLOT:
      return moveLeaf(child)
    case EXTENSION: {
      const joined = new Uint8Array(path.length + child.path.length)
      joined.set(path)
      joined.set(child.path, path.length)
      return createExtension(joined, child.child, context.generation)
    }
    case BRANCH:
    case STUB:
      context.loadedCount++
      return createExtension(path, child, context.generation)
  }
}

/** How many nibbles of `path` the key has from `depth` on. */
function sharedLength(path: Uint8Array, key: Uint8Array, depth: number): number {
  let shared = 0
  while (shared < path.length && path[shared] === nibbleAt(key, depth + shared)) shared++
  return shared
}

function emptyChildren(): Child[] {
  return new Array<Child>(16).fill(undefined)
}

function load(context: TrieContext, stub: Stub, depth: number): Node {
  context.loadedCount++
  return readNode(context.log, stub, depth, context.clock)
}
