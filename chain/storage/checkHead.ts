import { bytesToHex, equalsBytes, KECCAK256_RLP_S } from '@ethereumjs/util'
import { scanBlock } from '../codec/block.ts'
import { decodeHeader } from '../codec/header.ts'
import { tableCount } from '../codec/table.ts'
import { keccak256 } from '../crypto/keccak.ts'
import type { Hash } from '../primitives/hex.ts'
import { corrupt } from './errors.ts'
import type { Head, Store } from './store.ts'

/**
 * Whether block, header, receipts, certificate and state of the head are there and fit together,
 * and the genesis block too.
 * @throws StorageError `STORAGE_CORRUPT`
 */
export function checkHead(store: Store, head: Head, genesisHash: Hash): void {
  const { height } = head
  const block = checkBlock(store, head)
  if (block.stateRoot !== KECCAK256_RLP_S) {
    const root = store.rootPosition(block.stateRoot)
    if (root === undefined) throw corrupt(store.path, `the state of block ${height} is missing`)
    store.nodeAt(root)
  }
  checkReceipts(store, height, block.count)
  if (store.certificateAt(height) === undefined) {
    throw corrupt(store.path, `the certificate of block ${height} is missing`)
  }
  if (store.transactionsBefore(height) + block.count !== store.transactionCount) {
    throw corrupt(store.path, 'the index of transactions ends elsewhere than the chain')
  }
  if (store.hashAt(0n) !== genesisHash || store.blockAt(0n) === undefined) {
    throw corrupt(store.path, 'the genesis block is missing')
  }
}

function checkBlock(store: Store, { height, hash }: Head) {
  const raw = store.blockAt(height)
  if (raw === undefined) throw corrupt(store.path, `block ${height} is missing`)
  try {
    const { header, transactions } = scanBlock(raw)
    if (bytesToHex(keccak256(header)) !== hash) throw new Error('hash')
    const kept = store.headerAt(height)
    if (kept === undefined || !equalsBytes(kept, header)) throw new Error('header')
    return { stateRoot: decodeHeader(header).stateRoot, count: tableCount(transactions) }
  } catch (cause) {
    throw corrupt(store.path, `block ${height} is not what its hash says`, cause)
  }
}

function checkReceipts(store: Store, height: bigint, count: number): void {
  let found: number | undefined
  try {
    found = store.receiptsAt(height)?.decode().length
  } catch (cause) {
    throw corrupt(store.path, `the receipts of block ${height} are unreadable`, cause)
  }
  if (found !== count) throw corrupt(store.path, `the receipts of block ${height} are missing`)
}
