import type { Random } from './random.ts'

/** What generated code may name. */
export type Names = {
  readonly addresses: readonly bigint[]
  /** Code that a creation may run, short enough for the stack and memory. */
  readonly initCodes: readonly Uint8Array[]
}

/** Operand count, and whether it leaves a word, of instructions without a shape of their own. */
const plain: readonly (readonly [op: number, takes: number, leaves: 0 | 1])[] = [
  ...[0x01, 0x02, 0x03, 0x04, 0x05, 0x06, 0x07, 0x0b].map((op) => [op, 2, 1] as const),
  ...[0x10, 0x11, 0x12, 0x13, 0x14, 0x16, 0x17, 0x18, 0x1a].map((op) => [op, 2, 1] as const),
  ...[0x1b, 0x1c, 0x1d].map((op) => [op, 2, 1] as const),
  ...[0x08, 0x09].map((op) => [op, 3, 1] as const),
  ...[0x15, 0x19, 0x1e, 0x35, 0x40, 0x49].map((op) => [op, 1, 1] as const),
  ...[0x30, 0x32, 0x33, 0x34, 0x36, 0x38, 0x3a, 0x3d].map((op) => [op, 0, 1] as const),
  ...[0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x4a].map((op) => [op, 0, 1] as const),
  ...[0x58, 0x59, 0x5a, 0x5f].map((op) => [op, 0, 1] as const),
  [0x0a, 2, 1],
  [0x50, 1, 0],
  [0x5b, 0, 0],
]

/**
 * Writes one program. Most of what it does makes sense; now and then an operand is missing, a jump
 * goes astray or a byte is no instruction.
 */
export function writeProgram(random: Random, names: Names, length: number): Uint8Array {
  const code: number[] = []
  const writer = createWriter(random, names, code)
  // Enough for the instructions that reach deep, mostly.
  writer.words(random.oneIn(3) ? random.below(6) : 17)
  writer.statements(length, 2)
  writer.ending()
  return Uint8Array.from(code)
}

function createWriter(random: Random, names: Names, code: number[]) {
  const emit = (...bytes: number[]): void => {
    code.push(...bytes)
  }
  const pushWord = (word: bigint): void => {
    const hex = word.toString(16)
    const bytes = word === 0n && random.oneIn(2) ? [] : bytesOfHex(hex)
    // Sometimes longer than needed.
    const width = random.oneIn(8) ? Math.min(32, bytes.length + random.below(4)) : bytes.length
    emit(0x5f + width, ...new Array<number>(width - bytes.length).fill(0), ...bytes)
  }
  const number = (): void => pushWord(randomWord(random))
  const small = (limit: number): void => pushWord(BigInt(random.below(limit)))
  const offset = (): void => {
    if (random.oneIn(200)) number()
    else if (random.oneIn(30)) small(70_000)
    else small(300)
  }
  const size = (): void => {
    if (random.oneIn(250)) number()
    else if (random.oneIn(4)) pushWord(0n)
    else small(140)
  }
  const slot = (): void => small(5)
  const address = (): void => pushWord(random.pick(names.addresses))
  const value = (): void => {
    if (random.oneIn(3)) small(50)
    else if (random.oneIn(40)) number()
    else pushWord(0n)
  }
  const gas = (): void => {
    if (random.oneIn(3)) small(60_000)
    else if (random.oneIn(30)) number()
    else emit(0x5a)
  }

  // Each gives how many words it leaves on the stack, as far as that is known.
  const arithmetic = (): number => {
    const [op, takes, leaves] = random.pick(plain)
    // Operands are sometimes left to what is there already.
    const isFed = !random.oneIn(25)
    if (isFed) for (let i = 0; i < takes; i++) number()
    emit(op)
    return leaves - (isFed ? 0 : takes)
  }
  const call = (): number => {
    const op = random.pick([0xf1, 0xf1, 0xf1, 0xf2, 0xf4, 0xfa])
    size()
    offset()
    size()
    offset()
    if (op === 0xf1 || op === 0xf2) value()
    address()
    gas()
    emit(op)
    return 1
  }
  const create = (): number => {
    const initCode = random.pick(names.initCodes)
    for (let at = 0; at < initCode.length; at += 32) {
      const word = new Uint8Array(32)
      word.set(initCode.subarray(at, at + 32))
      emit(0x7f, ...word)
      pushWord(BigInt(at))
      emit(0x52)
    }
    const isSalted = random.oneIn(2)
    if (isSalted) small(3)
    pushWord(BigInt(random.oneIn(10) ? random.below(100) : initCode.length))
    pushWord(0n)
    value()
    emit(isSalted ? 0xf5 : 0xf0)
    // Runs what was created.
    if (random.oneIn(2)) emit(0x5f, 0x5f, 0x5f, 0x5f, 0x5f, 0x85, 0x5a, 0xf1, 0x50)
    return 1
  }
  const memory = (): number => {
    const op = random.pick([0x51, 0x52, 0x53, 0x20, 0x5e, 0x37, 0x39, 0x3e, 0x3c])
    if (op === 0x52 || op === 0x53) number()
    if (op === 0x20) size()
    if (op === 0x37 || op === 0x39 || op === 0x3e || op === 0x3c) {
      if (op === 0x3e && !random.oneIn(10)) emit(0x3d)
      else size()
      if (op === 0x3e && !random.oneIn(10)) pushWord(0n)
      else offset()
    }
    if (op === 0x5e) {
      size()
      offset()
    }
    offset()
    if (op === 0x3c) address()
    emit(op)
    return op === 0x51 || op === 0x20 ? 1 : 0
  }
  const storage = (): number => {
    const op = random.pick([0x54, 0x55, 0x55, 0x55, 0x5c, 0x5d])
    if (op === 0x55 || op === 0x5d) {
      if (random.oneIn(2)) small(3)
      else number()
    }
    if (random.oneIn(30)) number()
    else slot()
    emit(op)
    return op === 0x54 || op === 0x5c ? 1 : 0
  }
  const log = (): number => {
    const topics = random.below(5)
    for (let i = 0; i < topics; i++) number()
    size()
    offset()
    emit(0xa0 + topics)
    return 0
  }
  const account = (): number => {
    address()
    emit(random.pick([0x31, 0x3b, 0x3f]))
    return 1
  }
  const stack = (): number => {
    const isFed = random.oneIn(2)
    if (isFed) number()
    const op = 0x80 + random.below(32)
    emit(op)
    return (isFed ? 1 : 0) + (op < 0x90 ? 1 : 0)
  }
  /** A jump over some statements, taken or not. */
  const branch = (depth: number): number => {
    if (random.oneIn(2)) small(2)
    else number()
    emit(0x61, 0, 0)
    const hole = code.length
    emit(0x57)
    // Even, whichever way it went.
    drop(statements(random.below(4), depth - 1))
    setTarget(hole, code.length)
    emit(0x5b)
    return 0
  }
  /** A loop of a few rounds, or until the gas is gone; some leave words on the stack each time. */
  const loop = (depth: number): number => {
    small(random.oneIn(25) ? 3000 : 12)
    const start = code.length
    emit(0x5b)
    drop(statements(random.below(3), depth - 1))
    if (random.oneIn(12)) emit(0x80)
    emit(0x60, 1, 0x90, 0x03, 0x80, 0x61, start >> 8, start & 255, 0x57, 0x50)
    return 0
  }
  const jump = (): number => {
    emit(0x61, 0, 0)
    const hole = code.length
    emit(0x56)
    if (random.oneIn(2)) emit(...random.bytes(random.below(5)))
    setTarget(hole, code.length)
    emit(0x5b)
    return 0
  }
  const setTarget = (hole: number, target: number): void => {
    // Astray now and then, even into the data of a push.
    const to = random.oneIn(25) ? random.below(target + 40) : target
    code[hole - 2] = to >> 8
    code[hole - 1] = to & 255
  }
  const stray = (): number => {
    if (random.oneIn(3)) emit(...random.bytes(1 + random.below(6)))
    else if (!random.oneIn(4)) number()
    else emit(0x50, 0x50, 0x50)
    return 0
  }
  const statement = (depth: number): number => {
    const kind = random.below(100)
    if (kind < 26) return arithmetic()
    if (kind < 44) return memory()
    if (kind < 58) return storage()
    if (kind < 64) return log()
    if (kind < 72) return stack()
    if (kind < 80) return call()
    if (kind < 83) return create()
    if (kind < 88) return account()
    if (kind < 91) return jump()
    if (kind < 93) return stray()
    if (depth <= 0) return arithmetic()
    return kind < 97 ? branch(depth) : loop(depth)
  }
  const statements = (count: number, depth: number): number => {
    let left = 0
    for (let i = 0; i <= count; i++) left += statement(depth)
    return left
  }
  const drop = (count: number): void => {
    for (let i = 0; i < count; i++) emit(0x50)
  }
  const words = (count: number): void => {
    for (let i = 0; i < count; i++) number()
  }
  const ending = (): void => {
    const kind = random.below(10)
    if (kind < 5) {
      size()
      offset()
      emit(kind < 3 ? 0xf3 : 0xfd)
    } else if (kind < 6) {
      address()
      emit(0xff)
    } else if (kind < 7) emit(0xfe)
    else if (kind < 8) emit(0x7f, 1, 2)
    else emit(0x00)
  }
  return { words, statements, ending }
}

const edges = [
  ...[0n, 1n, 2n, 31n, 32n, 33n, 255n, 256n, 257n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 64n],
  ...[2n ** 128n, 2n ** 160n - 1n, 2n ** 255n, 2n ** 255n - 1n, 2n ** 256n - 1n, 2n ** 256n - 2n],
]

function randomWord(random: Random): bigint {
  const kind = random.below(4)
  if (kind === 0) return random.pick(edges)
  if (kind === 1) return BigInt(random.below(300))
  const bytes = random.bytes(1 + random.below(32))
  return BigInt(`0x${Buffer.from(bytes).toString('hex')}`)
}

function bytesOfHex(hex: string): readonly number[] {
  return [...Buffer.from(hex.padStart(hex.length + (hex.length % 2), '0'), 'hex')]
}
