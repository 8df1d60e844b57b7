import { bytesToHex } from 'viem'
import { assert } from '../../chain/primitives/assert.ts'
import type { Hash } from '../../chain/primitives/hex.ts'

/** keccak256 of bytes. */
export type HashBytes = (bytes: Uint8Array) => Uint8Array

/** A Merkle tree of many leaves, its hashes in one array. */
export type PackedTree = {
  readonly root: Hash
  /** The siblings from a leaf up to the root: what `MerkleProof.verify` takes. */
  proof(index: number): readonly Hash[]
}

const hashSize = 32

/**
 * The Merkle tree over leaves that lie one after the other in `leaves`.
 *
 * The shape is that of OpenZeppelin's merkle-tree library without sorting of leaves: a complete
 * binary tree in an array of 2n - 1 nodes, node i above nodes 2i + 1 and 2i + 2, leaf i at
 * 2n - 2 - i. An inner node is the hash of its two children, the smaller first.
 */
export function packTree(leaves: Uint8Array, hash: HashBytes): PackedTree {
  const count = leaves.length / hashSize
  assert(Number.isInteger(count) && count > 0, 'a tree has whole leaves')
  const size = 2 * count - 1
  const nodes = new Uint8Array(size * hashSize)
  const at = (i: number) => nodes.subarray(i * hashSize, (i + 1) * hashSize)
  for (let i = 0; i < count; i++) {
    at(size - 1 - i).set(leaves.subarray(i * hashSize, (i + 1) * hashSize))
  }
  const pair = new Uint8Array(2 * hashSize)
  for (let i = count - 2; i >= 0; i--) {
    const left = at(2 * i + 1)
    const right = at(2 * i + 2)
    const isSorted = isBelow(left, right)
    pair.set(isSorted ? left : right)
    pair.set(isSorted ? right : left, hashSize)
    at(i).set(hash(pair))
  }
  return {
    root: bytesToHex(at(0)),
    proof(index) {
      assert(index >= 0 && index < count, 'the leaf exists')
      const path: Hash[] = []
      for (let i = size - 1 - index; i > 0; i = (i - 1) >> 1) {
        path.push(bytesToHex(at(i % 2 === 0 ? i - 1 : i + 1)))
      }
      return path
    },
  }
}

function isBelow(a: Uint8Array, b: Uint8Array): boolean {
  for (let i = 0; i < hashSize; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return true
}
