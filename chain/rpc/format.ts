import type { Hex } from '../primitives/hex.ts'
import type { BlockView, LogView, ProofView, ReceiptView, TransactionView } from './backend.ts'

/** Hash of an empty list of uncles: keccak256(0xc0). */
const NO_UNCLES = '0x1dcc4de8dec75d7aab85b567b6ccd41ad312451b948a7413f0a142fd40d49347'
const NO_NONCE = '0x0000000000000000'

/** A quantity as JSON-RPC writes it. */
export function toQuantity(value: bigint | number): Hex {
  return `0x${value.toString(16)}`
}

/** Header fields, as eth_subscribe("newHeads") sends them. */
export function formatHeader(block: BlockView) {
  return {
    number: toQuantity(block.number),
    hash: block.hash,
    parentHash: block.parentHash,
    nonce: NO_NONCE,
    mixHash: block.mixHash,
    sha3Uncles: NO_UNCLES,
    logsBloom: block.logsBloom,
    transactionsRoot: block.transactionsRoot,
    stateRoot: block.stateRoot,
    receiptsRoot: block.receiptsRoot,
    miner: block.coinbase,
    difficulty: '0x0',
    extraData: block.extraData,
    gasLimit: toQuantity(block.gasLimit),
    gasUsed: toQuantity(block.gasUsed),
    timestamp: toQuantity(block.timestamp),
    baseFeePerGas: toQuantity(block.baseFeePerGas),
    withdrawalsRoot: block.withdrawalsRoot,
    blobGasUsed: toQuantity(block.blobGasUsed),
    excessBlobGas: toQuantity(block.excessBlobGas),
    parentBeaconBlockRoot: block.parentBeaconBlockRoot,
    requestsHash: block.requestsHash,
  }
}

/** A block with hashes or whole transactions. */
export function formatBlock(block: BlockView, isFull: boolean) {
  return {
    ...formatHeader(block),
    size: toQuantity(block.size),
    uncles: [],
    withdrawals: [],
    transactions: isFull
      ? block.transactions.all().map(formatTransaction)
      : block.transactions.hashes(),
  }
}

/** A block that does not exist yet: without the fields that only mining gives it. */
export function formatPendingBlock(block: BlockView, isFull: boolean) {
  const formatted = { ...formatBlock(block, false), hash: null, nonce: null }
  if (!isFull) return formatted
  const transactions = block.transactions.all().map((tx) => {
    const { inclusion: _, ...waiting } = tx
    return formatTransaction(waiting)
  })
  return { ...formatted, transactions }
}

/** A transaction, included or waiting. */
export function formatTransaction(tx: TransactionView) {
  const { inclusion } = tx
  return {
    blockHash: inclusion?.blockHash ?? null,
    blockNumber: inclusion === undefined ? null : toQuantity(inclusion.blockNumber),
    blockTimestamp: inclusion === undefined ? null : toQuantity(inclusion.blockTimestamp),
    transactionIndex: inclusion === undefined ? null : toQuantity(inclusion.index),
    hash: tx.hash,
    type: toQuantity(tx.type),
    from: tx.from,
    to: tx.to,
    nonce: toQuantity(tx.nonce),
    gas: toQuantity(tx.gas),
    value: toQuantity(tx.value),
    input: tx.input,
    gasPrice: toQuantity(paidPrice(tx)),
    ...(tx.chainId === undefined ? {} : { chainId: toQuantity(tx.chainId) }),
    ...(tx.type < 2
      ? {}
      : {
          maxFeePerGas: toQuantity(tx.maxFeePerGas ?? tx.gasPrice),
          maxPriorityFeePerGas: toQuantity(tx.maxPriorityFeePerGas ?? 0n),
        }),
    ...(tx.type === 0 ? {} : { accessList: tx.accessList ?? [], ...formatParity(tx) }),
    ...(tx.authorizationList === undefined
      ? {}
      : { authorizationList: tx.authorizationList.map(formatAuthorization) }),
    v: toQuantity(tx.v),
    r: toQuantity(tx.r),
    s: toQuantity(tx.s),
  }
}

function formatParity(tx: TransactionView) {
  return { yParity: toQuantity(tx.yParity ?? tx.v) }
}

/** What it pays per gas once included; before that, its cap. */
function paidPrice(tx: TransactionView): bigint {
  if (tx.type < 2 || tx.inclusion === undefined) return tx.gasPrice
  const cap = tx.maxFeePerGas ?? tx.gasPrice
  const wanted = tx.inclusion.baseFeePerGas + (tx.maxPriorityFeePerGas ?? 0n)
  return wanted < cap ? wanted : cap
}

function formatAuthorization(item: NonNullable<TransactionView['authorizationList']>[number]) {
  return {
    chainId: toQuantity(item.chainId),
    address: item.address,
    nonce: toQuantity(item.nonce),
    yParity: toQuantity(item.yParity),
    r: toQuantity(item.r),
    s: toQuantity(item.s),
  }
}

/** A receipt with exactly the fields that the execution API lists. */
export function formatReceipt(receipt: ReceiptView) {
  return {
    type: toQuantity(receipt.type),
    transactionHash: receipt.transactionHash,
    transactionIndex: toQuantity(receipt.transactionIndex),
    blockHash: receipt.blockHash,
    blockNumber: toQuantity(receipt.blockNumber),
    from: receipt.from,
    to: receipt.to,
    cumulativeGasUsed: toQuantity(receipt.cumulativeGasUsed),
    gasUsed: toQuantity(receipt.gasUsed),
    contractAddress: receipt.contractAddress,
    logs: receipt.logs.map(formatLog),
    logsBloom: receipt.logsBloom,
    status: toQuantity(receipt.status),
    effectiveGasPrice: toQuantity(receipt.effectiveGasPrice),
  }
}

/** A log; none is ever taken back. */
export function formatLog(log: LogView) {
  return {
    address: log.address,
    topics: log.topics,
    data: log.data,
    blockHash: log.blockHash,
    blockNumber: toQuantity(log.blockNumber),
    blockTimestamp: toQuantity(log.blockTimestamp),
    transactionHash: log.transactionHash,
    transactionIndex: toQuantity(log.transactionIndex),
    logIndex: toQuantity(log.logIndex),
    removed: false,
  }
}

/** An account with its proof, EIP-1186. */
export function formatProof(proof: ProofView) {
  return {
    address: proof.address,
    accountProof: proof.accountProof,
    balance: toQuantity(proof.balance),
    codeHash: proof.codeHash,
    nonce: toQuantity(proof.nonce),
    storageHash: proof.storageRoot,
    storageProof: proof.storageProof.map(({ key, value, proof: nodes }) => ({
      key,
      value: toQuantity(value),
      proof: nodes,
    })),
  }
}
