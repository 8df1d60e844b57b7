// Native and wasm primitives agree with @noble on random input, and refuse what noble refuses.

import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common'
import { createFeeMarket1559Tx, createLegacyTx } from '@ethereumjs/tx'
import { bytesToHex, hexToBytes, privateToAddress } from '@ethereumjs/util'
import { Bloom } from '@ethereumjs/vm'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { keccak_256 } from '@noble/hashes/sha3.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { customCrypto } from '../../../chain/crypto/customCrypto.ts'
import { keccak256 } from '../../../chain/crypto/keccak.ts'
import { verifyPointEvaluation } from '../../../chain/crypto/pointEvaluation.ts'
import {
  decodeSignature,
  privateKeyToAddress,
  recoverAddress,
  recoverPublicKey,
  sign,
} from '../../../chain/crypto/secp256k1.ts'

const hash32 = fc.uint8Array({ minLength: 32, maxLength: 32 })
const key32 = hash32.filter((key) => secp256k1.utils.isValidSecretKey(key))

describe('keccak256', () => {
  test('equals noble on random bytes of any length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 600 }), (data) => {
        expect(bytesToHex(keccak256(data))).toBe(bytesToHex(keccak_256(data)))
      }),
    )
  })

  test('returns a fresh array that owns exactly its 32 bytes', () => {
    const first = keccak256(new Uint8Array([1]))
    const copy = first.slice()
    keccak256(new Uint8Array([2]))
    expect(first.byteOffset).toBe(0)
    expect(first.buffer.byteLength).toBe(32)
    expect(first).toEqual(copy)
  })

  test('gives the same log bloom as noble', () => {
    const common = createCustomCommon({ chainId: 1 }, Mainnet, { customCrypto })
    fc.assert(
      fc.property(fc.array(hash32, { maxLength: 6 }), (topics) => {
        const ours = new Bloom(undefined, common)
        const theirs = new Bloom()
        for (const topic of topics) {
          ours.add(topic)
          theirs.add(topic)
        }
        expect(ours.bitvector).toEqual(theirs.bitvector)
      }),
    )
  })
})

describe('sign and recover', () => {
  test('signatures equal noble and recover to the key that made them', () => {
    fc.assert(
      fc.property(hash32, key32, (hash, key) => {
        const ours = sign(hash, key)
        const noble = secp256k1.sign(hash, key, {
          prehash: false,
          format: 'recovered',
          extraEntropy: false,
        })
        expect(bytesToHex(ours.subarray(0, 64))).toBe(bytesToHex(noble.slice(1)))
        expect(ours[64]).toBe(noble[0])
        expect(recoverAddress(hash, ours)).toBe(privateKeyToAddress(key))
        expect(privateKeyToAddress(key)).toBe(bytesToHex(privateToAddress(key)))
      }),
      { numRuns: 30 },
    )
  })

  test('random signatures recover to what noble says, or are refused by both', () => {
    fc.assert(
      fc.property(hash32, hash32, hash32, fc.constantFrom(0, 1), (hash, r, s, recovery) => {
        const bytes = new Uint8Array([...r, ...s])
        let noble: string
        try {
          const parsed = secp256k1.Signature.fromBytes(bytes).addRecoveryBit(recovery)
          noble = bytesToHex(parsed.recoverPublicKey(hash).toBytes(false).slice(1))
        } catch {
          noble = 'refused'
        }
        let ours: string
        try {
          ours = bytesToHex(recoverPublicKey(hash, bytes, recovery))
        } catch (error) {
          expect(error).toMatchObject({ code: 'CRYPTO_BAD_SIGNATURE' })
          ours = 'refused'
        }
        expect(ours).toBe(noble)
      }),
      { numRuns: 60 },
    )
  })

  test('keys and signatures out of range are refused with a code', () => {
    const hash = new Uint8Array(32)
    const refused = { code: 'CRYPTO_BAD_PRIVATE_KEY' }
    for (const key of [new Uint8Array(32), new Uint8Array(31), new Uint8Array(32).fill(255)]) {
      expect(() => sign(hash, key)).toThrow(expect.objectContaining(refused))
      expect(() => privateKeyToAddress(key)).toThrow(expect.objectContaining(refused))
    }
    const bad = expect.objectContaining({ code: 'CRYPTO_BAD_SIGNATURE' })
    expect(() => recoverAddress(hash, new Uint8Array(65))).toThrow(bad)
    expect(() => recoverAddress(hash, new Uint8Array(64))).toThrow(bad)
    expect(() => recoverPublicKey(hash, new Uint8Array(64).fill(1), 2)).toThrow(bad)
    expect(() => decodeSignature(new Uint8Array(65).fill(2))).toThrow(bad)
  })
})

describe('customCrypto', () => {
  const key = hexToBytes(`0x${'11'.repeat(32)}`)
  const native = createCustomCommon({ chainId: 18512 }, Mainnet, {
    hardfork: Hardfork.Osaka,
    customCrypto,
  })
  const noble = createCustomCommon({ chainId: 18512 }, Mainnet, { hardfork: Hardfork.Osaka })

  test('transactions signed natively have the sender that noble finds', () => {
    fc.assert(
      fc.property(
        fc.bigInt(0n, 2n ** 64n - 2n),
        fc.uint8Array({ maxLength: 40 }),
        (nonce, data) => {
          const legacy = { nonce, data, gasLimit: 1_000_000n, gasPrice: 7n }
          const type2 = { nonce, data, gasLimit: 1_000_000n, maxFeePerGas: 7n }
          const ours = [
            createLegacyTx(legacy, { common: native }).sign(key),
            createFeeMarket1559Tx(type2, { common: native }).sign(key),
          ]
          for (const tx of ours) {
            expect(tx.getSenderAddress().toString()).toBe(privateKeyToAddress(key))
          }
          const theirs = createFeeMarket1559Tx(type2, { common: noble }).addSignature(
            ours[1]?.v ?? 0n,
            ours[1]?.r ?? 0n,
            ours[1]?.s ?? 0n,
          )
          expect(theirs.getSenderAddress().toString()).toBe(privateKeyToAddress(key))
        },
      ),
      { numRuns: 20 },
    )
  })

  test('sha256 equals noble', () => {
    fc.assert(
      fc.property(fc.uint8Array(), (data) => {
        expect(customCrypto.sha256?.(data)).toEqual(sha256(data))
      }),
    )
  })
})

describe('verifyPointEvaluation', () => {
  const commitment =
    `0x${'8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481b'}` +
    'c22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7'
  // Two published proofs about the same commitment.
  const vectors = [
    {
      z: '0x564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306',
      y: '0x24d25032e67a7e6a4910df5834b8fe70e6bcfeeac0352434196bdf4b2485d5a1',
      proof:
        `0x${'873033e038326e87ed3e1276fd140253fa08e9fc25fb2d9a'}` +
        '98527fc22a2c9612fbeafdad446cbc7bcdbdcd780af2c16a',
    },
    {
      z: '0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000000',
      y: '0x1522a4a7f34e1ea350ae07c29c96c7e79655aa926122e95fe69fcbd932ca49e9',
      proof:
        `0x${'a62ad71d14c5719385c0686f1871430475bf3a00f0aa3f7b'}` +
        '8dd99a9abc2160744faf0070725e00b60ad9a026a15b1a8c',
    },
  ]

  test('published proofs hold and fail for another value', () => {
    for (const { z, y, proof } of vectors) {
      expect(verifyPointEvaluation(commitment, z, y, proof)).toBe(true)
      expect(verifyPointEvaluation(commitment, z, z, proof)).toBe(false)
    }
  })

  test('points and scalars out of their groups are bad arguments', () => {
    const [{ z, y, proof }] = vectors as [(typeof vectors)[0]]
    const tooBig = `0x${'ff'.repeat(32)}`
    const noPoint = `0x${'11'.repeat(48)}`
    const bad = /C_KZG_BADARGS/
    expect(() => verifyPointEvaluation(noPoint, z, y, proof)).toThrow(bad)
    expect(() => verifyPointEvaluation(commitment, tooBig, y, proof)).toThrow(bad)
    expect(() => verifyPointEvaluation(commitment, z, y, noPoint)).toThrow(bad)
  })
})
