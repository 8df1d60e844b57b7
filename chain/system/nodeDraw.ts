import { encodeAbiParameters, keccak256 } from 'viem'
import { assert } from '../primitives/assert.ts'
import type { Hash } from '../primitives/hex.ts'

/** What decides a draw of nodes. */
export type NodeDrawInput = {
  readonly seed: Hash
  /** Places wanted. */
  readonly count: number
  /** Weight of each place, 0 for a free one: `NodeRegistry.placeAt`. */
  readonly weights: readonly bigint[]
  /** Places left out. */
  readonly excluded?: readonly number[]
  /**
   * Whether the holder of a place may work and does the task's kind: `NodeRegistry.reasonOf` and
   * `doesKind`. Everybody by default.
   */
  readonly isEligible?: (place: number) => boolean
  /** Places looked at, at most. */
  readonly triesMax?: number
}

/** Places that `NodeRegistry.draw` looks at to find `count` nodes. */
export function drawTries(count: number): number {
  return 2 * count + 16
}

/**
 * Draws places by weight, without replacement, as `NodeRegistry.draw` does.
 *
 * The weights lie end to end on a line. Point k is keccak256(abi.encode(seed, k)) modulo what is
 * left of the line; a place that was hit or left out is cut from it. Whoever knows the seed and the
 * weights recomputes the draw; test/vectors/nodeDraw.json binds this and the contract.
 *
 * @source SC 3.2.1
 */
export function drawNodes(input: NodeDrawInput): readonly number[] {
  const { seed, count, weights, excluded = [], isEligible = () => true } = input
  const out = new Set(excluded)
  const drawn: number[] = []
  const triesMax = input.triesMax ?? drawTries(count)
  for (let nonce = 0n; nonce < triesMax && drawn.length < count; nonce += 1n) {
    const rest = weights.reduce((sum, weight, place) => sum + (out.has(place) ? 0n : weight), 0n)
    if (rest === 0n) break
    const place = findPlace(weights, out, hashPoint(seed, nonce) % rest)
    out.add(place)
    if (isEligible(place)) drawn.push(place)
  }
  return drawn
}

function findPlace(weights: readonly bigint[], out: ReadonlySet<number>, point: bigint): number {
  let left = point
  for (const [place, weight] of weights.entries()) {
    if (out.has(place)) continue
    if (left < weight) return place
    left -= weight
  }
  assert(false, 'the point lies on the line')
}

function hashPoint(seed: Hash, nonce: bigint): bigint {
  const encoded = encodeAbiParameters([{ type: 'bytes32' }, { type: 'uint256' }], [seed, nonce])
  return BigInt(keccak256(encoded))
}
