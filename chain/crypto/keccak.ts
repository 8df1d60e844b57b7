import { createKeccak } from 'hash-wasm'

// One instance per thread: `digest` copies the result out before the next `init`.
const hasher = await createKeccak(256)

/**
 * Keccak-256 of `data`, in a fresh array of exactly 32 bytes.
 *
 * The array owns its buffer (`byteOffset` 0, nothing behind it): `Bloom.add` of `@ethereumjs/vm`
 * reads `.buffer` and would otherwise compute wrong log blooms.
 */
export function keccak256(data: Uint8Array): Uint8Array<ArrayBuffer> {
  hasher.init()
  hasher.update(data)
  return new Uint8Array(hasher.digest('binary'))
}
