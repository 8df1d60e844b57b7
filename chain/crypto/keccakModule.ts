/**
 * The permutation of Keccak as a WebAssembly module, written out instruction by instruction.
 *
 * A compiled library spends as long on being called as on hashing the short inputs of a chain.
 * This module has one function, takes its input where it lies in its memory and keeps all 25 lanes
 * in local variables. Its text is produced here, so nothing binary stands in the repository.
 */

/** Bytes that one permutation absorbs, for 256 bits of output. */
export const KECCAK_RATE = 136

/** Where things lie in the module's memory, in bytes. */
export const layout = {
  /** The 25 lanes; the digest is the first 32 bytes. */
  state: 0,
  /** The last block, padded. */
  tail: 256,
  /** One for each round. */
  constants: 512,
  input: 1024,
  /** Whole blocks, within two pages. */
  inputSize: 956 * KECCAK_RATE,
  pages: 2,
} as const

const ROUNDS = 24
const LANES = 25

// Parameters, then locals: `first` and `last` are 0 or 1, `size` in bytes.
const FIRST = 0
const SIZE = 1
const LAST = 2
const AT = 3
const END = 4
/** Offset of the round's constant. */
const ROUND = 5
const EVEN = 6
const ODD = EVEN + LANES
const PARITY = ODD + LANES
const MIX = PARITY + 5
const ROW = MIX + 5
const I32_LOCALS = EVEN - AT
const I64_LOCALS = ROW + 5 - EVEN

/**
 * Lanes kept as their complement, which turns four of five NOTs of each row into nothing.
 * @source Keccak implementation overview 2.2
 */
const COMPLEMENTED: readonly number[] = [1, 2, 8, 12, 17, 20]

/** Opcodes of WebAssembly. */
const op = {
  ...{ block: 0x02, loop: 0x03, if: 0x04, else: 0x05, end: 0x0b, branchIf: 0x0d },
  ...{
    localGet: 0x20,
    localSet: 0x21,
    localTee: 0x22,
    i64Load: 0x29,
    i32Load8: 0x2d,
    i64Store: 0x37,
  },
  ...{ i32Store8: 0x3a, i32Const: 0x41, i64Const: 0x42, i32Eqz: 0x45, i32LtU: 0x49, i32LeU: 0x4d },
  ...{ i32Add: 0x6a, i32Sub: 0x6b, i32Or: 0x72, i64And: 0x83, i64Or: 0x84, i64Xor: 0x85 },
  ...{ i64Rotl: 0x89, bulk: 0xfc, memoryCopy: 0x0a },
} as const
const NO_RESULT = 0x40
const I32 = 0x7f
const I64 = 0x7e

/**
 * The module's bytes. It exports `memory` and `absorb(first, size, last)`, which takes `size` bytes
 * of input into the state, a fresh one if `first`, and with `last` pads and ends the message.
 * Without `last`, `size` is a multiple of the rate.
 */
export function buildKeccakModule(): Uint8Array<ArrayBuffer> {
  const locals = [2, ...uint(I32_LOCALS), I32, ...uint(I64_LOCALS), I64]
  const body = [...locals, ...absorb(), op.end]
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    ...section(1, [1, 0x60, 3, I32, I32, I32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1, layout.pages, layout.pages]),
    ...section(7, [2, ...named('memory'), 2, 0, ...named('absorb'), 0, 0]),
    ...section(10, [1, ...uint(body.length), ...body]),
    ...section(11, [1, 0, ...i32(layout.constants), op.end, ...vector(roundConstants())]),
  ])
}

function absorb(): readonly number[] {
  return [
    ...startState(),
    ...[...i32(layout.input), ...set(AT), ...i32(layout.input), ...get(SIZE), op.i32Add],
    ...set(END),
    ...[op.block, NO_RESULT, op.loop, NO_RESULT],
    ...[...get(END), ...get(AT), op.i32Sub, ...i32(KECCAK_RATE), op.i32LtU, op.if, NO_RESULT],
    // Less than a block is left: out of the loop, or once more with the padded tail.
    ...[...get(LAST), op.i32Eqz, op.branchIf, 2, ...padTail(), op.end],
    ...Array.from({ length: KECCAK_RATE / 8 }, (_, lane) => [
      ...[...get(EVEN + lane), ...get(AT), op.i64Load, 0, ...uint(8 * lane), op.i64Xor],
      ...set(EVEN + lane),
    ]).flat(),
    ...permute(),
    ...[...get(AT), ...i32(KECCAK_RATE), op.i32Add, ...set(AT)],
    // Behind the tail `AT` has passed `END`.
    ...[...get(AT), ...get(END), op.i32LeU, op.branchIf, 0, op.end, op.end],
    ...storeState(),
  ]
}

function startState(): readonly number[] {
  const lanes = Array.from({ length: LANES }, (_, lane) => lane)
  const fresh = lanes.map((lane) => [
    ...i64(COMPLEMENTED.includes(lane) ? -1n : 0n),
    ...set(EVEN + lane),
  ])
  const kept = lanes.map((lane) => [
    ...[...i32(0), op.i64Load, 0, ...uint(layout.state + 8 * lane), ...realLane(lane)],
    ...set(EVEN + lane),
  ])
  return [...get(FIRST), op.if, NO_RESULT, ...fresh.flat(), op.else, ...kept.flat(), op.end]
}

function storeState(): readonly number[] {
  return Array.from({ length: LANES }, (_, lane) => [
    ...[...i32(0), ...get(EVEN + lane), ...realLane(lane)],
    ...[op.i64Store, 0, ...uint(layout.state + 8 * lane)],
  ]).flat()
}

/** Between a lane as it is and as it is kept. */
function realLane(lane: number): readonly number[] {
  return COMPLEMENTED.includes(lane) ? not : []
}

/** Copies what is left behind `AT`, pads it as Keccak does, not as SHA-3, and points there. */
function padTail(): readonly number[] {
  const rest = [...get(END), ...get(AT), op.i32Sub]
  const tail = i32(layout.tail)
  const lastByte = uint(layout.tail + KECCAK_RATE - 1)
  return [
    ...[...i32(0), ...set(LAST)],
    ...Array.from({ length: KECCAK_RATE / 8 }, (_, lane) => [
      ...[...i32(0), ...i64(0n), op.i64Store, 0, ...uint(layout.tail + 8 * lane)],
    ]).flat(),
    ...[...tail, ...get(AT), ...rest, op.bulk, op.memoryCopy, 0, 0],
    ...[...tail, ...rest, op.i32Add, ...i32(0x01), op.i32Store8, 0, 0],
    ...[...i32(0), ...i32(0), op.i32Load8, 0, ...lastByte, ...i32(0x80), op.i32Or],
    ...[op.i32Store8, 0, ...lastByte],
    ...[...tail, ...set(AT), ...tail, ...set(END)],
  ]
}

/** Two rounds at a time, to and fro between two sets of lanes, so that nothing has to be moved. */
function permute(): readonly number[] {
  const rotations = rotationOffsets()
  const constant = (index: number): readonly number[] => [
    ...[...get(ROUND), op.i64Load, 0, ...uint(layout.constants + 8 * index)],
  ]
  return [
    ...[...i32(0), ...set(ROUND), op.loop, NO_RESULT],
    ...permuteOnce(EVEN, ODD, constant(0), rotations),
    ...permuteOnce(ODD, EVEN, constant(1), rotations),
    ...[...get(ROUND), ...i32(16), op.i32Add, ...tee(ROUND)],
    ...[...i32(8 * ROUNDS), op.i32LtU, op.branchIf, 0, op.end],
  ]
}

function permuteOnce(
  from: number,
  to: number,
  constant: readonly number[],
  rotations: readonly number[],
): readonly number[] {
  const code: number[] = []
  // Theta: the parity of each column, mixed into its neighbours.
  for (let x = 0; x < 5; x++) {
    code.push(...get(from + x))
    for (let y = 1; y < 5; y++) code.push(...get(from + x + 5 * y), op.i64Xor)
    code.push(...set(PARITY + x))
  }
  for (let x = 0; x < 5; x++) {
    code.push(...get(PARITY + ((x + 4) % 5)), ...get(PARITY + ((x + 1) % 5)))
    code.push(...i64(1n), op.i64Rotl, op.i64Xor, ...set(MIX + x))
  }
  for (let y = 0; y < 5; y++) {
    const flags: boolean[] = []
    // Rho and pi: lane (x, y) of the result was at column 3(y - 3x), row x.
    for (let x = 0; x < 5; x++) {
      const column = (3 * (y + 2 * x)) % 5
      const lane = column + 5 * x
      const rotation = rotations[lane] ?? 0
      code.push(...get(from + lane), ...get(MIX + column), op.i64Xor)
      if (rotation > 0) code.push(...i64(BigInt(rotation)), op.i64Rotl)
      code.push(...set(ROW + x))
      flags.push(COMPLEMENTED.includes(lane) !== isMixComplemented(column))
    }
    // Chi, and iota on the first lane.
    for (let x = 0; x < 5; x++) {
      code.push(...chi(x, flags, COMPLEMENTED.includes(x + 5 * y)))
      if (x === 0 && y === 0) code.push(...constant, op.i64Xor)
      code.push(...set(to + x + 5 * y))
    }
  }
  return code
}

/** a ^ (~b & c), where `flags` say which of the row are complements and `flag` what is wanted. */
function chi(x: number, flags: readonly boolean[], flag: boolean): readonly number[] {
  const [a, b, c] = [x, (x + 1) % 5, (x + 2) % 5]
  // ~b is there as it is when b is kept as its complement.
  const isReadyB = flags[b] === true
  const isReadyC = flags[c] === false
  // By De Morgan the product is an AND of both factors or the complement of an OR of neither.
  const isOr = isReadyB === isReadyC ? !isReadyB : flag !== (flags[a] === true)
  const isNotB = isReadyB === isOr
  const isNotC = isReadyC === isOr
  const result = (flags[a] === true) !== isOr
  return [
    ...get(ROW + a),
    ...[...get(ROW + b), ...(isNotB ? not : [])],
    ...[...get(ROW + c), ...(isNotC ? not : [])],
    ...[isOr ? op.i64Or : op.i64And, op.i64Xor],
    ...(result === flag ? [] : not),
  ]
}

/** Whether what theta mixes into a column is a complement. */
function isMixComplemented(column: number): boolean {
  const isOdd = (x: number): boolean =>
    COMPLEMENTED.filter((lane) => lane % 5 === x % 5).length % 2 === 1
  return isOdd(column + 4) !== isOdd(column + 1)
}

/** @source FIPS 202 3.2.5 */
function roundConstants(): readonly bigint[] {
  let register = 1
  return Array.from({ length: ROUNDS }, () => {
    let constant = 0n
    for (let j = 0; j < 7; j++) {
      if ((register & 1) === 1) constant |= 1n << BigInt((1 << j) - 1)
      register = (register << 1) ^ ((register >> 7) * 0x171)
    }
    return constant
  })
}

/** @source FIPS 202 3.2.2 */
function rotationOffsets(): readonly number[] {
  const offsets = new Array<number>(LANES).fill(0)
  let [x, y] = [1, 0]
  for (let t = 0; t < LANES - 1; t++) {
    offsets[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64
    ;[x, y] = [y, (2 * x + 3 * y) % 5]
  }
  return offsets
}

function get(local: number): readonly number[] {
  return [op.localGet, ...uint(local)]
}

function set(local: number): readonly number[] {
  return [op.localSet, ...uint(local)]
}

function tee(local: number): readonly number[] {
  return [op.localTee, ...uint(local)]
}

function i32(value: number): readonly number[] {
  return [op.i32Const, ...int(BigInt(value))]
}

function i64(value: bigint): readonly number[] {
  return [op.i64Const, ...int(BigInt.asIntN(64, value))]
}

const not: readonly number[] = [...i64(-1n), op.i64Xor]

function section(id: number, content: readonly number[]): readonly number[] {
  return [id, ...uint(content.length), ...content]
}

/** The bytes of a data segment. */
function vector(words: readonly bigint[]): readonly number[] {
  const bytes = Buffer.alloc(8 * words.length)
  for (const [i, word] of words.entries()) bytes.writeBigUInt64LE(word, 8 * i)
  return [...uint(bytes.length), ...bytes]
}

function named(name: string): readonly number[] {
  return [name.length, ...Buffer.from(name)]
}

/** LEB128 without a sign. */
function uint(value: number): readonly number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...uint(value >> 7)]
}

/** LEB128 with a sign. */
function int(value: bigint): readonly number[] {
  return value >= -64n && value < 64n
    ? [Number(value & 127n)]
    : [Number((value & 127n) | 128n), ...int(value >> 7n)]
}
