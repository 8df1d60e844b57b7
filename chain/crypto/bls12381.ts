import { type EVMBLSInterface, EVMError } from '@ethereumjs/evm'
import type { Fr, G1, G2, GT } from 'mcl-wasm'
import {
  isBelow,
  isZero,
  numberBytes,
  openCurve,
  readField,
  readField2,
  writeField,
} from './mcl.ts'

/** The library on BLS12-381, with the map to the curve that EIP-2537 names. */
export const mcl = await openCurve('bls12381')
mcl.setMapToMode(mcl.IRTF)

/** Modulus of the field, 48 bytes. @source EIP-2537 */
export const blsField = numberBytes(
  BigInt(
    '0x1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf' +
      '6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab',
  ),
  48,
)

const G1_SIZE = 128
const G2_SIZE = 256
const SCALAR_SIZE = 32
/** Points that go to the library at once: they lie on a stack of fixed size. */
const MSM_CHUNK = 128

const one = new mcl.Fp()
one.setInt(1)
const one2 = new mcl.Fp2()
one2.setInt(1, 0)

/**
 * The precompiles 0x0b to 0x11, ten to eighty times faster than the interpreter's own. The caller
 * has checked lengths and that each coordinate begins with 16 zero bytes. Inputs that the
 * interpreter's own refuses are refused with an error of the same kind. `pulse` is called for each
 * pair and each product.
 *
 * @source EIP-2537
 */
export const bls12381With = (pulse: () => void): EVMBLSInterface => ({
  addG1: (input) =>
    writeG1(mcl.add(readG1(input.subarray(0, G1_SIZE)), readG1(input.subarray(G1_SIZE)))),
  addG2: (input) =>
    writeG2(mcl.add(readG2(input.subarray(0, G2_SIZE)), readG2(input.subarray(G2_SIZE)))),
  mapFPtoG1: (input) => writeG1(readField(mcl, coordinate(input, 0)).mapToG1()),
  mapFP2toG2: (input) =>
    writeG2(readField2(mcl, coordinate(input, 0), coordinate(input, 64)).mapToG2()),
  msmG1: (input) => writeG1(sumOfProducts(input, G1_SIZE, readOrderedG1, new mcl.G1(), pulse)),
  msmG2: (input) => writeG2(sumOfProducts(input, G2_SIZE, readOrderedG2, new mcl.G2(), pulse)),
  pairingCheck(input) {
    let product: GT | undefined
    for (let at = 0; at < input.length; at += G1_SIZE + G2_SIZE) {
      pulse()
      const p = readOrderedG1(input.subarray(at, at + G1_SIZE))
      const q = readOrderedG2(input.subarray(at + G1_SIZE, at + G1_SIZE + G2_SIZE))
      if (p.isZero() || q.isZero()) continue
      const factor = mcl.millerLoop(p, q)
      product = product === undefined ? factor : mcl.mul(product, factor)
    }
    const out = new Uint8Array(32)
    if (product === undefined || mcl.finalExp(product).isOne()) out[31] = 1
    return out
  },
})

function sumOfProducts<Point extends G1 | G2>(
  input: Uint8Array,
  pointSize: number,
  read: (bytes: Uint8Array) => Point,
  zero: Point,
  pulse: () => void,
): Point {
  let sum = zero
  let points: Point[] = []
  let scalars: Fr[] = []
  const addChunk = (): void => {
    if (points.length > 0) sum = mcl.add(sum, mcl.mulVec(points, scalars))
    points = []
    scalars = []
  }
  for (let at = 0; at < input.length; at += pointSize + SCALAR_SIZE) {
    pulse()
    const point = read(input.subarray(at, at + pointSize))
    const scalar = new mcl.Fr()
    scalar.setBigEndianMod(input.slice(at + pointSize, at + pointSize + SCALAR_SIZE))
    // They add nothing.
    if (point.isZero() || scalar.isZero()) continue
    points.push(point)
    scalars.push(scalar)
    if (points.length === MSM_CHUNK) addChunk()
  }
  addChunk()
  return sum
}

/** A point of the curve, whatever its order. */
function readG1(bytes: Uint8Array): G1 {
  const point = new mcl.G1()
  if (isZero(bytes)) return point
  const [x, y] = [bytes.subarray(16, 64), bytes.subarray(80, 128)]
  if (!isBelow(x, blsField) || !isBelow(y, blsField)) throw new Error('not in the field')
  // No point has y = 0, and the interpreter's own refuses it before it looks at the curve.
  if (isZero(y)) throw new Error('y is zero')
  point.setX(readField(mcl, x))
  point.setY(readField(mcl, y))
  point.setZ(one)
  if (!point.isValid()) throw notOnCurve()
  return point
}

function readOrderedG1(bytes: Uint8Array): G1 {
  const point = readG1(bytes)
  if (!point.isZero() && !point.isValidOrder()) throw notOnCurve()
  return point
}

/** A point of the twist, whatever its order. */
function readG2(bytes: Uint8Array): G2 {
  const point = new mcl.G2()
  if (isZero(bytes)) return point
  point.setX(readField2(mcl, coordinate(bytes, 0), coordinate(bytes, 64)))
  point.setY(readField2(mcl, coordinate(bytes, 128), coordinate(bytes, 192)))
  point.setZ(one2)
  if (isZero(bytes.subarray(128))) throw new Error('y is zero')
  if (!point.isValid()) throw notOnCurve()
  return point
}

function readOrderedG2(bytes: Uint8Array): G2 {
  const point = readG2(bytes)
  if (!point.isZero() && !point.isValidOrder()) throw notOnCurve()
  return point
}

/** The 48 bytes of a coordinate that may differ from zero. */
function coordinate(bytes: Uint8Array, at: number): Uint8Array {
  const out = bytes.subarray(at + 16, at + 64)
  if (isBelow(out, blsField)) return out
  throw new EVMError(EVMError.errorMessages.BLS_12_381_FP_NOT_IN_FIELD)
}

function notOnCurve(): EVMError {
  return new EVMError(EVMError.errorMessages.BLS_12_381_POINT_NOT_ON_CURVE)
}

function writeG1(point: G1): Uint8Array {
  const out = new Uint8Array(G1_SIZE)
  if (point.isZero()) return out
  point.normalize()
  writeField(out, 64, point.getX())
  writeField(out, 128, point.getY())
  return out
}

function writeG2(point: G2): Uint8Array {
  const out = new Uint8Array(G2_SIZE)
  if (point.isZero()) return out
  point.normalize()
  const [x, y] = [point.getX(), point.getY()]
  for (const [index, part] of [x.get_a(), x.get_b(), y.get_a(), y.get_b()].entries()) {
    writeField(out, 64 * (index + 1), part)
  }
  return out
}
