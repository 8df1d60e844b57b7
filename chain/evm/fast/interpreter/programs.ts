import { limits } from '../../../primitives/limits.ts'
import { wordOf } from './words.ts'

/** Code with what is known about it; the rest is filled in when it is first needed. */
export type Program = {
  readonly code: Uint8Array
  /** 1 where a jump may land. */
  jumps: Uint8Array | undefined
  /** What the push at each position puts on the stack; absent while each may run only once. */
  pushes: (bigint | undefined)[] | undefined
  /** Keccak-256 of the code. */
  hash: Uint8Array | undefined
}

/**
 * Programs by the identity of the array that holds the code: a state that keeps its code in memory
 * gives the same array each time, and never writes to it.
 */
export type Programs = {
  of(code: Uint8Array): Program
}

/** Bytes that a program takes for each byte of its code: a jump flag and a reference. */
const SIZE_PER_CODE_BYTE = 9

/**
 * A cache of programs in two generations: when the young one is full, it becomes the old one, and
 * what nobody asked for since then goes.
 */
export function createPrograms(sizeMax: number = limits.programCacheSizeMax): Programs {
  let young = new WeakMap<Uint8Array, Program>()
  let old = new WeakMap<Uint8Array, Program>()
  let youngSize = 0

  const keep = (program: Program): Program => {
    youngSize += program.code.length * SIZE_PER_CODE_BYTE
    if (youngSize > sizeMax / 2) {
      old = young
      young = new WeakMap()
      youngSize = program.code.length * SIZE_PER_CODE_BYTE
    }
    young.set(program.code, program)
    return program
  }
  return {
    of: (code) => young.get(code) ?? keep(old.get(code) ?? createProgram(code)),
  }
}

/** Code that is looked at again and again. */
function createProgram(code: Uint8Array): Program {
  const pushes = new Array<bigint | undefined>(code.length)
  return { code, jumps: undefined, pushes, hash: undefined }
}

/** Code that runs once, such as the code that creates a contract. */
export function createPassingProgram(code: Uint8Array): Program {
  return { code, jumps: undefined, pushes: undefined, hash: undefined }
}

/** The number that the push instruction `op` at `pc` puts on the stack. */
export function pushAt(program: Program, pc: number, op: number): bigint {
  const known = program.pushes?.[pc]
  if (known !== undefined) return known
  const { code } = program
  const size = op - 0x5f
  const bytes = code.subarray(pc + 1, pc + 1 + size)
  // What lies behind the code reads as zeros.
  const word = wordOf(bytes) << BigInt(8 * (size - bytes.length))
  if (program.pushes !== undefined) program.pushes[pc] = word
  return word
}

/** Where jumps may land: at each JUMPDEST that is not the data of a push. */
export function jumpsOf(program: Program): Uint8Array {
  if (program.jumps !== undefined) return program.jumps
  const { code } = program
  const jumps = new Uint8Array(code.length)
  for (let pc = 0; pc < code.length; pc++) {
    const op = code[pc] ?? 0
    if (op === 0x5b) jumps[pc] = 1
    else if (op >= 0x60 && op <= 0x7f) pc += op - 0x5f
  }
  program.jumps = jumps
  // What jumps may run again.
  program.pushes ??= new Array<bigint | undefined>(code.length)
  return jumps
}
