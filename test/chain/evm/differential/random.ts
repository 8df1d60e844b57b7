/** Random choices that a seed determines. */
export type Random = {
  /** A whole number from 0 to `count` - 1. */
  below(count: number): number
  /** True once in `count` times. */
  oneIn(count: number): boolean
  pick<const T>(list: readonly [T, ...T[]]): T
  /** A whole number from 0 to `count` - 1. */
  bigBelow(count: bigint): bigint
  bytes(size: number): Uint8Array
}

/** A generator (mulberry32) with a period of 2^32: enough for one of many worlds. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return (mixed ^ (mixed >>> 14)) >>> 0
  }
  const below = (count: number): number => Math.floor((next() / 2 ** 32) * count)
  const bytes = (size: number): Uint8Array => Uint8Array.from({ length: size }, () => below(256))
  return {
    below,
    oneIn: (count) => below(count) === 0,
    // The list is not empty, so the index is in it.
    pick: (list) => list[below(list.length)] ?? list[0],
    bigBelow: (count) => {
      const size = Math.ceil(count.toString(16).length / 2) + 4
      return BigInt(`0x${Buffer.from(bytes(size)).toString('hex')}`) % count
    },
    bytes,
  }
}

/** The seed of the `index`-th part of a run, so that each part can be repeated alone. */
export function seedOf(seed: number, index: number): number {
  return Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b + 2 * index) >>> 0
}
