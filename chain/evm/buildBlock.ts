import { type Block, createBlock } from '@ethereumjs/block'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { createAddressFromString } from '@ethereumjs/util'
import { type BlockBuilder, buildBlock, type RunTxResult, runTx, type VM } from '@ethereumjs/vm'
import { assert } from '../primitives/assert.ts'
import type { Address } from '../primitives/hex.ts'
import { noCandidates, TX_GAS_MIN } from './candidates.ts'
import { type CpuBudget, createCpuBudget, unlimitedCpu } from './cpuBudget.ts'
import type { BuildRequest, BuiltBlock, Candidate, Candidates, Dropped } from './engine.ts'
import { EvmError, isFaultOfNode } from './errors.ts'
import { headerDataOf } from './header.ts'
import type { Pace } from './pace.ts'
import { finishBlock } from './results.ts'
import { callsEndBlock, createSystemTransaction } from './systemTransaction.ts'
import { type EngineContext, openVM, openWorkspace, type Workspace } from './workspace.ts'

type Job = {
  readonly context: EngineContext
  readonly builder: BlockBuilder
  /** The header so far, as transactions see it. */
  readonly template: Block
  readonly budget: CpuBudget
  readonly pace: Pace | undefined
  /** Its VM is replaced when a candidate leaves the one before in disorder. */
  workspace: Workspace
  hadFloat: boolean
}

/** Builds the block after `request.parent` with the given base fee. */
export async function buildOnParent(
  context: EngineContext,
  request: BuildRequest,
  baseFeePerGas: bigint,
): Promise<BuiltBlock> {
  const candidates = request.candidates(baseFeePerGas)
  const block = await attempt(context, { ...request, baseFeePerGas }, candidates)
  if (!(block instanceof EvmError)) return block
  // Transactions of this block have spent the proposer's float: without them it is still there.
  const bare = await attempt(context, { ...request, baseFeePerGas }, noCandidates)
  if (bare instanceof EvmError) throw bare
  return bare
}

type Attempt = BuildRequest & { readonly baseFeePerGas: bigint }

async function attempt(
  context: EngineContext,
  request: Attempt,
  candidates: Candidates,
): Promise<BuiltBlock | EvmError> {
  const { parent, proposer, timestamp, baseFeePerGas } = request
  const { common, rules } = context
  const budget = budgetOf(context, request)
  const pace = budget.paced(context.pacing?.block())
  const workspace = await openWorkspace(context, { stateRoot: parent.stateRoot }, pace)
  const headerData = headerDataOf({ parent, proposer, timestamp, baseFeePerGas })
  const template = createBlock({ header: headerData }, { common })
  const builder = await buildBlock(workspace.vm, {
    // Only read for fields that `headerData` leaves out, and it leaves out none.
    parentBlock: template,
    headerData,
    withdrawals: [],
    blockOpts: { putBlockIntoBlockchain: false },
  })
  const job: Job = { context, workspace, builder, template, budget, pace, hadFloat: false }
  const dropped = await addCandidates(job, candidates)

  const proposerAddress = createAddressFromString(proposer.coinbase)
  const account = await workspace.state.getAccount(proposerAddress)
  const balance = account?.balance ?? 0n
  const required = rules.gas * baseFeePerGas
  if (balance < required) return noGasFloat(proposer.coinbase, balance, required)
  const system = createSystemTransaction({
    common,
    rules,
    parent,
    baseFeePerGas,
    nonce: account?.nonce ?? 0n,
    sign: request.sign,
  })
  include(job, system, await run(job, system))

  const { transactionResults } = internals(builder)
  const { block } = await builder.build()
  const executed = await finishBlock(context, job.workspace, block, transactionResults)
  return { ...executed, dropped }
}

function budgetOf({ cpuMeter }: EngineContext, { cpuBudgetMs }: BuildRequest): CpuBudget {
  if (cpuMeter === undefined || cpuBudgetMs === undefined) return unlimitedCpu
  return createCpuBudget(cpuBudgetMs, cpuMeter)
}

async function addCandidates(job: Job, candidates: Candidates): Promise<readonly Dropped[]> {
  const { builder, budget, context, template } = job
  const dropped: Dropped[] = []
  const gasMax = template.header.gasLimit - context.rules.gas
  job.hadFloat = await hasFloat(job)
  for (const candidate of candidates) {
    if (builder.gasUsed + TX_GAS_MIN > gasMax) break
    if (builder.gasUsed + candidate.gas > gasMax) {
      candidates.skipSender()
      continue
    }
    const admission = budget.admit(candidate.gas)
    if (admission === 'stop') break
    const outcome = admission === 'try' ? await addCandidate(job, candidate) : 'later'
    if (outcome === 'added') continue
    candidates.skipSender()
    if (outcome !== 'later') dropped.push({ hash: candidate.hash, reason: outcome.reason })
  }
  return dropped
}

/** `later`: nothing is wrong with it but that the time of this block is short. */
type Outcome = 'added' | 'later' | { readonly reason: string }

/** Adds a candidate, or leaves everything as it was. */
async function addCandidate(job: Job, candidate: Candidate): Promise<Outcome> {
  const { budget, context } = job
  const { state } = job.workspace
  const { depth } = state
  await state.checkpoint()
  let ran: { readonly tx: TypedTransaction; readonly result: RunTxResult } | undefined
  let outcome: Outcome = 'added'
  try {
    const tx = createTxFromRLP(candidate.raw, { common: context.common })
    if (tx.type === 3) throw new Error('blob transactions are not accepted')
    if (callsEndBlock(tx, context.rules)) throw new Error('only the proposer may end a block')
    ran = { tx, result: await run(job, tx) }
  } catch (error) {
    if (isFaultOfNode(error)) throw error
    outcome = { reason: reasonOf(error) }
  }
  const late = budget.settle()
  if (late !== undefined) outcome = late === 'later' ? late : { reason: late.message }
  if (ran !== undefined && outcome === 'added') {
    const isFloating = await hasFloat(job)
    if (isFloating || !job.hadFloat) {
      await state.commit()
      include(job, ran.tx, ran.result)
      job.hadFloat = isFloating
      return outcome
    }
    // It alone stays out. In the pool it would keep all others out of this block and the next.
    outcome = { reason: 'it leaves the proposer without coin to end the block' }
  }
  // An exception inside the EVM, no fault of validation, leaves checkpoints open.
  const isInOrder = ran === undefined && state.depth === depth + 1
  while (state.depth > depth) await state.revert()
  if (!isInOrder) await renew(job)
  return outcome
}

/** Drops the VM with all that it remembers of a transaction that was taken back. */
async function renew(job: Job): Promise<void> {
  const { context, workspace, pace } = job
  workspace.state.originalStorageCache.clear()
  const vm = await openVM(context, workspace.state, pace)
  job.workspace = { ...workspace, vm }
  internals(job.builder).vm = vm
}

/** Whether the proposer can pay for the system transaction as things stand. */
async function hasFloat({ context, workspace, template }: Job): Promise<boolean> {
  const { coinbase, baseFeePerGas = 0n } = template.header
  const balance = (await workspace.state.getAccount(coinbase))?.balance ?? 0n
  return balance >= context.rules.gas * baseFeePerGas
}

/**
 * `BlockBuilder.addTransaction` without what it repeats: it decodes every earlier transaction again
 * to make the block that the next one sees, which makes a block of n cost n².
 */
function run({ builder, workspace, template }: Job, tx: TypedTransaction): Promise<RunTxResult> {
  return runTx(workspace.vm, { tx, block: template, blockGasUsed: builder.gasUsed })
}

function include({ builder }: Job, tx: TypedTransaction, result: RunTxResult): void {
  const { transactions, transactionResults } = internals(builder)
  transactions.push(tx)
  transactionResults.push(result)
  builder.gasUsed += result.blockGasSpent
}

type BuilderInternals = {
  readonly transactions: TypedTransaction[]
  readonly transactionResults: RunTxResult[]
  vm: VM
}

function internals(builder: BlockBuilder): BuilderInternals {
  // Declared private; the version of the package is pinned and a test re-executes what comes out.
  const fields = builder as unknown as BuilderInternals
  assert(Array.isArray(fields.transactions), 'the block builder keeps its transactions')
  assert(Array.isArray(fields.transactionResults), 'the block builder keeps its results')
  assert('vm' in fields, 'the block builder keeps its machine')
  return fields
}

export function noGasFloat(proposer: Address, balance: bigint, required: bigint): EvmError {
  return new EvmError(
    { code: 'EVM_NO_GAS_FLOAT', proposer, balance, required },
    `The proposer ${proposer} has ${balance} wei and needs ${required} to end a block; ` +
      'send it some coin.',
  )
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
