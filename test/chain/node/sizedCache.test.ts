// The newest entries stay as long as count and bytes allow, and the very newest always.
import { expect, test } from 'vitest'
import { createSizedCache } from '../../../chain/node/sizedCache.ts'

test('old entries go when there are too many', () => {
  const cache = createSizedCache<number, string>(2, 100)
  for (const key of [1, 2, 3]) cache.set(key, `${key}`, 1)
  expect([1, 2, 3].map(cache.get)).toEqual([undefined, '2', '3'])
})

test('old entries go when they are too large together, one alone may be larger', () => {
  const cache = createSizedCache<number, string>(10, 100)
  cache.set(1, 'a', 60)
  cache.set(2, 'b', 40)
  expect(cache.get(1)).toBe('a')
  cache.set(3, 'c', 1)
  expect([1, 2, 3].map(cache.get)).toEqual([undefined, 'b', 'c'])
  cache.set(4, 'd', 1_000)
  expect([2, 3, 4].map(cache.get)).toEqual([undefined, undefined, 'd'])
  cache.set(5, 'e', 100)
  expect([4, 5].map(cache.get)).toEqual([undefined, 'e'])
})

test('an entry that is set again counts once, and as the newest', () => {
  const cache = createSizedCache<number, string>(10, 100)
  cache.set(1, 'a', 60)
  cache.set(2, 'b', 30)
  cache.set(1, 'c', 60)
  cache.set(3, 'd', 30)
  expect([1, 2, 3].map(cache.get)).toEqual(['c', undefined, 'd'])
  cache.clear()
  cache.set(4, 'e', 100)
  expect([1, 4].map(cache.get)).toEqual([undefined, 'e'])
})
