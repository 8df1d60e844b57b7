import { buildKeccakModule, layout } from './keccakModule.ts'

/** The part of the platform's WebAssembly in use; the compiler knows it in browsers only. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object) => { readonly exports: KeccakExports }
}

/** What the module exports. */
type KeccakExports = {
  readonly memory: { readonly buffer: ArrayBuffer }
  absorb(first: number, size: number, last: number): void
}

// One instance per thread. The memory cannot grow, so the views stay valid.
const instance = new WebAssembly.Instance(new WebAssembly.Module(buildKeccakModule()))
const { memory, absorb } = instance.exports
const input = new Uint8Array(memory.buffer, layout.input, layout.inputSize)
const digest = new Uint8Array(memory.buffer, layout.state, 32)

/** Bytes up to which a loop copies faster than a call. */
const SHORT_SIZE = 64

/**
 * The hash's own memory: who builds what he hashes may build it here and call `keccak256Input`.
 * The next hash of anybody overwrites it.
 */
export const keccakInput: Uint8Array = input

/** Keccak-256 of the first `size` bytes of `keccakInput`, written to `out` at `offset`. */
export function keccak256Input(size: number, out: Uint8Array, offset: number): void {
  absorb(1, size, 1)
  for (let i = 0; i < 32; i++) out[offset + i] = digest[i] ?? 0
}

/** Keccak-256 of `data`, written to `out` at `offset`. Allocates nothing. */
export function keccak256Into(data: Uint8Array, out: Uint8Array, offset: number): void {
  const size = data.length
  if (size <= SHORT_SIZE) {
    for (let i = 0; i < size; i++) input[i] = data[i] ?? 0
    absorb(1, size, 1)
  } else if (size < layout.inputSize) {
    input.set(data)
    absorb(1, size, 1)
  } else {
    absorbLong(data)
  }
  for (let i = 0; i < 32; i++) out[offset + i] = digest[i] ?? 0
}

/**
 * Keccak-256 of `data`, in a fresh array of exactly 32 bytes.
 *
 * The array owns its buffer (`byteOffset` 0, nothing behind it): `Bloom.add` of `@ethereumjs/vm`
 * reads `.buffer` and would otherwise compute wrong log blooms.
 */
export function keccak256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(32)
  keccak256Into(data, out, 0)
  return out
}

/** Piece by piece; every piece but the last is whole blocks. */
function absorbLong(data: Uint8Array): void {
  let at = 0
  for (; data.length - at >= layout.inputSize; at += layout.inputSize) {
    input.set(data.subarray(at, at + layout.inputSize))
    absorb(at === 0 ? 1 : 0, layout.inputSize, 0)
  }
  input.set(data.subarray(at))
  absorb(0, data.length - at, 1)
}
