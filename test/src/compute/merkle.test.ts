// Shows that trees of all sizes have the shape and the hashes that OpenZeppelin's MerkleProof
// verifies. `processProof` below is its Solidity, line by line.
import fc from 'fast-check'
import { concat, type Hex, keccak256, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import {
  hashLeaf,
  merkleProof,
  merkleRoot,
  verifyMerkleProof,
} from '../../../src/compute/merkle.ts'

function processProof(proof: readonly Hex[], leaf: Hex): Hex {
  let computed = leaf
  for (const sibling of proof) {
    computed =
      BigInt(computed) < BigInt(sibling)
        ? keccak256(concat([computed, sibling]))
        : keccak256(concat([sibling, computed]))
  }
  return computed
}

const leavesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => hashLeaf(numberToHex(i, { size: 4 })))

describe('merkleProof', () => {
  it('proves every leaf of trees with 1 to 40 leaves', () => {
    for (let count = 1; count <= 40; count++) {
      const leaves = leavesOf(count)
      const root = merkleRoot(leaves)
      leaves.forEach((leaf, i) => {
        const proof = merkleProof(leaves, i)
        expect(processProof(proof, leaf)).toBe(root)
        expect(verifyMerkleProof(proof, root, leaf)).toBe(true)
      })
    }
  })

  it('proves no other leaf', () => {
    const leaves = leavesOf(21)
    const root = merkleRoot(leaves)
    const index = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(index, index, (place, other) => {
        const leaf = leaves[other] ?? '0x'
        const isProved = verifyMerkleProof(merkleProof(leaves, place), root, leaf)
        expect(isProved).toBe(place === other)
      }),
    )
  })

  it('has the shape of the merkle-tree library: three leaves', () => {
    const [a = '0x', b = '0x', c = '0x'] = leavesOf(3)
    const pair = processProof([a], b)
    expect(merkleRoot([a, b, c])).toBe(processProof([c], pair))
  })
})

describe('hashLeaf', () => {
  it('hashes twice', () => {
    expect(hashLeaf('0x00')).toBe(keccak256(keccak256('0x00')))
  })
})
