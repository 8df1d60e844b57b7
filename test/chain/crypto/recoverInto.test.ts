// Recovery into a buffer equals @noble, also for what nobody has signed.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { recoverPublicKeyInto, sign } from '../../../chain/crypto/secp256k1.ts'

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const key32 = bytes(32).filter((key) => secp256k1.utils.isValidSecretKey(key))

/** By @noble; undefined when there is no key. */
function recoverSlowly(hash: Uint8Array, signature: Uint8Array, yParity: number) {
  try {
    const recovered = Uint8Array.of(yParity, ...signature)
    const key = secp256k1.recoverPublicKey(recovered, hash, { prehash: false })
    return secp256k1.Point.fromBytes(key).toBytes(false)
  } catch {
    return undefined
  }
}

describe('recoverPublicKeyInto', () => {
  test('equals noble on valid and on random signatures', () => {
    const out = new Uint8Array(65)
    fc.assert(
      fc.property(
        bytes(32),
        key32,
        fc.option(bytes(64), { nil: undefined }),
        fc.constantFrom(0, 1),
        (hash, key, random, flip) => {
          const signed = sign(hash, key)
          const signature = random ?? signed.slice(0, 64)
          const yParity = (signed[64] ?? 0) ^ flip
          const theirs = recoverSlowly(hash, signature, yParity)
          expect(recoverPublicKeyInto(hash, signature, yParity, out)).toBe(theirs !== undefined)
          if (theirs !== undefined) expect(out).toEqual(theirs)
        },
      ),
      { numRuns: 60 },
    )
  })

  test.each(['00'.repeat(32), 'ff'.repeat(32), `${'00'.repeat(31)}01`])(
    'equals noble for the hash 0x%s',
    (hex) => {
      const hash = Uint8Array.from(Buffer.from(hex, 'hex'))
      const signed = sign(new Uint8Array(32).fill(3), new Uint8Array(32).fill(5))
      const out = new Uint8Array(65)
      for (const yParity of [0, 1]) {
        const signature = signed.slice(0, 64)
        expect(recoverPublicKeyInto(hash, signature, yParity, out)).toBe(true)
        expect(out).toEqual(recoverSlowly(hash, signature, yParity))
      }
    },
  )

  test('finds no key for r or s of zero or of the order', () => {
    const { ORDER } = secp256k1.Point.Fn
    const hash = new Uint8Array(32).fill(3)
    const good = sign(hash, new Uint8Array(32).fill(5))
    for (const at of [0, 32]) {
      for (const value of [0n, ORDER, 2n ** 256n - 1n]) {
        const signature = good.slice(0, 64)
        signature.set(Buffer.from(value.toString(16).padStart(64, '0'), 'hex'), at)
        expect(recoverPublicKeyInto(hash, signature, 0, new Uint8Array(65))).toBe(false)
      }
    }
  })
})
