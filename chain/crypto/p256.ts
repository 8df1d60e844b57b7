import { createECDH, createHash, createPublicKey, verify } from 'node:crypto'
import { numberBytes } from './mcl.ts'

/** The curve y² = x³ - 3x + b over the field of P; its points have order N. @source EIP-7951 */
const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const B = 0x5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604bn

type Point = { readonly x: bigint; readonly y: bigint }

/** What is signed in place of the hash, and its own hash as a number. */
const stand = new Uint8Array()
const standHash = toNumber(createHash('sha256').update(stand).digest()) % N
/** Everything of a key in DER that comes before its coordinates. */
const keyPrefix = Buffer.from('3059301306072a8648ce3d020106082a8648ce3d030107034200', 'hex')

/**
 * Whether `input`, hash(32) ‖ r(32) ‖ s(32) ‖ x(32) ‖ y(32), is a valid signature of the hash.
 *
 * Node verifies signatures of messages, never of hashes. A signature (r, s) of z under the key Q
 * stands for the point (z/s)G + (r/s)Q. The same point comes from any other hash h under the key
 * Q + ((z - h)/r)G, so it is that key which is asked about a message whose hash is known.
 *
 * @source EIP-7951
 */
export function verifyP256(input: Uint8Array): boolean {
  if (input.length !== 160) return false
  const [z, r, s, x, y] = [0, 32, 64, 96, 128].map((at) => toNumber(input.subarray(at, at + 32)))
  if (z === undefined || r === undefined || s === undefined) return false
  if (x === undefined || y === undefined) return false
  if (r === 0n || r >= N || s === 0n || s >= N) return false
  if (x >= P || y >= P || modulo(y * y - (x * x * x - 3n * x + B), P) !== 0n) return false
  const shift = modulo((z - standHash) * invert(r, N), N)
  const key = shift === 0n ? { x, y } : add({ x, y }, multiplyBase(shift))
  // The shifted key is the zero of the group: of the sum only (h/s)G is left.
  if (key === undefined) return multiplyBase(modulo(standHash * invert(s, N), N)).x % N === r
  return verify(
    'sha256',
    stand,
    { key: publicKey(key), dsaEncoding: 'ieee-p1363' },
    input.subarray(32, 96),
  )
}

function publicKey({ x, y }: Point) {
  const der = Buffer.concat([
    keyPrefix,
    new Uint8Array([4]),
    numberBytes(x, 32),
    numberBytes(y, 32),
  ])
  return createPublicKey({ key: der, format: 'der', type: 'spki' })
}

/** [factor]G, for a factor between 1 and N - 1. */
function multiplyBase(factor: bigint): Point {
  const ecdh = createECDH('prime256v1')
  ecdh.setPrivateKey(numberBytes(factor, 32))
  const bytes = ecdh.getPublicKey()
  return { x: toNumber(bytes.subarray(1, 33)), y: toNumber(bytes.subarray(33, 65)) }
}

/** The sum of two points, undefined when it is the zero of the group. */
function add(a: Point, b: Point): Point | undefined {
  // No point has y = 0, for the order is odd.
  if (a.x === b.x && a.y !== b.y) return undefined
  const slope =
    a.x === b.x
      ? (3n * a.x * a.x - 3n) * invert(2n * a.y, P)
      : (b.y - a.y) * invert(modulo(b.x - a.x, P), P)
  const x = modulo(slope * slope - a.x - b.x, P)
  return { x, y: modulo(slope * (a.x - x) - a.y, P) }
}

/** The inverse of `value`, which is above 0, by Euclid's algorithm. */
function invert(value: bigint, modulus: bigint): bigint {
  let [low, high] = [value % modulus, modulus]
  let [u, v] = [1n, 0n]
  while (low > 1n) {
    const quotient = high / low
    ;[low, high] = [high - quotient * low, low]
    ;[u, v] = [v - quotient * u, u]
  }
  return modulo(u, modulus)
}

function modulo(value: bigint, modulus: bigint): bigint {
  const rest = value % modulus
  return rest < 0n ? rest + modulus : rest
}

function toNumber(bytes: Uint8Array): bigint {
  return BigInt(`0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`)
}
