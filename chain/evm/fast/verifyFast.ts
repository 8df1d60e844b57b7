import { createTxFromRLP } from '@ethereumjs/tx'
import { bytesToHex, KECCAK256_RLP_S, SHA256_NULL } from '@ethereumjs/util'
import { checkTransaction } from '../../codec/checkTransaction.ts'
import { CodecError, TransactionError } from '../../codec/errors.ts'
import { blockHash, decodeHeader, type Header } from '../../codec/header.ts'
import { orderedTrieRoot, tableItems } from '../../codec/orderedTrie.ts'
import type { ByteTable } from '../../codec/table.ts'
import type { Transaction } from '../../codec/transaction.ts'
import { assert } from '../../primitives/assert.ts'
import type { ExecutedBlock, PreparedBlock, VerifyRequest } from '../engine.ts'
import { invalidBlock, type ResultField } from '../errors.ts'
import { checkHeader } from '../header.ts'
import type { Pace } from '../pace.ts'
import { decodeTransactions } from '../rawBlock.ts'
import { checkLastTransaction } from '../systemTransaction.ts'
import { deadlineOf } from '../verifyBlock.ts'
import { callsHub } from './callsHub.ts'
import type { FastContext } from './context.ts'
import { TransactionFault } from './faults.ts'
import { finishRun, type RunResults } from './finishRun.ts'
import { openRun } from './openRun.ts'
import { processTransaction, type Run } from './processor.ts'

/** Transactions between two looks at whether somebody else wants the process. */
const TRANSACTIONS_PER_LOOK = 32
const REQUESTS_HASH = bytesToHex(SHA256_NULL)

/**
 * Recomputes everything that a block states.
 * @throws EvmError with the first rule that it breaks.
 */
export async function verifyFast(
  context: FastContext,
  request: VerifyRequest,
  prepared: NonNullable<PreparedBlock>,
  baseFeePerGas: bigint,
): Promise<ExecutedBlock> {
  const { parent, proposer, raw } = request
  const { header: headerBytes, transactions: table } = prepared.scanned
  assert(table.bytes === raw, 'a block is verified with what was prepared of its bytes')
  context.onStage?.('decode')
  const header = readHeader(headerBytes)
  const transactions = decodeTransactions(table)
  checkStateless(context, transactions)
  checkHeader(header, { parent, proposer, baseFeePerGas })
  checkSystemTransaction(context, request, transactions, baseFeePerGas)
  context.onStage?.('tries')
  checkResult('transactionsRoot', header.transactionsRoot, transactionsRoot(table))
  checkResult('requestsHash', header.requestsHash, REQUESTS_HASH)

  const { timestamp } = header
  const start = { parent, proposer, timestamp, baseFeePerGas }
  const deadline = deadlineOf(context, request)
  const rests = context.pacing?.block()
  const pace = deadline === undefined ? rests : deadline.paced(rests)
  context.onStage?.('recover')
  const { senders, ok, hashes } = await (await prepared.senders).finish()
  context.onStage?.('execute')
  const run = await openRun(context, start, pace)
  try {
    await execute(run, pace, transactions, (index) => {
      if (ok[index] !== 1) throw new TransactionFault('signature recovers to nobody')
      return senders.subarray(20 * index, 20 * index + 20)
    })
  } finally {
    // What came out after the deadline is no judgement, whatever it looks like.
    deadline?.check()
  }
  const results = await finishRun(context, run, start)
  checkResults(header, results)
  context.onStage?.('verify')
  return {
    height: header.number,
    hash: bytesToHex(blockHash(headerBytes)),
    raw,
    timestamp,
    transactionHashes: hashes,
    ...results.executed,
  }
}

async function execute(
  run: Run,
  pace: Pace | undefined,
  transactions: readonly Transaction[],
  senderAt: (index: number) => Uint8Array,
): Promise<void> {
  const { gasLimit } = run.block.header
  for (const [index, tx] of transactions.entries()) {
    if (index % TRANSACTIONS_PER_LOOK === 0) {
      const rest = pace?.step()
      if (rest !== undefined) await rest
    }
    try {
      const gasLeft = gasLimit - run.receipts.gasUsed
      const work = processTransaction(run, tx, senderAt(index), gasLeft)
      if (work !== undefined) await work
    } catch (cause) {
      if (!(cause instanceof TransactionFault)) throw cause
      const reason = `${cause.message} in transaction ${index}`
      const text = `holds a transaction that cannot be executed: ${reason}`
      throw invalidBlock({ code: 'EVM_BAD_TRANSACTIONS', reason }, text, cause)
    }
  }
  pace?.end()
}

function checkStateless({ common }: FastContext, transactions: readonly Transaction[]): void {
  const chainId = common.chainId()
  for (const tx of transactions) {
    try {
      checkTransaction(tx, chainId)
    } catch (cause) {
      if (!(cause instanceof TransactionError)) throw cause
      const reason = cause.message
      const text = `cannot be decoded: ${reason}`
      throw invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason }, text, cause)
    }
  }
}

/** The last transaction is the one that this node derives, and no other ends the block. */
function checkSystemTransaction(
  context: FastContext,
  { parent, proposer }: VerifyRequest,
  transactions: readonly Transaction[],
  baseFeePerGas: bigint,
): void {
  const { common, rules } = context
  const last = transactions.length - 1
  for (let index = 0; index < last; index++) {
    const tx = transactions[index]
    if (tx === undefined || !callsHub(tx, rules)) continue
    const text = `calls endBlock in transaction ${index}, before its last one`
    throw invalidBlock({ code: 'EVM_SYSTEM_TX_EXTRA', index }, text)
  }
  const raw = transactions[last]?.raw
  const tx = raw === undefined ? undefined : createTxFromRLP(raw, { common })
  checkLastTransaction(tx, { rules, parent, proposer, baseFeePerGas })
}

function checkResults(header: Header, results: RunResults): void {
  checkResult('receiptsRoot', header.receiptsRoot, bytesToHex(results.receiptsRoot))
  checkResult('logsBloom', header.logsBloom, bytesToHex(results.logsBloom))
  checkResult('gasUsed', header.gasUsed, results.gasUsed)
  checkResult('stateRoot', header.stateRoot, bytesToHex(results.stateRoot))
}

function checkResult(field: ResultField, stated: unknown, found: unknown): void {
  if (stated === found) return
  const text = `states another ${field} than its transactions have`
  throw invalidBlock({ code: 'EVM_WRONG_RESULT', field }, text)
}

function readHeader(bytes: Uint8Array): Header {
  try {
    const header = decodeHeader(bytes)
    if (header.withdrawalsRoot === KECCAK256_RLP_S) return header
    throw new CodecError(
      { code: 'CODEC_BAD_BLOCK', reason: 'it states withdrawals' },
      'it states withdrawals',
    )
  } catch (cause) {
    if (!(cause instanceof CodecError)) throw cause
    const reason = cause.message
    const text = `cannot be decoded: ${reason}`
    throw invalidBlock({ code: 'EVM_MALFORMED_BLOCK', reason }, text, cause)
  }
}

function transactionsRoot(table: ByteTable): string {
  return bytesToHex(orderedTrieRoot(tableItems(table)))
}
