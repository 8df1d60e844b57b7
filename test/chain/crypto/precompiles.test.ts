// The precompiles of both engines beside those of the interpreter, on good, bad and borderline
// inputs: the same output, the same gas, the same error. Points are good ones, points of the curve
// outside the group, points beside the curve, coordinates past the field, and zero.
import { Common, Hardfork, Mainnet } from '@ethereumjs/common'
import { createEVM, type EVM } from '@ethereumjs/evm'
import { setLengthLeft } from '@ethereumjs/util'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { p256 } from '@noble/curves/nist.js'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { customCrypto } from '../../../chain/crypto/customCrypto.ts'
import { numberBytes } from '../../../chain/crypto/mcl.ts'
import { precompileOptions } from '../../../chain/crypto/precompileOptions.ts'

const common = new Common({ chain: Mainnet, hardfork: Hardfork.Osaka, customCrypto })
const ours = await createEVM({ common, ...precompileOptions() })
const stock = await createEVM({ common })

/** Times that precompiles of this machine were asked whether to go on. */
let pulses = 0
const pulsing = await createEVM({ common, ...precompileOptions(() => void pulses++) })

const GAS = 50_000_000n

async function run(evm: EVM, address: number, data: Uint8Array, gasLimit = GAS) {
  const precompile = evm.getPrecompile(`0x${address.toString(16).padStart(40, '0')}`)
  if (precompile === undefined) throw new Error(`there is no precompile ${address}`)
  // A copy in the middle of a buffer: what reads past its view is found.
  const copy = new Uint8Array(data.length + 64).fill(0xa5)
  copy.set(data, 32)
  const input = copy.subarray(32, 32 + data.length)
  const result = await precompile({ data: input, gasLimit, common, _EVM: evm })
  return {
    output: Buffer.from(result.returnValue).toString('hex'),
    gas: result.executionGasUsed,
    error: result.exceptionError?.error,
  }
}

/** Compares on `data`, and with one gas less than it takes. */
async function compare(address: number, data: Uint8Array) {
  const expected = await run(stock, address, data)
  expect(await run(ours, address, data)).toEqual(expected)
  const tooLittle = await run(stock, address, data, expected.gas - 1n)
  expect(await run(ours, address, data, expected.gas - 1n)).toEqual(tooLittle)
  return expected
}

const join = (...parts: readonly Uint8Array[]) => new Uint8Array(Buffer.concat(parts))
const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const word = (value: bigint) => numberBytes(value, 32)

/** Inputs of as many items as `counts` says; sometimes a byte is changed, lost or added. */
function inputs(item: fc.Arbitrary<Uint8Array>, minLength: number, maxLength: number) {
  const whole = fc.array(item, { minLength, maxLength }).map((items) => join(...items))
  const change = fc.record({ at: fc.nat(), by: fc.integer({ min: 1, max: 255 }) })
  const changed = fc.tuple(whole, change).map(([data, { at, by }]) => {
    const copy = data.slice()
    if (copy.length > 0) copy[at % copy.length] = ((copy[at % copy.length] ?? 0) + by) % 256
    return copy
  })
  const cut = fc.tuple(whole, fc.nat()).map(([data, at]) => data.slice(0, at % (data.length + 1)))
  return fc.oneof(
    { arbitrary: whole, weight: 6 },
    { arbitrary: changed, weight: 2 },
    { arbitrary: cut, weight: 1 },
    { arbitrary: whole.map((data) => join(data, word(1n))), weight: 1 },
  )
}

/** Good items three times as often as bad ones, so that long inputs are good now and then. */
const mostly = <T>(good: readonly T[], bad: readonly T[]) =>
  fc.oneof(
    { arbitrary: fc.constantFrom(...good), weight: 12 },
    { arbitrary: fc.constantFrom(...bad), weight: 1 },
  )

const factors = [1n, 2n, 3n, 7n ** 40n, 11n ** 60n, 13n ** 66n]

test('the precompiles in use are ours, and the long ones can be ended', async () => {
  for (const [address, size] of [
    [5, 400],
    [8, 384],
    [0x0c, 320],
    [0x0e, 576],
    [0x0f, 768],
  ] as const) {
    pulses = 0
    const data = new Uint8Array(size)
    // For the powers: sizes of one byte base, 64 of exponent and 32 of modulus, all ones.
    if (address === 5) data.fill(0xff, 96).set([1], 31)
    if (address === 5) data.set([64], 63)
    if (address === 5) data.set([32], 95)
    await run(pulsing, address, data)
    expect([address, pulses > 1]).toEqual([address, true])
  }
  const broken = await createEVM({
    common,
    ...precompileOptions(() => {
      throw new Error('time is up')
    }),
  })
  expect((await run(broken, 8, new Uint8Array(192))).error).toBe('revert')
})

describe('BN254', () => {
  const { Fp, Fp2, Fr } = bn254.fields
  const g1 = (p: { x: bigint; y: bigint }) => join(word(p.x), word(p.y))
  type F2 = { c0: bigint; c1: bigint }
  const g2 = ({ x, y }: { x: F2; y: F2 }) => join(word(x.c1), word(x.c0), word(y.c1), word(y.c0))
  const goodG1 = [
    new Uint8Array(64),
    ...factors.flatMap((k) => {
      const point = bn254.G1.Point.BASE.multiply(k % Fr.ORDER)
      return [g1(point.toAffine()), g1(point.negate().toAffine())]
    }),
  ]
  const badG1 = [
    g1({ x: 1n, y: 3n }),
    g1({ x: Fp.ORDER + 1n, y: 2n }),
    g1({ x: 1n, y: Fp.ORDER + 2n }),
    g1({ x: Fp.ORDER, y: Fp.ORDER }),
  ]
  const goodG2 = [
    new Uint8Array(128),
    ...factors.map((k) => g2(bn254.G2.Point.BASE.multiply(k % Fr.ORDER).toAffine())),
  ]
  const b2 = Fp2.div(Fp2.create({ c0: 3n, c1: 0n }), Fp2.create({ c0: 9n, c1: 1n }))
  /** Points of the twist; next to none of them is in the group. */
  const strays = Array.from({ length: 40 }, (_, i) => Fp2.create({ c0: BigInt(i), c1: 5n }))
    .flatMap((x) => {
      try {
        return [g2({ x, y: Fp2.sqrt(Fp2.add(Fp2.mul(Fp2.sqr(x), x), b2)) })]
      } catch {
        return []
      }
    })
    .slice(0, 8)
  const badG2 = [
    ...strays,
    g2({ x: { c0: 1n, c1: 2n }, y: { c0: 3n, c1: 4n } }),
    g2({ x: { c0: Fp.ORDER, c1: 0n }, y: { c0: 0n, c1: 0n } }),
  ]
  const point1 = mostly(goodG1, badG1)
  const scalar = fc.oneof(
    bytes(32),
    fc.constantFrom(0n, 1n, Fr.ORDER - 1n, Fr.ORDER, Fr.ORDER + 1n, 2n ** 256n - 1n).map(word),
  )

  test('the sum of two points is that of the interpreter', async () => {
    await fc.assert(
      fc.asyncProperty(inputs(point1, 0, 3), async (data) => void (await compare(6, data))),
      { numRuns: 400 },
    )
  })

  test('the multiple of a point is that of the interpreter', async () => {
    const item = fc.tuple(point1, scalar).map((parts) => join(...parts))
    await fc.assert(
      fc.asyncProperty(inputs(item, 0, 1), async (data) => void (await compare(7, data))),
      { numRuns: 150 },
    )
  })

  test('pairings are those of the interpreter', async () => {
    const item = fc.tuple(point1, mostly(goodG2, badG2)).map((parts) => join(...parts))
    await fc.assert(
      fc.asyncProperty(inputs(item, 0, 4), async (data) => void (await compare(8, data))),
      { numRuns: 150 },
    )
  })

  test('a product of pairings that is 1 is found, and points outside the group are refused', async () => {
    const [p, minusP] = goodG1.slice(3, 5)
    const [, q] = goodG2
    if (p === undefined || minusP === undefined || q === undefined) throw new Error('no points')
    expect((await compare(8, join(p, q, minusP, q))).output).toMatch(/01$/)
    expect((await compare(8, join(p, q, p, q))).output).toMatch(/00$/)
    expect(strays.length).toBeGreaterThan(4)
    for (const stray of strays) expect((await compare(8, join(p, stray))).error).toBeDefined()
  })
})

describe('BLS12-381', () => {
  const { Fp, Fp2, Fr } = bls12_381.fields
  const element = (value: bigint) => numberBytes(value, 64)
  const g1 = (p: { x: bigint; y: bigint }) => join(element(p.x), element(p.y))
  type F2 = { c0: bigint; c1: bigint }
  const g2 = ({ x, y }: { x: F2; y: F2 }) => join(...[x.c0, x.c1, y.c0, y.c1].map(element))
  const rootOf = <T>(sqrt: () => T): readonly T[] => {
    try {
      return [sqrt()]
    } catch {
      return []
    }
  }
  const strays1 = Array.from({ length: 12 }, (_, i) => BigInt(i + 1)).flatMap((x) =>
    rootOf(() => Fp.sqrt(Fp.add(Fp.pow(x, 3n), 4n))).map((y) => g1({ x, y })),
  )
  const four = Fp2.create({ c0: 4n, c1: 4n })
  const strays2 = Array.from({ length: 12 }, (_, i) =>
    Fp2.create({ c0: BigInt(i), c1: 1n }),
  ).flatMap((x) => rootOf(() => Fp2.sqrt(Fp2.add(Fp2.pow(x, 3n), four))).map((y) => g2({ x, y })))
  const goodG1 = [
    new Uint8Array(128),
    ...factors.flatMap((k) => {
      const point = bls12_381.G1.Point.BASE.multiply(k % Fr.ORDER)
      return [g1(point.toAffine()), g1(point.negate().toAffine())]
    }),
  ]
  const goodG2 = [
    new Uint8Array(256),
    ...factors.flatMap((k) => {
      const point = bls12_381.G2.Point.BASE.multiply(k % Fr.ORDER)
      return [g2(point.toAffine()), g2(point.negate().toAffine())]
    }),
  ]
  const badG1 = [
    g1({ x: 1n, y: 1n }),
    g1({ x: 1n, y: 0n }),
    g1({ x: Fp.ORDER, y: 2n }),
    g1({ x: 0n, y: Fp.ORDER + 2n }),
  ]
  const zero = { c0: 0n, c1: 0n }
  const badG2 = [
    g2({ x: { c0: 1n, c1: 1n }, y: { c0: 1n, c1: 1n } }),
    g2({ x: { c0: Fp.ORDER, c1: 0n }, y: zero }),
    g2({ x: { c0: 1n, c1: 0n }, y: zero }),
    g2({ x: zero, y: { c0: 1n, c1: Fp.ORDER + 1n } }),
  ]
  const any1 = mostly([...goodG1, ...strays1], badG1)
  const any2 = mostly([...goodG2, ...strays2], badG2)
  const ordered1 = mostly(goodG1, [...strays1, ...badG1])
  const ordered2 = mostly(goodG2, [...strays2, ...badG2])
  const scalar = fc.oneof(
    bytes(32),
    fc.constantFrom(0n, 1n, Fr.ORDER - 1n, Fr.ORDER, Fr.ORDER + 1n, 2n ** 256n - 1n).map(word),
  )
  const field = fc.oneof(
    bytes(48),
    fc.constantFrom(0n, 1n, Fp.ORDER - 1n, Fp.ORDER).map((value) => numberBytes(value, 48)),
  )
  const wide = field.map((value) => setLengthLeft(value, 64))
  const times = (point: fc.Arbitrary<Uint8Array>) =>
    fc.tuple(point, scalar).map((parts) => join(...parts))
  const pair = fc.tuple(ordered1, ordered2).map((parts) => join(...parts))

  test.each([
    ['sums in G1', 0x0b, any1, 1, 3, 300],
    ['sums in G2', 0x0d, any2, 1, 3, 300],
    ['sums of products in G1', 0x0c, times(ordered1), 0, 5, 150],
    ['sums of products in G2', 0x0e, times(ordered2), 0, 4, 100],
    ['pairings', 0x0f, pair, 0, 3, 100],
    ['maps to G1', 0x10, wide, 1, 1, 150],
    ['maps to G2', 0x11, wide, 1, 3, 150],
  ] as const)(
    '%s are those of the interpreter',
    async (_, address, item, min, max, numRuns) => {
      await fc.assert(
        fc.asyncProperty(
          inputs(item, min, max),
          async (data) => void (await compare(address, data)),
        ),
        { numRuns },
      )
    },
    60_000,
  )

  test('a sum of more products than the library takes at once is right', async () => {
    const item = join(goodG1[5] ?? new Uint8Array(), word(5n))
    const many = join(...Array.from({ length: 300 }, () => item))
    const once = join(goodG1[5] ?? new Uint8Array(), word(1_500n))
    expect((await run(ours, 0x0c, many)).output).toBe((await run(stock, 0x0c, once)).output)
  })
})

describe('P-256', () => {
  const n = p256.Point.CURVE().n
  const signed = fc.tuple(bytes(32), bytes(32), fc.boolean()).map(([hash, seed, isHigh]) => {
    const { secretKey, publicKey } = p256.keygen(join(seed, seed.subarray(0, 16)))
    const signature = p256.sign(hash, secretKey, { prehash: false, lowS: false }).slice()
    const s = BigInt(`0x${Buffer.from(signature.subarray(32)).toString('hex')}`)
    if (isHigh) signature.set(word(n - s), 32)
    return join(hash, signature, p256.Point.fromBytes(publicKey).toBytes(false).slice(1))
  })

  test('signatures and what is none are judged as by the interpreter', async () => {
    await fc.assert(
      fc.asyncProperty(inputs(signed, 1, 1), async (data) => void (await compare(0x100, data))),
      { numRuns: 80 },
    )
  }, 60_000)

  test('keys that the shift takes to zero, to themselves or to their double are judged right', async () => {
    const hashOfNothing = 0xe3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855n % n
    const k = 7n ** 80n % n
    const r = p256.Point.BASE.multiply(k).toAffine().x % n
    const Fn = p256.Point.Fn
    for (const [d, shift] of [
      [11n, n - 11n],
      [11n, 0n],
      [11n, 11n],
    ] as const) {
      const z = Fn.create(hashOfNothing + shift * r)
      const s = Fn.div(Fn.create(z + r * d), k)
      const { x, y } = p256.Point.BASE.multiply(d).toAffine()
      const data = join(...[z, r, s, x, y].map(word))
      expect((await compare(0x100, data)).output).toBe(Buffer.from(word(1n)).toString('hex'))
      data[70] = (data[70] ?? 0) ^ 1
      expect((await compare(0x100, data)).output).toBe('')
    }
  })

  test('numbers at the edge of their range are judged as by the interpreter', async () => {
    const [sample] = fc.sample(signed, { numRuns: 1, seed: 1 })
    const p = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
    for (const at of [0, 32, 64, 96, 128]) {
      for (const value of [0n, 1n, n - 1n, n, p - 1n, p, 2n ** 256n - 1n]) {
        const data = join(sample ?? new Uint8Array())
        data.set(word(value), at)
        await compare(0x100, data)
      }
    }
  })
})

describe('modular powers and BLAKE2', () => {
  test('powers are those of the interpreter, whatever the sizes say', async () => {
    const size = fc.oneof(fc.nat(70), fc.constantFrom(0, 1, 31, 32, 33, 64, 1_023, 1_024, 1_025))
    const input = fc
      .tuple(size, size, size, bytes(120), fc.constantFrom(0, 1, 255), fc.nat(4_000))
      .map(([b, e, m, noise, fill, cut]) => {
        const body = new Uint8Array(b + e + m).fill(fill)
        body.set(noise.subarray(0, Math.min(noise.length, body.length)))
        return join(...[b, e, m].map((value) => word(BigInt(value))), body).slice(0, cut)
      })
    await fc.assert(
      fc.asyncProperty(input, async (data) => void (await compare(5, data))),
      { numRuns: 250 },
    )
    for (const huge of [2n ** 32n, 2n ** 53n, 2n ** 64n, 2n ** 256n - 1n]) {
      for (const at of [0, 32, 64]) {
        const data = join(word(1n), word(1n), word(1n), new Uint8Array([2, 3, 5]))
        data.set(word(huge), at)
        await compare(5, data)
      }
    }
  }, 60_000)

  test('compressions are those of the interpreter for any number of rounds', async () => {
    const input = fc
      .tuple(fc.integer({ min: 0, max: 300 }), bytes(208), fc.constantFrom(0, 1, 2, 255))
      .map(([rounds, state, flag]) =>
        join(numberBytes(BigInt(rounds), 4), state, new Uint8Array([flag])),
      )
    await fc.assert(
      fc.asyncProperty(inputs(input, 1, 1), async (data) => {
        // A changed first byte asks for more rounds than there is time for.
        if ((data[0] ?? 0) === 0 && (data[1] ?? 0) === 0) await compare(9, data)
      }),
      { numRuns: 300 },
    )
  })
})

describe('point evaluation', () => {
  const { G1 } = bls12_381
  const C_KZG = 10

  test('a constant polynomial has its value everywhere, and no other', async () => {
    const { createHash } = await import('node:crypto')
    const evaluate = (
      value: bigint,
      y: bigint,
      proof = new Uint8Array([0xc0, ...Array(47).fill(0)]),
    ) => {
      const point = value === 0n ? G1.Point.ZERO : G1.Point.BASE.multiply(value)
      const commitment = point.toBytes(true)
      const hash = new Uint8Array(createHash('sha256').update(commitment).digest())
      hash[0] = 1
      return run(ours, C_KZG, join(hash, word(9n), word(y), commitment, proof))
    }
    expect((await evaluate(5n, 5n)).error).toBeUndefined()
    expect((await evaluate(0n, 0n)).error).toBeUndefined()
    expect((await evaluate(5n, 6n)).error).toBe('kzg proof invalid')
    // Infinity with a sign, a point without the mark of compression, an x past the field.
    for (const first of [0xe0, 0x40, 0x00, 0xff]) {
      const proof = new Uint8Array(48)
      proof[0] = first
      expect((await evaluate(5n, 5n, proof)).error).toBe('kzg inputs invalid')
    }
  })
})
