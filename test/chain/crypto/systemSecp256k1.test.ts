// Whichever library recovers, it equals @noble; one that is missing, or wrong, is not used.
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  chooseRecoverInto,
  recoverPublicKey,
  recoverPublicKeyInto,
  recoveryLibrary,
  sign,
} from '../../../chain/crypto/secp256k1.ts'
import { openSystemSecp256k1 } from '../../../chain/crypto/systemSecp256k1.ts'

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

/** A library of C functions made of JavaScript, as koffi would bind them. */
function createLibrary(changes: Readonly<Record<string, (...values: never[]) => unknown>> = {}) {
  const functions: Record<string, (...values: never[]) => unknown> = {
    context_create: () => ({}),
    ecdsa_recoverable_signature_parse_compact: (
      _: unknown,
      parsed: Uint8Array,
      signature: Uint8Array,
      yParity: number,
    ) => {
      parsed.set(signature)
      parsed[64] = yParity
      return 1
    },
    ecdsa_recover: (_: unknown, key: Uint8Array, parsed: Uint8Array, hash: Uint8Array) => {
      try {
        key.set(recoverPublicKey(hash, parsed.slice(0, 64), parsed[64] ?? 0))
        return 1
      } catch {
        return 0
      }
    },
    ec_pubkey_serialize: (_: unknown, out: Uint8Array, size: Uint8Array, key: Uint8Array) => {
      expect([...size]).toEqual([65, 0, 0, 0, 0, 0, 0, 0])
      out[0] = 4
      out.set(key, 1)
      return 1
    },
    ...changes,
  }
  const loaded: string[] = []
  const koffi = {
    load(name: string) {
      loaded.push(name)
      if (name !== 'right') throw new Error('no such file')
      return {
        func: (prototype: string) => {
          const id = /secp256k1_(\w+)/.exec(prototype)?.[1] ?? ''
          return functions[id]
        },
      }
    },
  }
  return { loaded, options: { require: () => koffi, names: ['wrong', 'right', 'late'] } }
}

describe('recoverPublicKeyInto', () => {
  test(`equals noble on valid and on random signatures (${recoveryLibrary()})`, () => {
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

describe('openSystemSecp256k1', () => {
  const hash = new Uint8Array(32).fill(3)
  const signed = sign(hash, new Uint8Array(32).fill(5))
  const signature = signed.slice(0, 64)
  const yParity = signed[64] ?? 0

  test('takes the first library that can be opened', () => {
    const { loaded, options } = createLibrary()
    const recoverInto = openSystemSecp256k1(options)
    expect(loaded).toEqual(['wrong', 'right'])
    const out = new Uint8Array(65)
    expect(recoverInto?.(hash, signature, yParity, out)).toBe(true)
    expect(out).toEqual(recoverSlowly(hash, signature, yParity))
  })

  test.each(['ecdsa_recoverable_signature_parse_compact', 'ecdsa_recover', 'ec_pubkey_serialize'])(
    'says false when %s does',
    (id) => {
      const { options } = createLibrary({ [id]: () => 0 })
      const recoverInto = openSystemSecp256k1(options)
      expect(recoverInto?.(hash, signature, yParity, new Uint8Array(65))).toBe(false)
    },
  )

  test('gives nothing without the package or without a library', () => {
    const missing = (): never => {
      throw new Error('not installed')
    }
    expect(openSystemSecp256k1({ require: missing })).toBeUndefined()
    const { options } = createLibrary()
    expect(openSystemSecp256k1({ ...options, names: ['wrong', 'late'] })).toBeUndefined()
  })
})

describe('chooseRecoverInto', () => {
  const bundled = chooseRecoverInto(() => false)

  test('does not use a library that recovers something else, or anything at all', () => {
    const liar = (_hash: Uint8Array, _signature: Uint8Array, _yParity: number, out: Uint8Array) => {
      out.fill(4)
      return true
    }
    const right = openSystemSecp256k1(createLibrary().options)
    const yes: typeof bundled = (...values) => {
      right?.(...values)
      return true
    }
    expect(chooseRecoverInto(liar)).toBe(bundled)
    expect(chooseRecoverInto(yes)).toBe(bundled)
  })

  test('uses one that is right', () => {
    const right = openSystemSecp256k1(createLibrary().options)
    expect(right).toBeDefined()
    expect(chooseRecoverInto(right)).toBe(right)
  })
})
