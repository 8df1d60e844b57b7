// Signed transactions of every type and shape, made by @ethereumjs/tx, and ways to spoil them.
import { RLP } from '@ethereumjs/rlp'
import { createTx, createTxFromRLP, type TypedTransaction, type TypedTxData } from '@ethereumjs/tx'
import { bytesToHex, equalsBytes, hexToBytes } from '@ethereumjs/util'
import fc from 'fast-check'
import { customCrypto } from '../../../chain/crypto/customCrypto.ts'
import { sign } from '../../../chain/crypto/secp256k1.ts'
import { commonOf } from '../../../chain/params/common.ts'

export const CHAIN_ID = 18_512n
/** Order of secp256k1. */
export const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
export const KEY = new Uint8Array(32).fill(0x46)

/** The rules of the chain, with the crypto that the node uses. */
export const common = commonOf({ chainId: CHAIN_ID, name: 'dev', blockGasLimit: 30_000_000n })
Object.assign(common.customCrypto, customCrypto)

const fixed = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const hex = (size: number) => fixed(size).map((bytes) => bytesToHex(bytes))
/** Whole numbers of any size up to `bits`, with the edges. */
const upTo = (bits: number) =>
  fc.oneof(
    fc.constantFrom(0n, 1n, 0x7fn, 0x80n, 0xffn, 2n ** BigInt(bits) - 1n),
    fc.nat(bits).chain((some) => fc.bigInt(0n, 2n ** BigInt(some) - 1n)),
  )

const accessList = fc.array(
  fc.record({ address: hex(20), storageKeys: fc.array(hex(32), { maxLength: 3 }) }),
  { maxLength: 3 },
)

const authorization = fc.record({
  chainId: upTo(256).map(toHex),
  address: hex(20),
  nonce: upTo(64).map(toHex),
  yParity: fc.nat(255).map((value) => toHex(BigInt(value))),
  r: upTo(256).map(toHex),
  s: upTo(256).map(toHex),
})

function toHex(value: bigint): `0x${string}` {
  const digits = value.toString(16)
  return value === 0n ? '0x' : `0x${digits.length % 2 === 0 ? digits : `0${digits}`}`
}

/** A signed transaction of each type, all fields random, fees small enough to be valid. */
export const signedTransaction: fc.Arbitrary<TypedTransaction> = fc
  .record({
    type: fc.constantFrom(0, 1, 2, 4),
    isProtected: fc.boolean(),
    nonce: upTo(64).map((nonce) => (nonce === 2n ** 64n - 1n ? nonce - 1n : nonce)),
    gasLimit: upTo(24),
    fees: fc.tuple(upTo(200), upTo(200)),
    to: fc.option(hex(20), { nil: undefined }),
    value: upTo(256),
    data: fc.oneof(
      fc.constant(new Uint8Array()),
      fc.uint8Array({ maxLength: 4 }),
      fc.uint8Array({ maxLength: 300, size: 'max' }),
    ),
    accessList,
    authorizationList: fc.array(authorization, { minLength: 1, maxLength: 3 }),
  })
  .map(({ type, isProtected, fees, to, accessList, authorizationList, ...rest }) => {
    const [maxFeePerGas = 0n, maxPriorityFeePerGas = 0n] = [...fees].sort((a, b) =>
      a < b ? 1 : -1,
    )
    const prices = type < 2 ? { gasPrice: maxFeePerGas } : { maxFeePerGas, maxPriorityFeePerGas }
    const data = {
      ...rest,
      ...prices,
      type,
      ...(to === undefined && type !== 4 ? {} : { to: to ?? `0x${'77'.repeat(20)}` }),
      ...(type === 0 ? {} : { accessList, chainId: CHAIN_ID }),
      ...(type === 4 ? { authorizationList } : {}),
    }
    // The fields are those of each type; the union of the library cannot see that.
    const typed = data as TypedTxData
    return type === 0 && !isProtected
      ? signUnprotected(typed)
      : createTx(typed, { common }).sign(KEY)
  })

/** A legacy signature without chain id, which the library makes only by hand. */
function signUnprotected(data: TypedTxData): TypedTransaction {
  const signed = (v: bigint, r: Uint8Array, s: Uint8Array): TypedTransaction =>
    // The fields of a legacy transaction, and its signature.
    createTx({ ...data, v, r, s } as TypedTxData, { common })
  const draft = signed(27n, Uint8Array.of(1), Uint8Array.of(1))
  const signature = sign(draft.getHashedMessageToSign(), KEY)
  const v = 27n + BigInt(signature[64] ?? 0)
  return signed(v, stripped(signature.slice(0, 32)), stripped(signature.slice(32, 64)))
}

function stripped(bytes: Uint8Array): Uint8Array {
  return bytes.subarray(bytes.findIndex((byte) => byte !== 0))
}

/* WHAT IS DUE */

/**
 * The transaction by the library, without what it lets pass: transactions without a signature,
 * those that it would write differently, signatures that no key can have made, and strings and
 * lists in each other's place inside an access list.
 */
export function expectedTransaction(raw: Uint8Array): TypedTransaction | undefined {
  try {
    const tx = createTxFromRLP(raw, { common })
    return isStrict(tx) && equalsBytes(tx.serialize(), raw) ? tx : undefined
  } catch {
    return undefined
  }
}

/** Whether the library was right to let a transaction pass. */
export function isStrict(tx: TypedTransaction): boolean {
  const { r, s } = tx
  if (tx.type === 3 || !tx.isSigned() || r === undefined || s === undefined) return false
  if (r === 0n || r >= ORDER || s === 0n || s > ORDER / 2n) return false
  return !('accessList' in tx) || isAccessList(tx.accessList)
}

function isAccessList(list: unknown): boolean {
  if (!Array.isArray(list)) return false
  return list.every(
    (entry) =>
      Array.isArray(entry) &&
      entry[0] instanceof Uint8Array &&
      Array.isArray(entry[1]) &&
      entry[1].every((key) => key instanceof Uint8Array),
  )
}

/* SPOILING */

type Item = Uint8Array | Item[]

/** Turns bytes into others that are rarely a transaction. */
export type Mutation = (raw: Uint8Array) => Uint8Array

/** Items in whose place nothing good comes of most things. */
const strangeItem: fc.Arbitrary<Item> = fc.oneof(
  fc
    .constantFrom(
      ...[0n, 1n, 2n, 27n, 28n, 35n, 36n, 2n * CHAIN_ID + 35n, CHAIN_ID, CHAIN_ID + 1n],
      ...[2n ** 24n, 2n ** 24n + 1n, 2n ** 64n - 2n, 2n ** 64n - 1n, 2n ** 64n, 2n ** 240n],
      ...[ORDER - 1n, ORDER, ORDER / 2n, ORDER / 2n + 1n, 2n ** 256n - 1n, 2n ** 256n],
    )
    .map((value): Item => hexToBytes(toHex(value))),
  fc.uint8Array({ maxLength: 34 }),
  fc.constantFrom<Item>([], [[]], new Uint8Array(), Uint8Array.of(0), Uint8Array.of(0, 1)),
  fc.constantFrom(20, 32).map((size): Item => Array.from({ length: size }, () => Uint8Array.of(7))),
)

/** What happens to one item of a list. */
const listChange = fc.oneof(
  strangeItem.map((item) => (list: Item[], at: number) => list.splice(at, 1, item)),
  strangeItem.map((item) => (list: Item[], at: number) => list.splice(at, 0, item)),
  fc.constant((list: Item[], at: number) => list.splice(at, 1)),
  fc.constant((list: Item[], at: number) => list.splice(at, 1, [list[at] ?? []])),
  fc.constant((list: Item[], at: number) => {
    const item = list[at]
    if (item instanceof Uint8Array) list[at] = Uint8Array.of(0, ...item)
  }),
)

/** Changes an item somewhere in the tree and encodes it properly again. */
const treeMutation = fc
  .tuple(listChange, fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }))
  .map(([change, path]): Mutation => {
    return (raw) => {
      const { prefix, items } = open(raw)
      let list = items
      for (const [depth, step] of path.entries()) {
        const at = step % (list.length + 1)
        const inner = list[at]
        if (depth < path.length - 1 && Array.isArray(inner)) list = inner
        else {
          change(list, at)
          break
        }
      }
      return Uint8Array.of(...prefix, ...RLP.encode(items))
    }
  })

/** Encodes one field, or the whole, with more bytes of length than are due. */
const longFormMutation = fc.tuple(fc.nat(14), fc.integer({ min: 1, max: 5 })).map(
  ([place, extra]): Mutation =>
    (raw) => {
      const { prefix, items } = open(raw)
      const encoded = items.map((item, at) => {
        if (at !== place || !(item instanceof Uint8Array)) return [...RLP.encode(item)]
        return longForm(0x80, [...item], extra)
      })
      const body = encoded.flat()
      const isWhole = place >= items.length
      return Uint8Array.of(...prefix, ...longForm(0xc0, body, isWhole ? extra : 0))
    },
)

const byteMutation = fc
  .tuple(fc.constantFrom('set', 'insert', 'remove', 'cut', 'append'), fc.nat(), fc.nat(255))
  .map(([kind, place, byte]): Mutation => {
    return (raw) => {
      const bytes = [...raw]
      const at = place % (raw.length + 1)
      if (kind === 'set') bytes[at] = byte
      else if (kind === 'insert') bytes.splice(at, 0, byte)
      else if (kind === 'remove') bytes.splice(at, 1)
      else if (kind === 'cut') bytes.length = at
      else bytes.push(byte)
      return Uint8Array.from(bytes)
    }
  })

/** Every way to spoil a transaction. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 3, arbitrary: treeMutation },
  { weight: 1, arbitrary: longFormMutation },
  { weight: 2, arbitrary: byteMutation },
)

function open(raw: Uint8Array): { prefix: number[]; items: Item[] } {
  const isTyped = (raw[0] ?? 0) < 0x80
  const decoded = RLP.decode(isTyped ? raw.subarray(1) : raw)
  return { prefix: isTyped ? [...raw.subarray(0, 1)] : [], items: decoded as Item[] }
}

/** A payload behind a header with `extra` bytes of length that it could do without. */
function longForm(kind: number, payload: readonly number[], extra: number): number[] {
  if (extra === 0 && payload.length <= 55) return [kind + payload.length, ...payload]
  const digits = payload.length.toString(16)
  const length = [...Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex')]
  const zeros = payload.length <= 55 ? extra - 1 : extra
  const padded = [...new Array<number>(zeros).fill(0), ...length]
  return [kind + 55 + padded.length, ...padded, ...payload]
}
