import { hexToBytes } from '@ethereumjs/util'
import { decodeTransaction, type Transaction } from '../../codec/transaction.ts'
import { assert } from '../../primitives/assert.ts'
import type { Hash } from '../../primitives/hex.ts'
import { noGasFloat } from '../buildBlock.ts'
import type { BuildRequest, BuiltBlock, Candidates, Dropped } from '../engine.ts'
import { EvmError } from '../errors.ts'
import { createSystemTransaction } from '../systemTransaction.ts'
import type { EngineContext } from '../workspace.ts'
import { callsHub } from './callsHub.ts'
import { TransactionFault } from './faults.ts'
import { finishRun, sealBlock } from './finishRun.ts'
import { type BlockStart, openRun } from './openRun.ts'
import { payTips, processTransaction, type Run } from './processor.ts'
import { senderOf } from './senders.ts'

/** Gas of the cheapest transaction; less room than this and the block is full. */
const TX_GAS_MIN = 21_000n
/** Transactions between two looks at whether somebody else wants the process. */
const TRANSACTIONS_PER_LOOK = 32
/** How often a block is begun anew because a candidate took what the proposer ends it with. */
const BUILD_TRIES_MAX = 8

const noCandidates: Candidates = Object.assign([], { skipSender: () => undefined })

type Attempt = {
  readonly request: BuildRequest
  readonly start: BlockStart
  /** Candidates that leave the proposer without coin; they stay out. */
  readonly poisoned: Map<Hash, Dropped>
}

/** Builds the block after `request.parent` with the given base fee. */
export async function buildFast(
  context: EngineContext,
  request: BuildRequest,
  baseFeePerGas: bigint,
): Promise<BuiltBlock> {
  const { parent, proposer, timestamp } = request
  const start = { parent, proposer, timestamp, baseFeePerGas }
  const tried: Attempt = { request, start, poisoned: new Map() }
  for (let tries = 0; tries < BUILD_TRIES_MAX; tries++) {
    const result = await attempt(context, tried, request.candidates(baseFeePerGas))
    if (result === 'again') continue
    if (!(result instanceof EvmError)) return result
    // Transactions of this block have spent the proposer's float: without them it is still there.
    break
  }
  const bare = await attempt(context, tried, noCandidates)
  if (bare instanceof EvmError) throw bare
  assert(bare !== 'again', 'a block without candidates has none that is poisoned')
  return bare
}

async function attempt(
  context: EngineContext,
  { request, start, poisoned }: Attempt,
  candidates: Candidates,
): Promise<BuiltBlock | EvmError | 'again'> {
  const { rules, common } = context
  const { parent, proposer, baseFeePerGas } = start
  const run = await openRun(context, start)
  const raws: Uint8Array[] = []
  const dropped = await addCandidates({ context, run, start, raws, poisoned }, candidates)
  if (dropped === 'again') return 'again'

  payTips(run)
  const { balance, nonce } = run.coinbase
  const required = rules.gas * baseFeePerGas
  if (balance < required) return noGasFloat(proposer.coinbase, balance, required)
  const sign = request.sign
  const system = createSystemTransaction({ common, rules, parent, baseFeePerGas, nonce, sign })
  const raw = system.serialize()
  const gasLeft = parent.gasLimit - run.receipts.gasUsed
  await processTransaction(run, decodeTransaction(raw), hexToBytes(proposer.coinbase), gasLeft)
  raws.push(raw)
  const results = await finishRun(context, run, start)
  return { ...sealBlock(context, start, raws, results), dropped }
}

type Job = {
  readonly context: EngineContext
  readonly run: Run
  readonly start: BlockStart
  readonly raws: Uint8Array[]
  readonly poisoned: Map<Hash, Dropped>
}

async function addCandidates(
  job: Job,
  candidates: Candidates,
): Promise<readonly Dropped[] | 'again'> {
  const { context, run, start, raws, poisoned } = job
  const pace = context.pacing?.block()
  const dropped: Dropped[] = [...poisoned.values()]
  const gasMax = start.parent.gasLimit - context.rules.gas
  let hadFloat = hasFloat(job)
  let count = 0
  for (const candidate of candidates) {
    const gasLeft = gasMax - run.receipts.gasUsed
    if (gasLeft < TX_GAS_MIN) break
    const { hash, gas, raw } = candidate
    if (gas > gasLeft || poisoned.has(hash)) {
      candidates.skipSender()
      continue
    }
    if (++count % TRANSACTIONS_PER_LOOK === 0) {
      const rest = pace?.step()
      if (rest !== undefined) await rest
    }
    try {
      const tx = decodeCandidate(context, raw)
      const { sender: known } = candidate
      const sender = known === undefined ? senderOf(tx) : hexToBytes(known)
      const work = processTransaction(run, tx, sender, gasLeft)
      if (work !== undefined) await work
      raws.push(raw)
    } catch (error) {
      candidates.skipSender()
      dropped.push({ hash, reason: reasonOf(error) })
      continue
    }
    const isFloating = hasFloat(job)
    // It alone stays out. In the pool it would keep all others out of this block and the next.
    if (hadFloat && !isFloating) {
      const reason = 'it leaves the proposer without coin to end the block'
      poisoned.set(hash, { hash, reason })
      return 'again'
    }
    hadFloat = isFloating
  }
  pace?.end()
  return dropped
}

function decodeCandidate(context: EngineContext, raw: Uint8Array): Transaction {
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
