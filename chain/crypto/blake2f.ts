/** First 64 bits of the fractions of the square roots of the first primes. @source EIP-152 */
const IV = [
  ...[0x6a09e667f3bcc908n, 0xbb67ae8584caa73bn, 0x3c6ef372fe94f82bn, 0xa54ff53a5f1d36f1n],
  ...[0x510e527fade682d1n, 0x9b05688c2b3e6c1fn, 0x1f83d9abfb41bd6bn, 0x5be0cd19137e2179n],
]

/** Which word of the message each step of a round takes; round 10 is round 0 again. */
const SIGMA = [
  '0123456789abcdef',
  'ea489fd61c02b753',
  'b8c052fdae367194',
  '7931dcbe265a40f8',
  '905724afe1bc683d',
  '2c6a0b834d75fe19',
  'c51fed4a0763928b',
  'db7ec13950f4862a',
  '6fe9b308c2d714a5',
  'a2847615fb9e3cd0',
]

/** Columns, then diagonals. */
const MIXES = [
  ...[[0, 4, 8, 12] as const, [1, 5, 9, 13] as const, [2, 6, 10, 14] as const],
  ...[[3, 7, 11, 15] as const, [0, 5, 10, 15] as const, [1, 6, 11, 12] as const],
  ...[[2, 7, 8, 13] as const, [3, 4, 9, 14] as const],
]

// Where things are in memory, in bytes: h(64) ‖ m(128) ‖ t(16), as the precompile's input has them.
const MESSAGE_AT = 64
const OFFSET_AT = 192
const INPUT_SIZE = 208

// Locals of the function, after its two parameters.
const ROUNDS = 0
const IS_FINAL = 1
const V = 2
const M = V + 16

const op = {
  ...{ block: 0x02, loop: 0x03, br: 0x0c, brIf: 0x0d, end: 0x0b, select: 0x1b },
  ...{ get: 0x20, set: 0x21, tee: 0x22, load: 0x29, store: 0x37, i32: 0x41, i64: 0x42 },
  ...{ eqz: 0x45, sub32: 0x6b, add: 0x7c, xor: 0x85, rotr: 0x8a, empty: 0x40 },
} as const
const type = { i32: 0x7f, i64: 0x7e, func: 0x60 } as const

// JavaScript has no fast 64-bit integers, WebAssembly has. The module is put together here.
type Wasm = {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: Exports }
}
/** What `assemble` exports. */
type Exports = {
  readonly compress: (rounds: number, isFinal: number) => void
  readonly memory: { readonly buffer: ArrayBuffer }
}

// It is there in every Node; its types come with those of browsers only.
const { WebAssembly: wasm } = globalThis as unknown as { readonly WebAssembly: Wasm }
const { compress, memory: pages } = new wasm.Instance(new wasm.Module(assemble())).exports
const memory = new Uint8Array(pages.buffer)

/**
 * The compression function F of BLAKE2b.
 *
 * @source EIP-152
 * @param state - h(64) ‖ m(128) ‖ t(16), little-endian words; the answer replaces h.
 */
export function blake2F(rounds: number, state: Uint8Array, isFinal: boolean): Uint8Array {
  memory.set(state.subarray(0, INPUT_SIZE))
  compress(rounds, isFinal ? 1 : 0)
  return memory.slice(0, MESSAGE_AT)
}

function assemble(): Uint8Array<ArrayBuffer> {
  const locals = [1, ...unsigned(32), type.i64]
  const body = [...locals, ...code(), op.end]
  return new Uint8Array([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, type.func, 2, type.i32, type.i32, 0]),
    ...section(3, [1, 0]),
    ...section(5, [1, 0, 1]),
    ...section(7, [2, ...name('compress'), 0, 0, ...name('memory'), 2, 0]),
    ...section(10, [1, ...unsigned(body.length), ...body]),
  ])
}

function code(): number[] {
  const out: number[] = []
  for (let i = 0; i < 16; i++) out.push(...load(MESSAGE_AT + 8 * i), op.set, M + i)
  for (let i = 0; i < 8; i++) {
    out.push(...load(8 * i), op.set, V + i)
    out.push(op.i64, ...signed(IV[i] ?? 0n), op.set, V + 8 + i)
  }
  out.push(op.get, V + 12, ...load(OFFSET_AT), op.xor, op.set, V + 12)
  out.push(op.get, V + 13, ...load(OFFSET_AT + 8), op.xor, op.set, V + 13)
  out.push(op.get, V + 14, op.i64, ...signed(-1n), op.i64, ...signed(0n), op.get, IS_FINAL)
  out.push(op.select, op.xor, op.set, V + 14)
  out.push(op.block, op.empty, op.loop, op.empty)
  for (const words of SIGMA) {
    // Out of the block when no round is left.
    out.push(op.get, ROUNDS, op.eqz, op.brIf, 1)
    for (const [i, mix] of MIXES.entries()) out.push(...mixing(mix, words.slice(2 * i, 2 * i + 2)))
    out.push(op.get, ROUNDS, op.i32, 1, op.sub32, op.set, ROUNDS)
  }
  out.push(op.br, 0, op.end, op.end)
  for (let i = 0; i < 8; i++) {
    out.push(op.i32, 0, ...load(8 * i), op.get, V + i, op.xor, op.get, V + 8 + i, op.xor)
    out.push(op.store, 3, ...unsigned(8 * i))
  }
  return out
}

/** The mixing function G on four words of v and two of the message. */
function mixing([a, b, c, d]: readonly [number, number, number, number], words: string): number[] {
  const [x, y] = [...words].map((digit) => Number.parseInt(digit, 16))
  const half = (word: number, first: number, second: number): number[] => [
    ...[op.get, V + a, op.get, V + b, op.add, op.get, M + word, op.add, op.tee, V + a],
    ...[op.get, V + d, op.xor, op.i64, ...signed(BigInt(first)), op.rotr, op.tee, V + d],
    ...[op.get, V + c, op.add, op.tee, V + c, op.get, V + b, op.xor],
    ...[op.i64, ...signed(BigInt(second)), op.rotr, op.set, V + b],
  ]
  return [...half(x ?? 0, 32, 24), ...half(y ?? 0, 16, 63)]
}

function load(at: number): number[] {
  return [op.i32, 0, op.load, 3, ...unsigned(at)]
}

function section(id: number, content: readonly number[]): number[] {
  return [id, ...unsigned(content.length), ...content]
}

function name(text: string): number[] {
  return [text.length, ...Buffer.from(text, 'ascii')]
}

/** LEB128 of a number that is not negative. */
function unsigned(value: number): number[] {
  const low = value & 0x7f
  return value < 0x80 ? [low] : [low | 0x80, ...unsigned(value >>> 7)]
}

/** Signed LEB128 of the 64 bits of a number. */
function signed(value: bigint): number[] {
  const rest = BigInt.asIntN(64, value)
  const low = Number(BigInt.asUintN(7, rest))
  const isLast = rest >= -64n && rest < 64n
  return isLast ? [low] : [low | 0x80, ...signed(rest >> 7n)]
}
