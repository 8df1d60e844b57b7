import { type NestedUint8Array, RLP } from '@ethereumjs/rlp'
import { keccak256 } from '../crypto/keccak.ts'
import { badRecord } from './records.ts'

const STATE_ROOT_FIELD = 3

/** RLP of a raw block's header; its Keccak-256 is the block hash. */
export function headerOf(raw: Uint8Array): Uint8Array {
  return RLP.encode(fieldsOf(raw)[0])
}

/** State root in a raw block's header. */
export function stateRootOf(raw: Uint8Array): Uint8Array {
  const header = fieldsOf(raw)[0]
  const root = Array.isArray(header) ? header[STATE_ROOT_FIELD] : undefined
  if (!(root instanceof Uint8Array) || root.length !== 32) throw badRecord('block')
  return root
}

/** Hashes of a raw block's transactions, in order. */
export function transactionHashes(raw: Uint8Array): readonly Uint8Array[] {
  const transactions = fieldsOf(raw)[1]
  if (!Array.isArray(transactions)) throw badRecord('block')
  // Legacy transactions are lists inside the block, typed ones strings.
  return transactions.map((item) => keccak256(item instanceof Uint8Array ? item : RLP.encode(item)))
}

type Decoded = Uint8Array | NestedUint8Array

function fieldsOf(raw: Uint8Array): readonly [Decoded, Decoded] {
  const block: Decoded = RLP.decode(raw)
  if (!Array.isArray(block)) throw badRecord('block')
  const [header, transactions] = block
  if (header === undefined || transactions === undefined) throw badRecord('block')
  return [header, transactions]
}
