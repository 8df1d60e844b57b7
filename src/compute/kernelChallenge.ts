import { setImmediate } from 'node:timers/promises'
import { createKeccak } from 'hash-wasm'
import { bytesToHex, encodeAbiParameters, hexToBytes, keccak256 } from 'viem'
import { assert } from '../../chain/primitives/assert.ts'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import { multiplyInt8, packColumns } from './matrix.ts'
import { type HashBytes, packTree } from './packedTree.ts'

/** How many products a worker computes to prove its power, and of how large matrices. */
export type Workload = {
  /** Rows and columns. */
  readonly size: number
  readonly products: number
}

/** A leaf of the tree over all entries, as `INodeRegistry.Opening`. */
export type Opening = {
  /** 64 entries, int32 big endian. */
  readonly entries: Hex
  readonly path: readonly Hash[]
}

/** Products that were computed and can be committed to. */
export type ComputedProducts = {
  readonly root: Hash
  /** Shows the entry at a place: (product * size + row) * size + column. */
  open(place: bigint): Opening
}

/** Entries that one leaf of the tree holds. */
export const leafEntries = 64

/** The sizes of matrices whose products this machine's kernel computes well. */
const sizes = [512, 256, 128, 64] as const

const million = 1_000_000n

/**
 * The products that prove a power: matrices as large as may be, as long as the power they prove is
 * at most a sixty-fourth, or less than 1, above the one that was asked for.
 *
 * @units `power` in million multiply-adds per second.
 */
export function planWorkload(power: bigint, windowSeconds: bigint): Workload {
  assert(power > 0n && windowSeconds > 0n, 'some power over some time')
  const unit = windowSeconds * million
  const wanted = power * unit
  const slack = wanted / 64n > unit ? wanted / 64n : unit
  const size = sizes.find((one) => BigInt(one) ** 3n <= slack) ?? 64
  const cost = BigInt(size) ** 3n
  return { size, products: Number((wanted + cost - 1n) / cost) }
}

/**
 * Computes the products of a challenge and the Merkle tree over their entries. Lets others work
 * between two products.
 *
 * Mirrors `MatmulProof` in Solidity, which says what matrices and tree are;
 * test/vectors/matmulProof.json binds the two.
 *
 * PERF: Of 512 x 512 about 1.5 G multiply-adds a second on one core; half of the time goes into the
 * hashes that matrices and tree are made of.
 */
export async function computeProducts(
  challenge: Workload & { readonly seed: Hash },
  options: {
    readonly signal?: AbortSignal
    readonly onProgress?: (done: number, total: number) => void
  } = {},
): Promise<ComputedProducts> {
  const { seed, size, products } = challenge
  const hasher = await createKeccak(256)
  const hash: HashBytes = (bytes) => hasher.init().update(bytes).digest('binary')
  const leavesEach = (size * size) / leafEntries
  const leaves = new Uint8Array(products * leavesEach * 32)
  for (let product = 0; product < products; product++) {
    hashProduct({ seed, size }, product, leaves, hash)
    options.onProgress?.(product + 1, products)
    await setImmediate()
    options.signal?.throwIfAborted()
  }
  const tree = packTree(leaves, hash)
  return {
    root: tree.root,
    open(place) {
      const index = Number(place / BigInt(leafEntries))
      assert(place >= 0n && index < products * leavesEach, 'the entry is one of these')
      const entries = computeLeaf({ seed, size }, index, hash)
      return { entries: bytesToHex(entries), path: tree.proof(index) }
    },
  }
}

/** Computes one product and writes the hashes of its leaves to their places among all. */
export function hashProduct(
  { seed, size }: { readonly seed: Hash; readonly size: number },
  product: number,
  leaves: Uint8Array,
  hash: HashBytes,
): void {
  const own = seedOfProduct(seed, product)
  const left = expandWords(own, { matrix: 0, from: 0, count: size * size }, hash)
  const right = expandWords(own, { matrix: 1, from: 0, count: size * size }, hash)
  const firstIndex = (product * size * size) / leafEntries
  hashLeaves(multiplyInt8(left, packColumns(right, size)), firstIndex, leaves, hash)
}

/** Seed of one product of many. */
export function seedOfProduct(seed: Hash, product: number): Hash {
  const types = [{ type: 'bytes32' }, { type: 'uint256' }] as const
  return keccak256(encodeAbiParameters(types, [seed, BigInt(product)]))
}

/** The 64 entries of a leaf anew: they were not kept. */
function computeLeaf(
  { seed, size }: { readonly seed: Hash; readonly size: number },
  index: number,
  hash: HashBytes,
): Uint8Array {
  const place = index * leafEntries
  const own = seedOfProduct(seed, Math.floor(place / (size * size)))
  const row = Math.floor(place / size) % size
  const column = place % size
  const left = expandWords(own, { matrix: 0, from: row * size, count: size }, hash)
  const count = leafEntries * size
  const right = expandWords(own, { matrix: 1, from: column * size, count }, hash)
  const bytes = new Uint8Array(leafEntries * 4)
  writeEntries(multiplyInt8(left, packColumns(right, size)), 0, bytes, 0)
  return bytes
}

/**
 * A part of matrix A (0) or B (1), from whole words on: keccak256(seed ‖ u8 matrix ‖ u32 word), 32
 * int8 each; A row by row, B column by column.
 */
function expandWords(
  seed: Hash,
  part: { readonly matrix: 0 | 1; readonly from: number; readonly count: number },
  hash: HashBytes,
): Int8Array {
  const input = new Uint8Array(37)
  input.set(hexToBytes(seed))
  input[32] = part.matrix
  const view = new DataView(input.buffer)
  const bytes = new Uint8Array(part.count)
  for (let at = 0; at < part.count; at += 32) {
    view.setUint32(33, (part.from + at) / 32)
    bytes.set(hash(input), at)
  }
  return new Int8Array(bytes.buffer)
}

/** Writes a product's leaves to their places: keccak256, twice, of u64 index ‖ entries. */
function hashLeaves(
  product: Int32Array,
  firstIndex: number,
  leaves: Uint8Array,
  hash: HashBytes,
): void {
  const input = new Uint8Array(8 + leafEntries * 4)
  const view = new DataView(input.buffer)
  for (let start = 0; start < product.length; start += leafEntries) {
    const index = firstIndex + start / leafEntries
    view.setBigUint64(0, BigInt(index))
    writeEntries(product, start, input, 8)
    leaves.set(hash(hash(input)), index * 32)
  }
}

function writeEntries(product: Int32Array, start: number, bytes: Uint8Array, offset: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset)
  for (let i = 0; i < leafEntries; i++) view.setInt32(offset + i * 4, product[start + i] ?? 0)
}
