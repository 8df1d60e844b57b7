import { concat, hexToBytes, keccak256 } from 'viem'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { type PackedTree, packTree } from './packedTree.ts'

/**
 * Hash of a leaf's bytes, keccak256 twice as OpenZeppelin's trees do, so that no inner node can
 * pass for a leaf.
 */
export function hashLeaf(bytes: Hex): Hash {
  return keccak256(keccak256(bytes))
}

/** Root of the Merkle tree over `leaves`. */
export function merkleRoot(leaves: readonly Hash[]): Hash {
  return treeOf(leaves).root
}

/** The siblings from leaf `index` up to the root: what `MerkleProof.verify` takes. */
export function merkleProof(leaves: readonly Hash[], index: number): readonly Hash[] {
  return treeOf(leaves).proof(index)
}

/** Whether `proof` leads from `leaf` to `root`, as OpenZeppelin's `MerkleProof.verify`. */
export function verifyMerkleProof(proof: readonly Hash[], root: Hash, leaf: Hash): boolean {
  return proof.reduce(hashPair, leaf) === root
}

function hashPair(a: Hash, b: Hash): Hash {
  return keccak256(a < b ? concat([a, b]) : concat([b, a]))
}

function treeOf(leaves: readonly Hash[]): PackedTree {
  return packTree(hexToBytes(concat(leaves)), (bytes) => keccak256(bytes, 'bytes'))
}
