import { charge, type Frame, halt, holds, peek, push } from './frame.ts'
import { growGas, wordsIn } from './gas.ts'
import { reserve } from './memory.ts'
import { bytesOf, readWord, wordOf, writeWord } from './words.ts'

const nothing = new Uint8Array(0)

/** MLOAD */
export function mload(frame: Frame, base: number): void {
  if (!holds(frame, 1)) return
  const offset = peek(frame, 0)
  if (!charge(frame, base + growGas(frame, offset, 32n))) return
  const at = Number(offset)
  reserve(frame.memory, at + 32)
  frame.stack[frame.sp - 1] = readWord(frame.memory.view, at)
}

/** MSTORE */
export function mstore(frame: Frame, base: number): void {
  // The price looks at the offset alone, so one item is enough to run out of gas first.
  if (!holds(frame, 1)) return
  const offset = peek(frame, 0)
  if (!charge(frame, base + growGas(frame, offset, 32n))) return
  if (!holds(frame, 2)) return
  const at = Number(offset)
  reserve(frame.memory, at + 32)
  writeWord(frame.memory.view, at, peek(frame, 1))
  frame.sp -= 2
}

/** MSTORE8 */
export function mstore8(frame: Frame, base: number): void {
  if (!holds(frame, 1)) return
  const offset = peek(frame, 0)
  if (!charge(frame, base + growGas(frame, offset, 1n))) return
  if (!holds(frame, 2)) return
  const at = Number(offset)
  reserve(frame.memory, at + 1)
  frame.memory.bytes[at] = Number(BigInt.asUintN(8, peek(frame, 1)))
  frame.sp -= 2
}

/** MCOPY. @source EIP-5656 */
export function mcopy(frame: Frame, base: number): void {
  if (!holds(frame, 3)) return
  const [to, from, length] = [peek(frame, 0), peek(frame, 1), peek(frame, 2)]
  // The library prices the words of this copy by a constant, not by `copyGas`.
  const grown = growGas(frame, from, length) + growGas(frame, to, length)
  if (!charge(frame, base + 3 * wordsIn(length) + grown)) return
  frame.sp -= 3
  if (length === 0n) return
  const [target, source, size] = [Number(to), Number(from), Number(length)]
  reserve(frame.memory, Math.max(target, source) + size)
  frame.memory.bytes.copyWithin(target, source, source + size)
}

/** KECCAK256 */
export function keccak(frame: Frame, base: number): void {
  if (!holds(frame, 2)) return
  const [offset, length] = [peek(frame, 0), peek(frame, 1)]
  const grown = growGas(frame, offset, length)
  const price = frame.host.costs.keccakWord * wordsIn(length)
  if (!charge(frame, base + grown + price)) return
  frame.sp--
  frame.stack[frame.sp - 1] = wordOf(frame.host.keccak256(viewOf(frame, offset, length)))
}

/** CALLDATALOAD */
export function calldataload(frame: Frame): void {
  if (!holds(frame, 1)) return
  const { callData } = frame
  const offset = peek(frame, 0)
  let word = 0n
  if (offset < BigInt(callData.length)) {
    const at = Number(offset)
    const bytes = callData.subarray(at, at + 32)
    word = wordOf(bytes)
    if (bytes.length < 32) word <<= BigInt(8 * (32 - bytes.length))
  }
  frame.stack[frame.sp - 1] = word
}

/** CALLDATACOPY */
export function calldatacopy(frame: Frame, base: number): void {
  copyFrom(frame, base, frame.callData)
}

/** CODECOPY */
export function codecopy(frame: Frame, base: number): void {
  copyFrom(frame, base, frame.code)
}

/** RETURNDATACOPY; reading past the end is an error. @source EIP-211 */
export function returndatacopy(frame: Frame, base: number): void {
  if (!holds(frame, 3)) return
  if (peek(frame, 1) + peek(frame, 2) > BigInt(frame.returned.length)) halt(frame, 'OUT_OF_GAS')
  else copyFrom(frame, base, frame.returned)
}

function copyFrom(frame: Frame, base: number, source: Uint8Array): void {
  if (!holds(frame, 3)) return
  const [to, from, length] = [peek(frame, 0), peek(frame, 1), peek(frame, 2)]
  const grown = growGas(frame, to, length)
  if (!charge(frame, base + grown + frame.host.costs.copyWord * wordsIn(length))) return
  frame.sp -= 3
  if (length !== 0n) copyIn(frame, source, { to, from, length })
}

/** A piece of some bytes, and where in the memory it goes. The memory is paid for. */
export type Piece = { readonly to: bigint; readonly from: bigint; readonly length: bigint }

/** Copies a piece of `source`; what lies behind its end reads as zeros. */
export function copyIn({ memory }: Frame, source: Uint8Array, { to, from, length }: Piece): void {
  const [target, size] = [Number(to), Number(length)]
  reserve(memory, target + size)
  const start = from < BigInt(source.length) ? Number(from) : source.length
  const part = source.subarray(start, start + size)
  memory.bytes.set(part, target)
  memory.bytes.fill(0, target + part.length, target + size)
}

/** LOG0 to LOG4 */
export function log(frame: Frame, base: number, op: number): void {
  if (frame.message.isStatic) {
    halt(frame, 'STATIC_STATE_CHANGE')
    return
  }
  if (!holds(frame, 2)) return
  const [offset, length] = [peek(frame, 0), peek(frame, 1)]
  const count = op - 0xa0
  const { logTopic, logByte } = frame.host.costs
  const grown = growGas(frame, offset, length)
  if (!charge(frame, base + grown + logTopic * count + logByte * Number(length))) return
  if (!holds(frame, 2 + count)) return
  const topics: Uint8Array[] = []
  for (let i = 0; i < count; i++) topics.push(bytesOf(peek(frame, 2 + i)))
  frame.sp -= 2 + count
  frame.logs.push([frame.address, topics, viewOf(frame, offset, length).slice()])
}

/** RETURN */
export function finish(frame: Frame, base: number): void {
  if (takeOutput(frame, base)) frame.isOver = true
}

/** REVERT. @source EIP-140 */
export function revert(frame: Frame, base: number): void {
  if (takeOutput(frame, base)) halt(frame, 'REVERT')
}

/** MSIZE */
export function msize(frame: Frame): void {
  push(frame, BigInt(frame.memoryWords * 32))
}

function takeOutput(frame: Frame, base: number): boolean {
  if (!holds(frame, 2)) return false
  const [offset, length] = [peek(frame, 0), peek(frame, 1)]
  if (!charge(frame, base + growGas(frame, offset, length))) return false
  frame.sp -= 2
  frame.output = viewOf(frame, offset, length).slice()
  return true
}

/** Bytes of the memory that were paid for; the view is valid until the memory grows. */
function viewOf(frame: Frame, offset: bigint, length: bigint): Uint8Array {
  if (length === 0n) return nothing
  const [start, size] = [Number(offset), Number(length)]
  reserve(frame.memory, start + size)
  return frame.memory.bytes.subarray(start, start + size)
}
