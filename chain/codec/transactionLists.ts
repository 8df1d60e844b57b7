import { keccak256 } from '../crypto/keccak.ts'
import { copyBytes } from './bytes.ts'
import {
  createCursor,
  headerSize,
  isAtEnd,
  openList,
  payloadOf,
  RLP_LIST,
  type RlpCursor,
  RlpFault,
  readFixed,
  readList,
  readUint,
  writeHeader,
} from './rlp.ts'
import type { Transaction } from './transaction.ts'

/** One entry of an access list; views of the transaction's bytes. */
export type AccessListEntry = {
  readonly address: Uint8Array
  readonly storageKeys: readonly Uint8Array[]
}

/** One entry of an authorization list, in the ranges that EIP-7702 gives its fields. */
export type SignedAuthorization = {
  readonly chainId: bigint
  /** Whose code the account is to run; a view of the transaction's bytes. */
  readonly address: Uint8Array
  readonly nonce: bigint
  /** 0 to 255; anything above 1 makes the entry void, not the transaction. */
  readonly yParity: number
  readonly r: bigint
  readonly s: bigint
  /** The hash that the account signed. */
  readonly hash: Uint8Array
}

const ADDRESS_SIZE = 20
const KEY_SIZE = 32
const AUTHORIZATION_MAGIC = 5 // EIP-7702
const NOTHING = { addresses: 0, keys: 0 } as const

/** The access list, decoded; empty when the transaction has none. */
export function accessListOf(tx: Transaction): readonly AccessListEntry[] {
  if (tx.accessListAddresses === 0) return []
  const cursor = createCursor(tx.raw, tx.layout.accessListFrom)
  readList(cursor)
  const list = createCursor(tx.raw, cursor.from, cursor.next)
  const entries: AccessListEntry[] = []
  while (!isAtEnd(list)) {
    readList(list)
    const entry = createCursor(tx.raw, list.from, list.next)
    readFixed(entry, ADDRESS_SIZE)
    const address = payloadOf(entry)
    readList(entry)
    const keys = createCursor(tx.raw, entry.from, entry.next)
    const storageKeys: Uint8Array[] = []
    while (!isAtEnd(keys)) {
      readFixed(keys, KEY_SIZE)
      storageKeys.push(payloadOf(keys))
    }
    entries.push({ address, storageKeys })
  }
  return entries
}

/** The authorization list, decoded; empty when the transaction has none. */
export function authorizationsOf(tx: Transaction): readonly SignedAuthorization[] {
  if (tx.authorizations === 0) return []
  const cursor = createCursor(tx.raw, tx.layout.authorizationsFrom)
  readList(cursor)
  const list = createCursor(tx.raw, cursor.from, cursor.next)
  const entries: SignedAuthorization[] = []
  while (!isAtEnd(list)) {
    readList(list)
    entries.push(readAuthorization(openList(tx.raw, list.start, list.next)))
  }
  return entries
}

/**
 * Moves over an access list and checks all of it; how many addresses and keys it has.
 *
 * @source EIP-2930
 * @throws RlpFault
 */
export function scanAccessList(cursor: RlpCursor): {
  readonly addresses: number
  readonly keys: number
} {
  if (readList(cursor) === 0) return NOTHING
  const list = createCursor(cursor.bytes, cursor.from, cursor.next)
  let addresses = 0
  let keys = 0
  for (; !isAtEnd(list); addresses++) {
    readList(list)
    const entry = createCursor(list.bytes, list.from, list.next)
    readFixed(entry, ADDRESS_SIZE)
    readList(entry)
    if (!isAtEnd(entry)) throw new RlpFault('an access list entry is not a pair')
    entry.next = entry.from
    for (; !isAtEnd(entry); keys++) readFixed(entry, KEY_SIZE)
  }
  return { addresses, keys }
}

/**
 * Moves over an authorization list and checks all of it; how many entries it has.
 *
 * @source EIP-7702
 * @throws RlpFault
 */
export function scanAuthorizations(cursor: RlpCursor): number {
  if (readList(cursor) === 0) throw new RlpFault('the authorization list is empty')
  const list = createCursor(cursor.bytes, cursor.from, cursor.next)
  let count = 0
  for (; !isAtEnd(list); count++) {
    readList(list)
    const entry = createCursor(list.bytes, list.from, list.next)
    readUint(entry, 32)
    readFixed(entry, ADDRESS_SIZE)
    readUint(entry, 8)
    readUint(entry, 1)
    readUint(entry, 32)
    readUint(entry, 32)
    if (!isAtEnd(entry)) throw new RlpFault('an authorization has more than 6 fields')
  }
  return count
}

/** Reads an entry that was checked before. */
function readAuthorization(entry: RlpCursor): SignedAuthorization {
  const signedFrom = entry.next
  const chainId = readUint(entry, 32)
  readFixed(entry, ADDRESS_SIZE)
  const address = payloadOf(entry)
  const nonce = readUint(entry, 8)
  const hash = authorizationHash(entry.bytes, signedFrom, entry.next)
  const yParity = Number(readUint(entry, 1))
  return { chainId, address, nonce, yParity, r: readUint(entry, 32), s: readUint(entry, 32), hash }
}

/** keccak256(0x05 ‖ rlp([chainId, address, nonce])), of which the items are `bytes[from, to)`. */
function authorizationHash(bytes: Uint8Array, from: number, to: number): Uint8Array {
  const out = new Uint8Array(1 + headerSize(to - from) + to - from)
  out[0] = AUTHORIZATION_MAGIC
  copyBytes(bytes, from, to, out, writeHeader(RLP_LIST, to - from, out, 1))
  return keccak256(out)
}
