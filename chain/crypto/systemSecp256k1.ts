import { createRequire } from 'node:module'

/**
 * Writes the public key that signed the 32-byte `hash` to `out`, 65 bytes with its prefix; false
 * when there is none. `signature` is r ‖ s; `yParity` is 0 or 1.
 */
export type RecoverInto = (
  hash: Uint8Array,
  signature: Uint8Array,
  yParity: number,
  out: Uint8Array,
) => boolean

/** The part of `koffi` in use. */
type Koffi = { load(name: string): { func(prototype: string): NativeFunction } }
type NativeFunction = (...values: readonly unknown[]) => unknown

/** From 0.7 to 0.2, which brought the fast inverses; the functions in use are the same in all. */
const LIBRARY_NAMES: readonly string[] = [
  ...[6, 5, 4, 3, 2, 1].map((version) => `libsecp256k1.so.${version}`),
  ...['libsecp256k1.dylib', '/opt/homebrew/lib/libsecp256k1.dylib'],
]

// Values of secp256k1.h. Newer versions ignore that the context is for verifying.
const CONTEXT_VERIFY = 0x0101
const EC_UNCOMPRESSED = 0x0002
const PUBLIC_KEY_SIZE = 65

/** Where the package and the library are looked for. */
export type SystemSecp256k1Options = {
  readonly require: (id: string) => unknown
  readonly names: readonly string[]
}

/**
 * Recovery by the libsecp256k1 that the system has, which takes three quarters of the time of the
 * one in the npm package; undefined where `koffi` or the library is missing.
 *
 * Each thread opens its own. All buffers are ours and of fixed size: the library ends the process
 * when it is given none.
 */
export function openSystemSecp256k1(
  options: Partial<SystemSecp256k1Options> = {},
): RecoverInto | undefined {
  const { require, names } = {
    require: createRequire(import.meta.url),
    names: LIBRARY_NAMES,
    ...options,
  }
  const koffi = attempt(() => require('koffi') as Koffi) // optional, pinned to an exact version
  if (koffi === undefined) return undefined
  for (const name of names) {
    const recoverInto = attempt(() => bind(koffi, name))
    if (recoverInto !== undefined) return recoverInto
  }
  return undefined
}

function bind(koffi: Koffi, name: string): RecoverInto {
  const library = koffi.load(name)
  const func = (result: string, id: string, parameters: string): NativeFunction =>
    library.func(`${result} secp256k1_${id}(${parameters})`)
  const createContext = func('void *', 'context_create', 'unsigned int flags')
  const parse = func(
    'int',
    'ecdsa_recoverable_signature_parse_compact',
    'void *ctx, uint8_t *sig, uint8_t *input64, int recid',
  )
  const recover = func(
    'int',
    'ecdsa_recover',
    'void *ctx, uint8_t *pubkey, uint8_t *sig, uint8_t *msghash32',
  )
  const serialize = func(
    'int',
    'ec_pubkey_serialize',
    'void *ctx, uint8_t *output, uint8_t *outputlen, uint8_t *pubkey, unsigned int flags',
  )

  const context = createContext(CONTEXT_VERIFY)
  const parsed = new Uint8Array(65)
  const publicKey = new Uint8Array(64)
  // A size_t, in and out.
  const size = new BigUint64Array(1)
  const sizeBytes = new Uint8Array(size.buffer)
  return (hash, signature, yParity, out) => {
    if (parse(context, parsed, signature, yParity) !== 1) return false
    if (recover(context, publicKey, parsed, hash) !== 1) return false
    size[0] = BigInt(PUBLIC_KEY_SIZE)
    return serialize(context, out, sizeBytes, publicKey, EC_UNCOMPRESSED) === 1
  }
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action()
  } catch {
    return undefined
  }
}
