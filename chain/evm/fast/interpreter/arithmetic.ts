import { charge, type Frame, holds, peek } from './frame.ts'

const MAX = 2n ** 256n - 1n

/** DIV; dividing by zero gives zero, as for all four. */
export function div(frame: Frame): void {
  if (!holds(frame, 2)) return
  const b = peek(frame, 1)
  put2(frame, b === 0n ? 0n : peek(frame, 0) / b)
}

/** SDIV */
export function sdiv(frame: Frame): void {
  if (!holds(frame, 2)) return
  const b = peek(frame, 1)
  put2(frame, b === 0n ? 0n : unsigned(signed(peek(frame, 0)) / signed(b)))
}

/** MOD */
export function mod(frame: Frame): void {
  if (!holds(frame, 2)) return
  const b = peek(frame, 1)
  put2(frame, b === 0n ? 0n : peek(frame, 0) % b)
}

/** SMOD; the sign is that of the dividend. */
export function smod(frame: Frame): void {
  if (!holds(frame, 2)) return
  const b = peek(frame, 1)
  put2(frame, b === 0n ? 0n : unsigned(signed(peek(frame, 0)) % signed(b)))
}

/** ADDMOD */
export function addmod(frame: Frame): void {
  if (!holds(frame, 3)) return
  const n = peek(frame, 2)
  put3(frame, n === 0n ? 0n : (peek(frame, 0) + peek(frame, 1)) % n)
}

/** MULMOD */
export function mulmod(frame: Frame): void {
  if (!holds(frame, 3)) return
  const n = peek(frame, 2)
  put3(frame, n === 0n ? 0n : (peek(frame, 0) * peek(frame, 1)) % n)
}

/** EXP */
export function exp(frame: Frame, base: number): void {
  if (!holds(frame, 2)) return
  const exponent = peek(frame, 1)
  const size = exponent === 0n ? 0 : Math.ceil(exponent.toString(16).length / 2)
  if (!charge(frame, base + size * frame.host.costs.expByte)) return
  put2(frame, power(peek(frame, 0), exponent))
}

/** SIGNEXTEND */
export function signextend(frame: Frame): void {
  if (!holds(frame, 2)) return
  const k = peek(frame, 0)
  const word = peek(frame, 1)
  put2(frame, k < 31n ? unsigned(BigInt.asIntN(8 * Number(k) + 8, word)) : word)
}

/** SLT */
export function slt(frame: Frame): void {
  if (!holds(frame, 2)) return
  put2(frame, signed(peek(frame, 0)) < signed(peek(frame, 1)) ? 1n : 0n)
}

/** SGT */
export function sgt(frame: Frame): void {
  if (!holds(frame, 2)) return
  put2(frame, signed(peek(frame, 0)) > signed(peek(frame, 1)) ? 1n : 0n)
}

/** BYTE */
export function byte(frame: Frame): void {
  if (!holds(frame, 2)) return
  const at = peek(frame, 0)
  put2(frame, at < 32n ? (peek(frame, 1) >> (248n - 8n * at)) & 255n : 0n)
}

/** SAR */
export function sar(frame: Frame): void {
  if (!holds(frame, 2)) return
  const shift = peek(frame, 0)
  const word = signed(peek(frame, 1))
  if (shift < 256n) put2(frame, unsigned(word >> shift))
  else put2(frame, word < 0n ? MAX : 0n)
}

/** CLZ. @source EIP-7939 */
export function clz(frame: Frame): void {
  if (!holds(frame, 1)) return
  const word = peek(frame, 0)
  const size = word === 0n ? 0 : word.toString(2).length
  frame.stack[frame.sp - 1] = BigInt(256 - size)
}

function signed(word: bigint): bigint {
  return BigInt.asIntN(256, word)
}

function unsigned(word: bigint): bigint {
  return BigInt.asUintN(256, word)
}

/** Squares and multiplies, dropping what exceeds 256 bits at each step. */
function power(base: bigint, exponent: bigint): bigint {
  if (exponent === 0n) return 1n
  let result = base
  // From the second bit on: the first is always set.
  for (const bit of exponent.toString(2).slice(1)) {
    result = unsigned(result * result)
    if (bit === '1') result = unsigned(result * base)
  }
  return result
}

/** Puts a result in the place of two operands. */
function put2(frame: Frame, word: bigint): void {
  frame.sp--
  frame.stack[frame.sp - 1] = word
}

/** Puts a result in the place of three operands. */
function put3(frame: Frame, word: bigint): void {
  frame.sp -= 2
  frame.stack[frame.sp - 1] = word
}
