/** Numbers that follow from a seed. */
export type Random = {
  /** A whole number from 0 to `below` - 1. */
  below(below: number): number
  pick<T>(items: readonly T[]): T
  /** True one time in `n`. */
  oneIn(n: number): boolean
  bytes(length: number): Uint8Array
}

/** The same numbers for the same seed, by the mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = Math.imul(state ^ (state >>> 15), state | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return (t ^ (t >>> 14)) >>> 0
  }
  const below = (limit: number): number => next() % limit
  return {
    below,
    pick: (items) => {
      const item = items[below(items.length)]
      if (item === undefined) throw new Error('nothing to pick from')
      return item
    },
    oneIn: (n) => below(n) === 0,
    bytes: (length) => Uint8Array.from({ length }, () => below(256)),
  }
}
