// Shows that a packed tree proves each of its leaves, for any number of them, whatever hashes it.
import { createKeccak } from 'hash-wasm'
import { bytesToHex, concat, type Hash, keccak256, numberToHex } from 'viem'
import { describe, expect, it } from 'vitest'
import { verifyMerkleProof } from '../../../src/compute/merkle.ts'
import { packTree } from '../../../src/compute/packedTree.ts'

const hasher = await createKeccak(256)
const hash = (bytes: Uint8Array) => hasher.init().update(bytes).digest('binary')

const leavesOf = (count: number): readonly Hash[] =>
  Array.from({ length: count }, (_, i) => keccak256(numberToHex(i)))

const pack = (leaves: readonly Hash[]) =>
  packTree(Buffer.from(concat(leaves).slice(2), 'hex'), hash)

describe('packTree', () => {
  it.each([1, 2, 3, 7, 8, 100])('proves each of %i leaves at its place only', (count) => {
    const leaves = leavesOf(count)
    const tree = pack(leaves)
    leaves.forEach((leaf, i) => {
      expect(verifyMerkleProof(tree.proof(i), tree.root, leaf)).toBe(true)
      const other = leaves[(i + 1) % count] ?? leaf
      expect(verifyMerkleProof(tree.proof(i), tree.root, other)).toBe(other === leaf)
    })
  })

  it('has no proof of a leaf that is not there', () => {
    const tree = pack(leavesOf(3))
    expect(() => tree.proof(3)).toThrow('the leaf exists')
    expect(() => tree.proof(-1)).toThrow('the leaf exists')
  })

  it('takes whole leaves only', () => {
    expect(() => packTree(new Uint8Array(33), hash)).toThrow('whole leaves')
    expect(() => packTree(new Uint8Array(0), hash)).toThrow('whole leaves')
  })

  it('hashes as viem does', () => {
    expect(bytesToHex(hash(new Uint8Array([1, 2])))).toBe(keccak256('0x0102'))
  })
})
