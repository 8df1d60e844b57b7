import { createHash } from 'node:crypto'
import { bls12_381 } from '@noble/curves/bls12-381.js'
import { bn254 } from '@noble/curves/bn254.js'
import { p256 } from '@noble/curves/nist.js'
import { sign } from '../../chain/crypto/secp256k1.ts'
import { code, forever, join } from './bytecode.ts'
import type { Case } from './cases.ts'

const number = (value: bigint, size = 32): Uint8Array =>
  new Uint8Array(Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex'))
const repeat = (part: (i: bigint) => Uint8Array, times: number): Uint8Array =>
  join(...Array.from({ length: times }, (_, i) => part(BigInt(i))))

/** A scalar of many ones. */
const SCALAR = 2n ** 253n - 1n
const K = 7n ** 85n

/** Each precompile of Osaka with inputs that pass all checks and cost most for their gas. */
export function precompileCases(): readonly Case[] {
  return [
    ...hashCases(),
    ...powerCases(),
    ...bn254Cases(),
    ...blsCases(),
    precompile('0x01 ecrecover', 1, ecrecoverInput()),
    precompile('0x0a point evaluation', 0x0a, pointEvaluationInput()),
    precompile('0x100 P-256', 0x100, p256Input()),
  ]
}

/** Calls the precompile with the same input until the gas is used up. */
function precompile(name: string, address: number, data: Uint8Array, gasMin?: bigint): Case {
  const size = data.length
  return {
    name,
    group: 'precompiles',
    data,
    ...(gasMin === undefined ? {} : { gasMin }),
    program: forever(
      code('PUSH0', 'PUSH0', size, 'PUSH0', address, 'GAS', 'STATICCALL', 'POP'),
      code(size, 'PUSH0', 'PUSH0', 'CALLDATACOPY'),
    ),
  }
}

function hashCases(): readonly Case[] {
  const rounds = (count: number) => join(number(BigInt(count), 4), new Uint8Array(209))
  return [
    ...[0, 32 * 1_024].flatMap((size) => [
      precompile(`0x02 SHA-256 of ${size} bytes`, 2, new Uint8Array(size)),
      precompile(`0x03 RIPEMD-160 of ${size} bytes`, 3, new Uint8Array(size)),
      precompile(`0x04 identity of ${size} bytes`, 4, new Uint8Array(size)),
    ]),
    precompile('0x09 BLAKE2F of 1 round', 9, rounds(1)),
    precompile('0x09 BLAKE2F of 100,000 rounds', 9, rounds(100_000)),
  ]
}

function powerCases(): readonly Case[] {
  /** All bits of the exponent are ones, the modulus is odd or even. */
  const power = (baseSize: number, exponentSize: number, size: number, isEven = false): Case => {
    const modulus = new Uint8Array(size).fill(0xff)
    modulus[size - 1] = isEven ? 0xfe : 0xfb
    const base = new Uint8Array(baseSize).fill(0xfd)
    const exponent = new Uint8Array(exponentSize).fill(0xff)
    const sizes = [baseSize, exponentSize, size].map((value) => number(BigInt(value)))
    const name = `0x05 MODEXP ${baseSize}^${exponentSize} mod ${size}${isEven ? ', even' : ''}`
    return precompile(
      name,
      5,
      join(...sizes, base, exponent, modulus),
      size >= 256 ? 10_000_000n : 1_500_000n,
    )
  }
  return [
    ...[1, 8, 16, 24, 32, 33, 40, 64, 128, 256, 512, 1_024].map((size) => power(size, 32, size)),
    ...[8, 32, 64, 128].map((size) => power(size, 1_024, size)),
    ...[32, 1_024].map((size) => power(size, 32, size, true)),
    // As much gas as the least there is: what is not arithmetic counts.
    power(1_024, 1, 1_024),
    power(32, 4, 32),
    power(1, 1, 1),
  ]
}

function bn254Cases(): readonly Case[] {
  const g1 = (k: bigint) => {
    const { x, y } = bn254.G1.Point.BASE.multiply(k % bn254.fields.Fr.ORDER).toAffine()
    return join(number(x), number(y))
  }
  const g2 = (k: bigint) => {
    const { x, y } = bn254.G2.Point.BASE.multiply(k % bn254.fields.Fr.ORDER).toAffine()
    return join(...[x.c1, x.c0, y.c1, y.c0].map((value) => number(value)))
  }
  const pairs = (count: number) => repeat((i) => join(g1(K + i), g2(K * 3n + i)), count)
  return [
    precompile('0x06 BN254 addition', 6, join(g1(K), g1(K + 1n))),
    precompile('0x07 BN254 multiplication', 7, join(g1(K), number(SCALAR))),
    ...[1, 2, 16].map((n) => precompile(`0x08 BN254 pairing of ${n}`, 8, pairs(n), 2_000_000n)),
  ]
}

function blsCases(): readonly Case[] {
  const order = bls12_381.fields.Fr.ORDER
  const wide = (value: bigint) => number(value, 64)
  const g1 = (k: bigint) => {
    const { x, y } = bls12_381.G1.Point.BASE.multiply(k % order).toAffine()
    return join(wide(x), wide(y))
  }
  const g2 = (k: bigint) => {
    const { x, y } = bls12_381.G2.Point.BASE.multiply(k % order).toAffine()
    return join(...[x.c0, x.c1, y.c0, y.c1].map(wide))
  }
  const products1 = (n: number) => repeat((i) => join(g1(K + i), number(SCALAR - i)), n)
  const products2 = (n: number) => repeat((i) => join(g2(K + i), number(SCALAR - i)), n)
  return [
    precompile('0x0b BLS G1 addition', 0x0b, join(g1(K), g1(K + 1n))),
    ...[1, 16, 128].map((n) =>
      precompile(`0x0c BLS G1 products of ${n}`, 0x0c, products1(n), 3_000_000n),
    ),
    precompile('0x0d BLS G2 addition', 0x0d, join(g2(K), g2(K + 1n))),
    ...[1, 16, 64].map((n) =>
      precompile(`0x0e BLS G2 products of ${n}`, 0x0e, products2(n), 3_000_000n),
    ),
    ...[1, 8].map((n) =>
      precompile(
        `0x0f BLS pairing of ${n}`,
        0x0f,
        repeat((i) => join(g1(K + i), g2(K - i)), n),
        1_000_000n,
      ),
    ),
    precompile('0x10 BLS map to G1', 0x10, wide(K)),
    precompile('0x11 BLS map to G2', 0x11, join(wide(K), wide(K + 1n))),
  ]
}

function ecrecoverInput(): Uint8Array {
  const hash = new Uint8Array(32).fill(0xa5)
  const signature = sign(hash, new Uint8Array(32).fill(7))
  return join(hash, number(27n + BigInt(signature[64] ?? 0)), signature.subarray(0, 64))
}

function p256Input(): Uint8Array {
  const { secretKey, publicKey } = p256.keygen(new Uint8Array(48).fill(9))
  const hash = new Uint8Array(32).fill(0xa5)
  const signature = p256.sign(hash, secretKey, { prehash: false })
  return join(hash, signature, p256.Point.fromBytes(publicKey).toBytes(false).slice(1))
}

/** A published proof: making one takes the whole setup of the ceremony. */
function pointEvaluationInput(): Uint8Array {
  const commitment = Buffer.from(
    '8f59a8d2a1a625a17f3fea0fe5eb8c896db3764f3185481b' +
      'c22f91b4aaffcca25f26936857bc3a7c2539ea8ec3a952b7',
    'hex',
  )
  const zAndY = Buffer.from(
    '564c0a11a0f704f4fc3e8acfe0f8245f0ad1347b378fbf96e206da11a5d36306' +
      '24d25032e67a7e6a4910df5834b8fe70e6bcfeeac0352434196bdf4b2485d5a1',
    'hex',
  )
  const proof = Buffer.from(
    '873033e038326e87ed3e1276fd140253fa08e9fc25fb2d9a' +
      '98527fc22a2c9612fbeafdad446cbc7bcdbdcd780af2c16a',
    'hex',
  )
  const hash = createHash('sha256').update(commitment).digest()
  hash[0] = 1
  return join(hash, zAndY, commitment, proof)
}
