import { bls12_381 } from '@noble/curves/bls12-381.js'

/**
 * [tau]G2 of the KZG ceremony: all that verifying a proof needs of its setup.
 * The value is that of EIP-4844.
 */
const TAU_G2 = [
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d',
  '2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e2',
  '3926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2',
].join('')

const { G1, G2, fields } = bls12_381

/**
 * Whether a committed polynomial takes the value `y` at `z`. All in 0x-prefixed hex.
 *
 * This chain takes no blobs, yet the point evaluation precompile at 0x0a is part of its rules.
 *
 * @throws Error with `C_KZG_BADARGS`, the word that the precompile looks for, on malformed input.
 */
export function verifyPointEvaluation(
  commitment: string,
  z: string,
  y: string,
  proof: string,
): boolean {
  const [c, q] = [parseG1(commitment), parseG1(proof)]
  const [zn, yn] = [parseScalar(z), parseScalar(y)]
  // e(C - [y]G1, -G2) * e(proof, [tau]G2 - [z]G2) = 1
  const left = c.subtract(yn === 0n ? G1.Point.ZERO : G1.Point.BASE.multiply(yn))
  const tau = G2.Point.fromHex(TAU_G2)
  const right = tau.subtract(zn === 0n ? G2.Point.ZERO : G2.Point.BASE.multiply(zn))
  const pairs = [
    { g1: left, g2: G2.Point.BASE.negate() },
    { g1: q, g2: right },
  ].filter(({ g1, g2 }) => !g1.is0() && !g2.is0())
  if (pairs.length === 0) return true
  return fields.Fp12.eql(bls12_381.pairingBatch(pairs), fields.Fp12.ONE)
}

function parseG1(text: string) {
  try {
    const point = G1.Point.fromHex(text.slice(2))
    if (!point.is0()) point.assertValidity()
    return point
  } catch (cause) {
    throw new Error('C_KZG_BADARGS: not a point of the group', { cause })
  }
}

function parseScalar(text: string): bigint {
  const value = BigInt(text)
  if (value >= fields.Fr.ORDER) throw new Error('C_KZG_BADARGS: not a scalar')
  return value
}
