// Blocks that are wrong in one way. Where a rule reads what another guards, the guard is satisfied
// anew: transactions get a matching root, the system transaction a matching signature.
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { type Input, type NestedUint8Array, RLP } from '@ethereumjs/rlp'
import { bytesToBigInt, concatBytes } from '@ethereumjs/util'
import { keccak256 } from '../../../../chain/crypto/keccak.ts'
import { sign } from '../../../../chain/crypto/secp256k1.ts'
import type { Random } from './random.ts'
import { keys } from './world.ts'

/** A way to spoil a block; survives JSON. */
export type Corruption = {
  readonly kind: (typeof kinds)[number]
  /** Which field or transaction, by remainder. */
  readonly index: number
  /** What is done to it. */
  readonly edit: 'flip' | 'zero' | 'increment' | 'empty' | 'prepend'
  readonly at: number
  readonly byte: number
  /** Whether the transactions root follows the change. */
  readonly isRooted: boolean
}

const kinds = [
  ...(['header', 'header', 'remove', 'swap', 'repeat', 'damage', 'system', 'signer'] as const),
  ...(['bytes', 'cut', 'append', 'ommers', 'withdrawals', 'noWithdrawals', 'item'] as const),
  ...(['shortHeader', 'longHeader', 'noTransactions', 'bare'] as const),
] as const

export function randomCorruption(random: Random): Corruption {
  return {
    kind: kinds[random.below(kinds.length)] ?? 'header',
    index: random.below(1_000),
    edit: random.pick(['flip', 'flip', 'zero', 'increment', 'empty', 'prepend']),
    at: random.below(100_000),
    byte: random.below(255) + 1,
    isRooted: !random.oneIn(4),
  }
}

/** Position of the transactions root in a header. */
const TRANSACTIONS_ROOT = 4
/** Position of what is signed first behind a type 2 payload. */
const SIGNED_FIELDS = 9

type Parts = {
  readonly header: NestedUint8Array
  readonly transactions: NestedUint8Array
  readonly ommers: NestedUint8Array
  readonly withdrawals: NestedUint8Array
}

/** The block `raw`, spoiled; `proposer` is the index of the key that signed its last transaction. */
export async function corrupt(
  raw: Uint8Array,
  corruption: Corruption,
  proposer: number,
): Promise<Uint8Array> {
  const { kind, index, at, byte, isRooted } = corruption
  const { header, transactions, ommers, withdrawals } = partsOf(raw)
  const list = [...transactions]
  const place = index % Math.max(1, list.length)
  const join = async (changed: readonly Input[]): Promise<Uint8Array> => {
    const root = isRooted ? await transactionsRoot(changed) : header[TRANSACTIONS_ROOT]
    const next = header.map((field, i) => (i === TRANSACTIONS_ROOT ? (root ?? field) : field))
    return RLP.encode([next, [...changed], ommers, withdrawals])
  }
  switch (kind) {
    case 'header': {
      const which = index % header.length
      const fields = header.map((field, i) =>
        i === which && field instanceof Uint8Array ? edited(field, corruption) : field,
      )
      return RLP.encode([fields, list, ommers, withdrawals])
    }
    case 'remove':
      return join(list.filter((_, i) => i !== place))
    case 'swap': {
      const other = (place + 1) % list.length
      const order = list.map((_, i) => (i === place ? other : i === other ? place : i))
      return join(order.flatMap((i) => list[i] ?? []))
    }
    case 'repeat':
      return join(list.flatMap((tx, i) => (i === place ? [tx, tx] : [tx])))
    case 'damage':
      return join(list.map((tx, i) => (i === place ? damagedTransaction(tx, corruption) : tx)))
    case 'system':
    case 'signer': {
      const last = list.at(-1)
      if (!(last instanceof Uint8Array)) return raw
      const key = keys[kind === 'signer' ? (proposer + 1 + (index % 20)) % keys.length : proposer]
      const changed = resigned(last, kind === 'system' ? corruption : undefined, key)
      return join([...list.slice(0, -1), changed])
    }
    case 'bytes':
      return raw.map((one, i) => (i === at % raw.length ? one ^ byte : one))
    case 'cut':
      return raw.slice(0, at % raw.length)
    case 'append':
      return concatBytes(raw, Uint8Array.of(byte))
    case 'ommers':
      return RLP.encode([header, list, [header], withdrawals])
    case 'withdrawals': {
      const one = [Uint8Array.of(1), Uint8Array.of(1), new Uint8Array(20).fill(byte), byte]
      return RLP.encode([header, list, ommers, [one]])
    }
    case 'noWithdrawals':
      return RLP.encode([header, list, ommers])
    case 'item':
      return RLP.encode([header, list, ommers, withdrawals, []])
    case 'shortHeader':
      return RLP.encode([header.slice(0, -1), list, ommers, withdrawals])
    case 'longHeader':
      return RLP.encode([[...header, Uint8Array.of(byte)], list, ommers, withdrawals])
    case 'noTransactions':
      return join([])
    case 'bare':
      return RLP.encode(list)
  }
}

function partsOf(raw: Uint8Array): Parts {
  const [header, transactions, ommers, withdrawals] = RLP.decode(raw)
  return {
    header: listOf(header),
    transactions: listOf(transactions),
    ommers: listOf(ommers),
    withdrawals: listOf(withdrawals),
  }
}

function listOf(item: Uint8Array | NestedUint8Array | number | undefined): NestedUint8Array {
  if (!Array.isArray(item)) throw new TypeError('a block is a list of lists')
  return item
}

function edited(field: Uint8Array, { edit, at, byte }: Corruption): Uint8Array {
  switch (edit) {
    case 'flip':
      if (field.length === 0) return Uint8Array.of(byte)
      return field.map((one, i) => (i === at % field.length ? one ^ byte : one))
    case 'zero':
      return new Uint8Array(field.length)
    case 'increment': {
      const next = bytesToBigInt(field) + 1n
      const digits = next.toString(16).padStart(field.length * 2, '0')
      return Uint8Array.from(Buffer.from(digits.length % 2 === 0 ? digits : `0${digits}`, 'hex'))
    }
    case 'empty':
      return new Uint8Array()
    case 'prepend':
      return concatBytes(Uint8Array.of(byte % 2), field)
  }
}

/** A transaction with one byte or, where it is a legacy one, one field changed. */
function damagedTransaction(tx: Input, corruption: Corruption): Input {
  if (tx instanceof Uint8Array) return edited(tx, corruption)
  if (!Array.isArray(tx)) return tx
  const place = corruption.at % tx.length
  return tx.map((field, i) =>
    i === place && field instanceof Uint8Array ? edited(field, corruption) : field,
  )
}

/** The last transaction with one of its fields changed, if any, and signed again. */
function resigned(
  raw: Uint8Array,
  corruption: Corruption | undefined,
  key: Uint8Array | undefined,
): Uint8Array {
  const fields = listOf(RLP.decode(raw.subarray(1))).slice(0, SIGNED_FIELDS)
  const place = corruption === undefined ? -1 : corruption.index % fields.length
  const changed: Input[] = fields.map((field, i) => {
    if (i !== place || corruption === undefined) return field
    if (field instanceof Uint8Array) return edited(field, corruption)
    return [[new Uint8Array(20).fill(corruption.byte), []]]
  })
  const typed = (items: Input[]) => concatBytes(Uint8Array.of(2), RLP.encode(items))
  if (key === undefined) throw new RangeError('no key')
  const signature = sign(keccak256(typed(changed)), key)
  const [r, s] = [
    bytesToBigInt(signature.subarray(0, 32)),
    bytesToBigInt(signature.subarray(32, 64)),
  ]
  return typed([...changed, signature[64] ?? 0, r, s])
}

/** Root of the trie of transactions, with the library's trie. */
async function transactionsRoot(transactions: readonly Input[]): Promise<Uint8Array> {
  const trie = new MerklePatriciaTrie()
  for (const [index, tx] of transactions.entries()) {
    await trie.put(RLP.encode(index), tx instanceof Uint8Array ? tx : RLP.encode(tx))
  }
  return trie.root()
}
