import { concat, keccak256 } from 'viem'
import { assert } from '../../chain/primitives/assert.ts'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'

/**
 * Hash of a leaf's bytes, keccak256 twice as OpenZeppelin's trees do, so that no inner node can
 * pass for a leaf.
 */
export function hashLeaf(bytes: Hex): Hash {
  return keccak256(keccak256(bytes))
}

/**
 * All nodes of the Merkle tree over `leaves`, root first.
 *
 * The shape is that of OpenZeppelin's merkle-tree library without sorting of leaves: a complete
 * binary tree in an array of 2n - 1 nodes, node i above nodes 2i + 1 and 2i + 2, leaf i at
 * 2n - 2 - i. An inner node is keccak256 of its two children, the smaller first.
 */
export function buildMerkleTree(leaves: readonly Hash[]): readonly Hash[] {
  assert(leaves.length > 0, 'a tree has a leaf')
  const size = 2 * leaves.length - 1
  const nodes = new Array<Hash>(size)
  leaves.forEach((leaf, i) => {
    nodes[size - 1 - i] = leaf
  })
  for (let i = leaves.length - 2; i >= 0; i--) {
    nodes[i] = hashPair(nodeAt(nodes, 2 * i + 1), nodeAt(nodes, 2 * i + 2))
  }
  return nodes
}

/** Root of the Merkle tree over `leaves`. */
export function merkleRoot(leaves: readonly Hash[]): Hash {
  return nodeAt(buildMerkleTree(leaves), 0)
}

/** The siblings from leaf `index` up to the root: what `MerkleProof.verify` takes. */
export function merkleProof(leaves: readonly Hash[], index: number): readonly Hash[] {
  assert(index >= 0 && index < leaves.length, 'the leaf exists')
  const nodes = buildMerkleTree(leaves)
  const proof: Hash[] = []
  for (let i = nodes.length - 1 - index; i > 0; i = (i - 1) >> 1) {
    proof.push(nodeAt(nodes, i % 2 === 0 ? i - 1 : i + 1))
  }
  return proof
}

/** Whether `proof` leads from `leaf` to `root`, as OpenZeppelin's `MerkleProof.verify`. */
export function verifyMerkleProof(proof: readonly Hash[], root: Hash, leaf: Hash): boolean {
  return proof.reduce(hashPair, leaf) === root
}

function hashPair(a: Hash, b: Hash): Hash {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]))
}

function nodeAt(nodes: readonly Hash[], index: number): Hash {
  const node = nodes[index]
  assert(node, 'the node lies in the tree')
  return node
}
