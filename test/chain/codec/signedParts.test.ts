// The scanner finds in raw bytes what ethereumjs says was signed and by whom, for all types; in
// garbage it finds nothing, and it never throws.
import { RLP } from '@ethereumjs/rlp'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRecovered, recoverRange } from '../../../chain/codec/recovery/recoverBatch.ts'
import { createSignedParts, readSignedParts } from '../../../chain/codec/signedParts.ts'
import { readSenderSlowly, sampleTransactions, signedTransaction } from './signedTransactions.ts'

const ORDER = secp256k1.Point.Fn.ORDER

/** Sender by our code; undefined when there is none. */
function readSender(raw: Uint8Array): Uint8Array | undefined {
  const found = createRecovered(1)
  recoverRange({ bytes: raw, offsets: Int32Array.of(0, raw.length) }, 0, 1, found)
  return found.ok[0] === 1 ? found.senders : undefined
}

/** The raw transaction with the field at `index` replaced, counted from the end. */
function replaceField(raw: Uint8Array, index: number, value: Uint8Array): Uint8Array {
  const isTyped = (raw[0] ?? 0) < 0xc0
  const fields = RLP.decode(isTyped ? raw.subarray(1) : raw) as Uint8Array[] // a list, as built
  fields[fields.length + index] = value
  const list = RLP.encode(fields)
  return isTyped ? Uint8Array.from(Buffer.concat([raw.subarray(0, 1), list])) : list
}

function toBytes(value: bigint): Uint8Array {
  const hex = value.toString(16)
  return Uint8Array.from(Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex'))
}

describe('readSignedParts', () => {
  test('finds what ethereumjs says was signed, wherever in the bytes it lies', () => {
    fc.assert(
      fc.property(signedTransaction, fc.nat({ max: 40 }), ({ raw, sender, hash }, before) => {
        const bytes = new Uint8Array(before + raw.length + 7).fill(0xd7)
        bytes.set(raw, before)
        const parts = createSignedParts()
        expect(readSignedParts(bytes, before, before + raw.length, parts)).toBe(true)
        expect(readSender(raw)).toEqual(sender)
        expect(parts.hash).toEqual(hash)
      }),
      { numRuns: 200 },
    )
  })

  test('takes a transaction that is longer than the memory of the hash', () => {
    const raw = sampleTransactions(50, 5).find((sample) => sample.raw[0] === 2)?.raw
    expect(raw).toBeDefined()
    const long = replaceField(raw!, -5, new Uint8Array(200_000).fill(3))
    expect(readSender(long)).toEqual(readSenderSlowly(long, chainIdOf(long)))
    expect(readSender(long)).toBeDefined()
  })

  test('finds nothing in a transaction that lacks its end or has bytes behind it', () => {
    for (const { raw } of sampleTransactions(10, 1)) {
      const parts = createSignedParts()
      for (let end = 0; end < raw.length; end++) {
        expect(readSignedParts(raw, 0, end, parts), `${end} of ${raw.length}`).toBe(false)
      }
      const longer = Uint8Array.of(...raw, 0)
      expect(readSignedParts(longer, 0, longer.length, parts)).toBe(false)
    }
  })

  test('agrees with ethereumjs on mutated transactions that ethereumjs takes', () => {
    let taken = 0
    fc.assert(
      fc.property(
        signedTransaction,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 })), { minLength: 1, maxLength: 2 }),
        ({ raw }, changes) => {
          const mutant = raw.slice()
          for (const [at, byte] of changes) mutant[at % mutant.length] = byte
          const theirs = readSenderSlowly(mutant, chainIdOf(mutant))
          const ours = readSender(mutant)
          if (theirs === undefined) return
          taken++
          expect(ours).toEqual(theirs)
        },
      ),
      { numRuns: 400 },
    )
    expect(taken).toBeGreaterThan(100)
  })

  test('takes random bytes without throwing', () => {
    const parts = createSignedParts()
    const first = fc.constantFrom(0x01, 0x02, 0x04, 0xc0, 0xf8, 0xf9, 0xff, 0x00, 0x03, 0x7f)
    fc.assert(
      fc.property(first, fc.uint8Array({ maxLength: 300 }), (type, rest) => {
        const raw = Uint8Array.of(type, ...rest)
        expect(typeof readSignedParts(raw, 0, raw.length, parts)).toBe('boolean')
        expect(readSignedParts(raw, 0, 0, parts)).toBe(false)
      }),
      { numRuns: 2_000 },
    )
  })
})

describe('signatures', () => {
  const samples = sampleTransactions(30, 2)
  const half = ORDER / 2n

  test('the twin in the upper half of s is refused', () => {
    for (const { raw } of samples) {
      const isTyped = (raw[0] ?? 0) < 0xc0
      const fields = RLP.decode(isTyped ? raw.subarray(1) : raw) as Uint8Array[] // a list
      const s = BigInt(`0x${Buffer.from(fields.at(-1) ?? []).toString('hex')}`)
      const parity = BigInt(`0x0${Buffer.from(fields.at(-3) ?? []).toString('hex')}`)
      const flipped = isTyped ? 1n - parity : parity + (parity % 2n === 1n ? 1n : -1n)
      const twin = replaceField(
        replaceField(raw, -1, toBytes(ORDER - s)),
        -3,
        flipped === 0n ? new Uint8Array(0) : toBytes(flipped),
      )
      expect(readSender(twin)).toBeUndefined()
    }
  })

  test.each([
    ['s of half the order', -1, toBytes(half), true],
    ['s above half the order', -1, toBytes(half + 1n), false],
    ['s of the order', -1, toBytes(ORDER), false],
    ['no s', -1, new Uint8Array(0), false],
    ['a zero for s', -1, Uint8Array.of(0), false],
    ['s of 33 bytes', -1, new Uint8Array(33).fill(1), false],
    ['s with a leading zero', -1, Uint8Array.of(0, 1), false],
    ['no r', -2, new Uint8Array(0), false],
    ['r of the order', -2, toBytes(ORDER), false],
    ['r with a leading zero', -2, Uint8Array.of(0, 1), false],
  ] as const)('%s', (_, index, value, isTaken) => {
    for (const { raw } of samples) {
      const changed = replaceField(raw, index, value)
      expect(readSender(changed) !== undefined).toBe(isTaken)
    }
  })

  test.each([
    ['02', 'typed'],
    ['00', 'typed'],
    ['0100', 'typed'],
    ['1a', 'legacy'],
    ['1d', 'legacy'],
    ['22', 'legacy'],
    ['', 'legacy'],
    ['001b', 'legacy'],
    ['010101010101010101', 'legacy'],
  ])("a parity of '%s' is refused in a %s transaction", (hex, kind) => {
    const value = Uint8Array.from(Buffer.from(hex, 'hex'))
    const chosen = samples.filter(({ raw }) => (raw[0] ?? 0) < 0xc0 === (kind === 'typed'))
    expect(chosen.length).toBeGreaterThan(0)
    for (const { raw } of chosen) expect(readSender(replaceField(raw, -3, value))).toBeUndefined()
  })

  test('chain ids up to eight bytes of v are hashed as ethereumjs does', () => {
    const legacy = samples.find(({ raw }) => (raw[0] ?? 0) >= 0xc0)
    for (const v of [35n, 36n, 289n, 290n, 291n, 2n ** 48n - 1n, 2n ** 48n, 2n ** 53n + 1n]) {
      const changed = replaceField(legacy!.raw, -3, toBytes(v))
      const theirs = readSenderSlowly(changed, Number((v - 35n) / 2n))
      if (theirs !== undefined) expect(readSender(changed), `v ${v}`).toEqual(theirs)
    }
  })
})

/** The chain that a raw transaction names, so that ethereumjs does not refuse it for another. */
function chainIdOf(raw: Uint8Array): number {
  try {
    const isTyped = (raw[0] ?? 0) < 0xc0
    const fields = RLP.decode(isTyped ? raw.subarray(1) : raw) as Uint8Array[] // or it throws
    const field = BigInt(`0x0${Buffer.from(fields[isTyped ? 0 : 6] ?? []).toString('hex')}`)
    if (isTyped) return Number(field)
    return field < 35n ? 1 : Number((field - 35n) / 2n)
  } catch {
    return 1
  }
}
