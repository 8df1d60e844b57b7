import { createRequire } from 'node:module'
import { dirname, sep } from 'node:path'
import type { Fp, Fp2 } from 'mcl-wasm'

/** The library `mcl-wasm`, set to one curve. */
export type Mcl = typeof import('mcl-wasm')

/** Curves by the numbers that the library gives them. */
export const curves = { bn254: 4, bls12381: 5 } as const

const require = createRequire(import.meta.url)

/**
 * A copy of the library for one curve.
 *
 * It keeps its curve, and its memory, in variables of its module, so each curve needs a module of
 * its own: the loader is made to forget the one before.
 */
export async function openCurve(curve: keyof typeof curves): Promise<Mcl> {
  const folder = dirname(require.resolve('mcl-wasm')) + sep
  for (const path of Object.keys(require.cache)) {
    if (path.startsWith(folder)) delete require.cache[path]
  }
  // The package declares the types of what it exports.
  const mcl = require('mcl-wasm') as Mcl
  await mcl.init(curves[curve])
  // `isValid` would look at the order a second time; whoever needs it asks for it.
  mcl.verifyOrderG1(false)
  mcl.verifyOrderG2(false)
  return mcl
}

/** Whether a big-endian number is smaller than another of the same length. */
export function isBelow(bytes: Uint8Array, limit: Uint8Array): boolean {
  for (let i = 0; i < limit.length; i++) {
    const difference = (bytes[i] ?? 0) - (limit[i] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return false
}

/** Whether all bytes are zero. */
export function isZero(bytes: Uint8Array): boolean {
  for (const byte of bytes) if (byte !== 0) return false
  return true
}

/** The field element that `bytes` are in big-endian; the caller knows that it is in the field. */
export function readField(mcl: Mcl, bytes: Uint8Array): Fp {
  const element = new mcl.Fp()
  element.setLittleEndian(bytes.slice().reverse())
  return element
}

/** a + b·i. */
export function readField2(mcl: Mcl, a: Uint8Array, b: Uint8Array): Fp2 {
  const element = new mcl.Fp2()
  element.set_a(readField(mcl, a))
  element.set_b(readField(mcl, b))
  return element
}

/** Writes a field element in big-endian so that it ends before `end`. */
export function writeField(out: Uint8Array, end: number, element: Fp): void {
  const bytes = element.serialize().reverse()
  out.set(bytes, end - bytes.length)
}

/** A big-endian number of `size` bytes. */
export function numberBytes(value: bigint, size: number): Uint8Array {
  return new Uint8Array(Buffer.from(value.toString(16).padStart(2 * size, '0'), 'hex'))
}
