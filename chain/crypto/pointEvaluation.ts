import { hexToBytes } from '@ethereumjs/util'
import type { Fr, G1, G2 } from 'mcl-wasm'
import { blsField, mcl } from './bls12381.ts'
import { isBelow, isZero, numberBytes, readField } from './mcl.ts'

/**
 * [tau]G2 of the KZG ceremony: all that verifying a proof needs of its setup.
 * The value is that of EIP-4844.
 */
const TAU_G2 = [
  'b5bfd7dd8cdeb128843bc287230af38926187075cbfbefa81009a2ce615ac53d',
  '2914e5870cb452d2afaaab24f3499f72185cbfee53492714734429b7b38608e2',
  '3926c911cceceac9a36851477ba4c60b087041de621000edc98edada20c1def2',
].join('')

/** Generators in their compressed form. @source EIP-2537 */
const G1_GENERATOR = [
  '97f1d3a73197d7942695638c4fa9ac0fc3688c4f9774b905a14e3a3f171bac58',
  '6c55e83ff97a1aeffb3af00adb22c6bb',
].join('')
const G2_GENERATOR = [
  '93e02b6052719f607dacd3a088274f65596bd0d09920b61ab5da61bbdc7f5049',
  '334cf11213945d57e5ac7d055d042b7e024aa2b2f08f0a91260805272dc51051',
  'c6e47ad4fa403b02b4510b647ae3d1770bac0326a805bbefd48056c8c121bdb8',
].join('')

/** Order of the groups. @source EIP-2537 */
const order = numberBytes(0x73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001n, 32)
/** The greater of y and -y is the one above half of the field. */
const halfField = numberBytes((BigInt(`0x${Buffer.from(blsField).toString('hex')}`) + 1n) / 2n, 48)

/** Flags of compressed points: compressed, infinite, greater. */
const [INFINITE, LOWER, GREATER] = [0b110, 0b100, 0b101]

const one = new mcl.Fp()
one.setInt(1)
/** The curve is y² = x³ + 4. */
const four = new mcl.Fp()
four.setInt(4)

const generator = parsePoint(G1_GENERATOR)
// Both are fixed, so the lines of their Miller loops are computed once.
const negatedG2 = new mcl.PrecomputedG2(mcl.neg(trustedG2(G2_GENERATOR)))
const tauG2 = new mcl.PrecomputedG2(trustedG2(TAU_G2))

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
  const [c, q] = [parsePoint(commitment.slice(2)), parsePoint(proof.slice(2))]
  const [zn, yn] = [parseScalar(z), parseScalar(y)]
  // e(C - [y]G1, -G2) · e(proof, [tau - z]G2) = 1, with z moved to the side where it is cheap:
  // e(C - [y]G1 + [z]proof, -G2) · e(proof, [tau]G2) = 1
  const left = mcl.add(mcl.sub(c, mcl.mul(generator, yn)), mcl.mul(q, zn))
  // A pair with the zero of its group is 1.
  if (q.isZero()) return left.isZero()
  if (left.isZero()) return false
  return mcl.finalExp(mcl.precomputedMillerLoop2(left, negatedG2, q, tauG2)).isOne()
}

/** A point of the group in the compressed form of 48 bytes: three flags, then x. */
function parsePoint(hex: string): G1 {
  const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
  const flags = (bytes[0] ?? 0) >> 5
  bytes[0] = (bytes[0] ?? 0) & 0x1f
  const point = new mcl.G1()
  if (flags === INFINITE && isZero(bytes)) return point
  if (bytes.length !== 48 || (flags !== LOWER && flags !== GREATER)) throw notInGroup()
  if (!isBelow(bytes, blsField)) throw notInGroup()
  const x = readField(mcl, bytes)
  const [isSquare, root] = mcl.squareRoot(mcl.add(mcl.mul(mcl.sqr(x), x), four))
  if (!isSquare) throw notInGroup()
  const isGreater = !isBelow(root.serialize().reverse(), halfField)
  point.setX(x)
  point.setY(isGreater === (flags === GREATER) ? root : mcl.neg(root))
  point.setZ(one)
  if (!point.isValidOrder()) throw notInGroup()
  return point
}

function trustedG2(hex: string): G2 {
  const point = new mcl.G2()
  // The library reads the form that Ethereum writes only while it is told so.
  mcl.setETHserialization(true)
  point.deserialize(new Uint8Array(Buffer.from(hex, 'hex')))
  mcl.setETHserialization(false)
  return point
}

function parseScalar(text: string): Fr {
  // The caller hands in what it wrote as hex itself.
  const bytes = hexToBytes(text as `0x${string}`)
  if (bytes.length !== 32 || !isBelow(bytes, order)) {
    throw new Error('C_KZG_BADARGS: not a scalar')
  }
  const scalar = new mcl.Fr()
  scalar.setBigEndianMod(bytes)
  return scalar
}

function notInGroup(): Error {
  return new Error('C_KZG_BADARGS: not a point of the group')
}
