import { hexToBytes } from '@ethereumjs/util'
import { decodeTransaction, type Transaction } from '../../codec/transaction.ts'
import { keccak256 } from '../../crypto/keccak.ts'
import type { Hash } from '../../primitives/hex.ts'
import type { Entry } from '../../state/flatState.ts'
import { noGasFloat } from '../buildBlock.ts'
import { noCandidates, TX_GAS_MIN } from '../candidates.ts'
import { type CpuBudget, createCpuBudget, unlimitedCpu } from '../cpuBudget.ts'
import type { BuildRequest, BuiltBlock, Candidates, Dropped } from '../engine.ts'
import { EvmError, isFaultOfNode } from '../errors.ts'
import type { Pace } from '../pace.ts'
import { createSystemTransaction } from '../systemTransaction.ts'
import { callsHub } from './callsHub.ts'
import type { FastContext } from './context.ts'
import { TransactionFault } from './faults.ts'
import { finishRun, sealBlock } from './finishRun.ts'
import { type BlockStart, openRun } from './openRun.ts'
import {
  admitTransaction,
  executeTransaction,
  payTips,
  processTransaction,
  type Run,
  transferCoin,
} from './processor.ts'
import { senderOf } from './senders.ts'

/** Transactions between two looks at whether somebody else wants the process. */
const TRANSACTIONS_PER_LOOK = 16

/** Builds the block after `request.parent` with the given base fee. */
export async function buildFast(
  context: FastContext,
  request: BuildRequest,
  baseFeePerGas: bigint,
): Promise<BuiltBlock> {
  const { parent, proposer, timestamp } = request
  const start = { parent, proposer, timestamp, baseFeePerGas }
  const block = await attempt(context, request, start, request.candidates(baseFeePerGas))
  if (!(block instanceof EvmError)) return block
  // Transactions of this block have spent the proposer's float: without them it is still there.
  const bare = await attempt(context, request, start, noCandidates)
  if (bare instanceof EvmError) throw bare
  return bare
}

async function attempt(
  context: FastContext,
  request: BuildRequest,
  start: BlockStart,
  candidates: Candidates,
): Promise<BuiltBlock | EvmError> {
  const { rules, common } = context
  const { parent, proposer, baseFeePerGas } = start
  const budget = budgetOf(context, request)
  const pace = budget.paced(context.pacing?.block())
  const run = await openRun(context, start, pace)
  const job: Job = { context, run, start, budget, pace, raws: [], hashes: [], dropped: [] }
  await addCandidates(job, candidates)

  payTips(run)
  const { balance, nonce } = run.coinbase
  const required = rules.gas * baseFeePerGas
  if (balance < required) return noGasFloat(proposer.coinbase, balance, required)
  const { sign } = request
  const system = createSystemTransaction({ common, rules, parent, baseFeePerGas, nonce, sign })
  const raw = system.serialize()
  const gasLeft = parent.gasLimit - run.receipts.gasUsed
  await processTransaction(run, decodeTransaction(raw), run.coinbase.address, gasLeft)
  pace?.end()
  job.raws.push(raw)
  const results = await finishRun(context, run, start)
  const block = sealBlock(context, start, job.raws, results)
  return { ...block, transactionHashes: hashesOf(job.hashes, raw), dropped: job.dropped }
}

type Job = {
  readonly context: FastContext
  readonly run: Run
  readonly start: BlockStart
  readonly budget: CpuBudget
  readonly pace: Pace | undefined
  readonly raws: Uint8Array[]
  readonly hashes: Hash[]
  readonly dropped: Dropped[]
}

async function addCandidates(job: Job, candidates: Candidates): Promise<void> {
  const { context, run, start, budget, pace } = job
  const gasMax = start.parent.gasLimit - context.rules.gas
  let count = 0
  for (const candidate of candidates) {
    const gasLeft = gasMax - run.receipts.gasUsed
    if (gasLeft < TX_GAS_MIN) return
    const { hash, gas, raw } = candidate
    if (gas > gasLeft) {
      candidates.skipSender()
      continue
    }
    // Transfers take so little that the clock is looked at once for many.
    if (count++ % TRANSACTIONS_PER_LOOK === 0) {
      if (budget.admit(TX_GAS_MIN) === 'stop') return
      budget.settle()
      const rest = pace?.step()
      if (rest !== undefined) await rest
    }
    try {
      const tx = decodeCandidate(context, raw)
      const { sender: known } = candidate
      const sender = known === undefined ? senderOf(tx) : hexToBytes(known)
      const from = admitTransaction(run, tx, sender, gasLeft)
      if (!transferCoin(run, tx, from)) {
        const admission = budget.admit(gas)
        if (admission === 'stop') return
        if (admission === 'skip') {
          candidates.skipSender()
          continue
        }
        if ((await execute(job, tx, from)) === 'later') {
          candidates.skipSender()
          continue
        }
      }
      job.raws.push(raw)
      job.hashes.push(hash)
    } catch (error) {
      if (isFaultOfNode(error)) throw error
      candidates.skipSender()
      job.dropped.push({ hash, reason: reasonOf(error) })
    }
  }
}

/**
 * Runs a candidate, which has to leave the proposer its float and to keep to its time; `later` when
 * nothing is wrong with it but that the time of this block is short.
 */
async function execute(job: Job, tx: Transaction, from: Entry): Promise<'added' | 'later'> {
  const { budget, run } = job
  const hadFloat = hasFloat(job)
  let verdict: { readonly late: ReturnType<CpuBudget['settle']> } | undefined
  const settle = () => {
    verdict ??= { late: budget.settle() }
    return verdict.late
  }
  try {
    await executeTransaction(run, tx, from, () => {
      if (settle() !== undefined) return new TransactionFault('too long')
      if (!hadFloat || hasFloat(job)) return undefined
      return new TransactionFault('it leaves the proposer without coin to end the block')
    })
    return 'added'
  } catch (cause) {
    const late = settle()
    if (late === 'later') return late
    throw late ?? cause
  }
}

function budgetOf({ cpuMeter }: FastContext, { cpuBudgetMs }: BuildRequest): CpuBudget {
  if (cpuMeter === undefined || cpuBudgetMs === undefined) return unlimitedCpu
  return createCpuBudget(cpuBudgetMs, cpuMeter)
}

/** The hashes of the candidates, and of the system transaction behind them. */
function hashesOf(hashes: readonly Hash[], system: Uint8Array): Uint8Array {
  const out = Buffer.allocUnsafe(HASH_SIZE * (hashes.length + 1))
  for (const [index, hash] of hashes.entries()) {
    out.write(hash.slice(2), HASH_SIZE * index, HASH_SIZE, 'hex')
  }
  out.set(keccak256(system), HASH_SIZE * hashes.length)
  return out
}

const HASH_SIZE = 32

function decodeCandidate(context: FastContext, raw: Uint8Array): Transaction {
  const tx = decodeTransaction(raw)
  if (callsHub(tx, context.rules)) throw new TransactionFault('only the proposer may end a block')
  return tx
}

/** Whether the proposer can pay for the system transaction as things stand. */
function hasFloat({ context, run, start }: Job): boolean {
  const { exists, balance } = run.coinbase
  return (exists ? balance : 0n) + run.tips >= context.rules.gas * start.baseFeePerGas
}

function reasonOf(error: unknown): string {
  if (error instanceof TransactionFault && error.reason === 'the EVM failed') {
    return reasonOf(error.cause)
  }
  return error instanceof Error ? error.message : String(error)
}
