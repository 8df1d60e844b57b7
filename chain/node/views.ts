import type { Block } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { bytesToBigInt, bytesToHex, hexToBytes } from '@ethereumjs/util'
import { Bloom } from '@ethereumjs/vm'
import { assert } from '../primitives/assert.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import type { Receipt } from '../primitives/receipt.ts'
import type { AuthorizationView, BlockView, ReceiptView, TransactionView } from '../rpc/backend.ts'
import type { PoolEntry } from '../txpool/entry.ts'

/** A block as RPC shows it. Senders come from the receipts, which spares recovering them again. */
export function blockViewOf(block: Block, receipts: readonly Receipt[], size: number): BlockView {
  const { header } = block
  const hash = bytesToHex(block.hash())
  const baseFeePerGas = required(header.baseFeePerGas)
  const inclusion = {
    blockHash: hash,
    blockNumber: header.number,
    blockTimestamp: header.timestamp,
    baseFeePerGas,
  }
  return {
    hash,
    parentHash: bytesToHex(header.parentHash),
    number: header.number,
    timestamp: header.timestamp,
    coinbase: bytesToHex(header.coinbase.bytes),
    stateRoot: bytesToHex(header.stateRoot),
    transactionsRoot: bytesToHex(header.transactionsTrie),
    receiptsRoot: bytesToHex(header.receiptTrie),
    withdrawalsRoot: bytesToHex(required(header.withdrawalsRoot)),
    requestsHash: bytesToHex(required(header.requestsHash)),
    parentBeaconBlockRoot: bytesToHex(required(header.parentBeaconBlockRoot)),
    mixHash: bytesToHex(header.mixHash),
    extraData: bytesToHex(header.extraData),
    logsBloom: bytesToHex(header.logsBloom),
    gasLimit: header.gasLimit,
    gasUsed: header.gasUsed,
    baseFeePerGas,
    blobGasUsed: required(header.blobGasUsed),
    excessBlobGas: required(header.excessBlobGas),
    size,
    transactions: block.transactions.map((tx, index) => ({
      ...transactionViewOf(tx, required(receipts[index]).from),
      inclusion: { ...inclusion, index },
    })),
  }
}

/** Receipts of a block as RPC shows them. */
export function receiptViewsOf(
  block: BlockView,
  receipts: readonly Receipt[],
  common: Common,
): readonly ReceiptView[] {
  let logIndex = 0
  return receipts.map((receipt, transactionIndex) => {
    const transactionHash = required(block.transactions[transactionIndex]).hash
    const logs = receipt.logs.map((log) => ({
      ...log,
      blockHash: block.hash,
      blockNumber: block.number,
      blockTimestamp: block.timestamp,
      transactionHash,
      transactionIndex,
      logIndex: logIndex++,
    }))
    return {
      ...receipt,
      transactionHash,
      transactionIndex,
      blockHash: block.hash,
      blockNumber: block.number,
      logs,
      logsBloom: bloomOf(receipt, common),
    }
  })
}

/** A transaction that waits, as RPC shows it. */
export function pendingViewOf(entry: PoolEntry, common: Common): TransactionView {
  return transactionViewOf(createTxFromRLP(entry.raw, { common }), entry.sender)
}

function transactionViewOf(tx: TypedTransaction, from: Address): TransactionView {
  const { v, r, s, type } = tx
  assert(v !== undefined && r !== undefined && s !== undefined, 'the transaction is signed')
  const isTyped = type !== 0
  return {
    hash: bytesToHex(tx.hash()),
    type,
    from,
    to: tx.to === undefined ? null : bytesToHex(tx.to.bytes),
    nonce: tx.nonce,
    gas: tx.gasLimit,
    value: tx.value,
    input: bytesToHex(tx.data),
    ...feesOf(tx),
    ...(isTyped && 'chainId' in tx ? { chainId: tx.chainId } : legacyChainId(v)),
    ...('accessList' in tx ? { accessList: accessListOf(tx.accessList) } : {}),
    ...('authorizationList' in tx
      ? { authorizationList: tx.authorizationList.map(authorizationOf) }
      : {}),
    v,
    r,
    s,
    ...(isTyped ? { yParity: v === 0n ? 0 : 1 } : {}),
    raw: bytesToHex(tx.serialize()),
  }
}

function feesOf(tx: TypedTransaction) {
  if (!('maxFeePerGas' in tx)) return { gasPrice: tx.gasPrice }
  const { maxFeePerGas, maxPriorityFeePerGas } = tx
  return { gasPrice: maxFeePerGas, maxFeePerGas, maxPriorityFeePerGas }
}

/** EIP-155: v is chainId * 2 + 35 or 36; older signatures name no chain. */
function legacyChainId(v: bigint): { readonly chainId?: bigint } {
  return v >= 35n ? { chainId: (v - 35n) / 2n } : {}
}

type AccessListBytes = readonly (readonly [Uint8Array, readonly Uint8Array[]])[]

function accessListOf(list: AccessListBytes) {
  return list.map(([address, keys]) => ({
    address: bytesToHex(address),
    storageKeys: keys.map((key): Hash => bytesToHex(key)),
  }))
}

function authorizationOf(fields: readonly Uint8Array[]): AuthorizationView {
  const [chainId, address, nonce, yParity, r, s] = fields
  return {
    chainId: bytesToBigInt(required(chainId)),
    address: bytesToHex(required(address)),
    nonce: bytesToBigInt(required(nonce)),
    yParity: bytesToBigInt(required(yParity)) === 0n ? 0 : 1,
    r: bytesToBigInt(required(r)),
    s: bytesToBigInt(required(s)),
  }
}

function bloomOf(receipt: Receipt, common: Common): Hex {
  const bloom = new Bloom(undefined, common)
  for (const log of receipt.logs) {
    bloom.add(hexToBytes(log.address))
    for (const topic of log.topics) bloom.add(hexToBytes(topic))
  }
  return bytesToHex(bloom.bitvector)
}

function required<T>(value: T | undefined): T {
  assert(value !== undefined, 'a field that every block of this chain has is there')
  return value
}
