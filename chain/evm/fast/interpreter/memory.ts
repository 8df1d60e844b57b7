import { limits } from '../../../primitives/limits.ts'

/** The memory of one frame. What lies behind `bytes` reads as zeros. */
export type Memory = {
  bytes: Uint8Array<ArrayBuffer>
  view: DataView
}

/** Bytes that a frame starts with. */
const START_SIZE = 4096

const spare: Memory[] = []

/** A memory full of zeros. */
export function takeMemory(): Memory {
  return spare.pop() ?? createMemory(new Uint8Array(START_SIZE))
}

/** Gives a memory back of which at most the first `used` bytes were written. */
export function giveMemory(memory: Memory, used: number): void {
  if (memory.bytes.length !== START_SIZE || spare.length >= limits.spareMemoriesMax) return
  memory.bytes.fill(0, 0, used)
  spare.push(memory)
}

/** Makes room for `size` bytes. */
export function reserve(memory: Memory, size: number): void {
  if (size <= memory.bytes.length) return
  const length = Math.max(size, 2 * memory.bytes.length)
  const bytes = new Uint8Array(Math.ceil(length / START_SIZE) * START_SIZE)
  bytes.set(memory.bytes)
  setBytes(memory, bytes)
}

/** Puts other bytes in the place of all. */
export function setBytes(memory: Memory, bytes: Uint8Array<ArrayBuffer>): void {
  memory.bytes = bytes
  memory.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
}

function createMemory(bytes: Uint8Array<ArrayBuffer>): Memory {
  return { bytes, view: new DataView(bytes.buffer) }
}
