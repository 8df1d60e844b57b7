// The cache gives back what was written under the same hash and nothing under any other, however
// many hashes share a set; it never grows.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createSenderCache } from '../../../../chain/codec/recovery/senderCache.ts'

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 })
const sender = fc.uint8Array({ minLength: 20, maxLength: 20 })

function read(cache: ReturnType<typeof createSenderCache>, key: Uint8Array) {
  const out = new Uint8Array(20)
  return cache.read(key, 0, out, 0) ? out : undefined
}

describe('createSenderCache', () => {
  test('behaves like a map from which entries may vanish', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(hash, sender), { maxLength: 60 }), (entries) => {
        const cache = createSenderCache(16)
        const model = new Map<string, Uint8Array>()
        for (const [key, value] of entries) {
          cache.write(key, 0, value, 0)
          model.set(key.join(), value)
          expect(read(cache, key)).toEqual(value)
        }
        const found = entries.filter(([key]) => {
          const value = read(cache, key)
          if (value !== undefined) expect(value).toEqual(model.get(key.join()))
          return value !== undefined
        })
        expect(new Set(found.map(([key]) => key.join())).size).toBeLessThanOrEqual(16)
      }),
    )
  })

  test('knows a hash only if all of its 32 bytes are the same', () => {
    const cache = createSenderCache(16)
    const key = new Uint8Array(32).fill(9)
    cache.write(key, 0, new Uint8Array(20).fill(1), 0)
    for (let i = 0; i < 32; i++) {
      const twin = key.slice()
      twin[i] = 8
      expect(read(cache, twin), `byte ${i}`).toBeUndefined()
    }
    expect(read(cache, key)).toEqual(new Uint8Array(20).fill(1))
  })

  test('forgets the oldest of a set first', () => {
    const cache = createSenderCache(8)
    const keys = Array.from({ length: 9 }, (_, i) => new Uint8Array(32).fill(i + 1))
    for (const key of keys.slice(0, 8)) cache.write(key, 0, new Uint8Array(20).fill(1), 0)
    // Writing again what is known takes no place.
    cache.write(keys[7]!, 0, new Uint8Array(20).fill(2), 0)
    expect(read(cache, keys[0]!)).toBeDefined()
    cache.write(keys[8]!, 0, new Uint8Array(20).fill(3), 0)
    expect(keys.map((key) => read(cache, key) !== undefined)).toEqual([
      ...[false, true, true, true, true, true, true, true, true],
    ])
    expect(read(cache, keys[7]!)).toEqual(new Uint8Array(20).fill(2))
  })

  test('reads and writes at offsets', () => {
    const cache = createSenderCache(8)
    const hashes = Uint8Array.from({ length: 96 }, (_, i) => i)
    const senders = Uint8Array.from({ length: 60 }, (_, i) => 100 + i)
    cache.write(hashes, 32, senders, 20)
    const out = new Uint8Array(60)
    expect(cache.read(hashes, 32, out, 40)).toBe(true)
    expect(out.subarray(40)).toEqual(senders.subarray(20, 40))
    expect(cache.read(hashes, 0, out, 0)).toBe(false)
  })
})
