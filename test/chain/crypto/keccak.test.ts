// Keccak-256 written out as WebAssembly equals @noble/hashes at every length around the borders of
// its blocks and of its own memory, and leaves nothing of one hash in the next.
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  keccak256,
  keccak256Input,
  keccak256Into,
  keccakInput,
} from '../../../chain/crypto/keccak.ts'
import { KECCAK_RATE } from '../../../chain/crypto/keccakModule.ts'

const bytes = (size: number): Uint8Array =>
  Uint8Array.from({ length: size }, (_, i) => (i * 167 + size * 13) & 255)

describe('keccak256', () => {
  test('equals noble at every length from 0 to 1,000', () => {
    for (let size = 0; size <= 1_000; size++) {
      const data = bytes(size)
      expect(keccak256(data), `${size} bytes`).toEqual(keccak_256(data))
    }
  })

  test('equals noble around whole blocks, where the padding is a block of its own', () => {
    for (let blocks = 1; blocks <= 40; blocks++) {
      for (const size of [-1, 0, 1].map((more) => blocks * KECCAK_RATE + more)) {
        const data = bytes(size)
        expect(keccak256(data), `${size} bytes`).toEqual(keccak_256(data))
      }
    }
  })

  test('equals noble around once, twice and thrice its own memory', () => {
    for (const pieces of [1, 2, 3]) {
      for (const more of [-KECCAK_RATE, -1, 0, 1, KECCAK_RATE]) {
        const data = bytes(pieces * keccakInput.length + more)
        expect(keccak256(data), `${data.length} bytes`).toEqual(keccak_256(data))
      }
    }
  })

  test('equals noble on inputs of random sizes one after another', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 700 }), { maxLength: 8 }), (inputs) => {
        const ours = inputs.map(keccak256)
        expect(ours).toEqual(inputs.map((data) => keccak_256(data)))
      }),
    )
  })

  test('takes views into larger and into shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(300))
    shared.set(bytes(300))
    const view = shared.subarray(7, 207)
    expect(keccak256(view)).toEqual(keccak_256(Uint8Array.from(view)))
  })
})

describe('keccak256Into', () => {
  test('writes 32 bytes at the offset and touches nothing else', () => {
    const out = new Uint8Array(96).fill(7)
    keccak256Into(bytes(50), out, 33)
    expect(out.subarray(33, 65)).toEqual(keccak_256(bytes(50)))
    expect(out.subarray(0, 33).every((byte) => byte === 7)).toBe(true)
    expect(out.subarray(65).every((byte) => byte === 7)).toBe(true)
  })

  test('may overwrite what it hashes', () => {
    const data = bytes(64)
    const expected = keccak_256(data)
    keccak256Into(data, data, 0)
    expect(data.subarray(0, 32)).toEqual(expected)
  })
})

describe('keccak256Input', () => {
  test('hashes what was built in its memory, up to all of it', () => {
    for (const size of [0, 1, KECCAK_RATE - 1, KECCAK_RATE, 1_000, keccakInput.length]) {
      const data = bytes(size)
      keccakInput.set(data)
      const out = new Uint8Array(32)
      keccak256Input(size, out, 0)
      expect(out, `${size} bytes`).toEqual(keccak_256(data))
    }
  })

  test('leaves its input as it was', () => {
    keccakInput.set(bytes(KECCAK_RATE + 5))
    const out = new Uint8Array(64)
    keccak256Input(KECCAK_RATE + 5, out, 0)
    keccak256Input(KECCAK_RATE + 5, out, 32)
    expect(out.subarray(32)).toEqual(out.subarray(0, 32))
  })
})
