import { type Block, createBlock } from '@ethereumjs/block'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { createAddressFromString } from '@ethereumjs/util'
import { type BlockBuilder, buildBlock, type RunTxResult, runTx } from '@ethereumjs/vm'
import { assert } from '../primitives/assert.ts'
import type { Address, Hash } from '../primitives/hex.ts'
import type { BuildRequest, BuiltBlock, Candidates, Dropped } from './engine.ts'
import { EvmError } from './errors.ts'
import { headerDataOf } from './header.ts'
import { finishBlock } from './results.ts'
import { callsEndBlock, createSystemTransaction } from './systemTransaction.ts'
import { type EngineContext, openWorkspace, type Workspace } from './workspace.ts'

/** Gas of the cheapest transaction; less room than this and the block is full. */
const TX_GAS_MIN = 21_000n

type Job = {
  readonly context: EngineContext
  readonly workspace: Workspace
  readonly builder: BlockBuilder
  /** The header so far, as transactions see it. */
  readonly template: Block
}

/** Builds the block after `request.parent` with the given base fee. */
export async function buildOnParent(
  context: EngineContext,
  request: BuildRequest,
  baseFeePerGas: bigint,
): Promise<BuiltBlock> {
  const poisoned = new Map<Hash, Dropped>()
  for (let tries = 0; tries < BUILD_TRIES_MAX; tries++) {
    const candidates = request.candidates(baseFeePerGas)
    const result = await attempt(context, { ...request, baseFeePerGas, poisoned }, candidates)
    if (result === 'again') continue
    if (!(result instanceof EvmError)) return result
    // Transactions of this block have spent the proposer's float: without them it is still there.
    break
  }
  const bare = await attempt(context, { ...request, baseFeePerGas, poisoned }, noCandidates)
  if (bare instanceof EvmError) throw bare
  assert(bare !== 'again', 'a block without candidates has none that is poisoned')
  return bare
}

/** How often a block is begun anew because a candidate has left its state in disorder. */
const BUILD_TRIES_MAX = 8

type Attempt = BuildRequest & {
  readonly baseFeePerGas: bigint
  /** Candidates that the EVM could not undo; they stay out. */
  readonly poisoned: Map<Hash, Dropped>
}

const noCandidates: Candidates = Object.assign([], { skipSender: () => undefined })

async function attempt(
  context: EngineContext,
  request: Attempt,
  candidates: Candidates,
): Promise<BuiltBlock | EvmError | 'again'> {
  const { parent, proposer, timestamp, baseFeePerGas, poisoned } = request
  const { common, rules } = context
  const workspace = await openWorkspace(
    context,
    { stateRoot: parent.stateRoot },
    context.pacing?.block(),
  )
  const headerData = headerDataOf({ parent, proposer, timestamp, baseFeePerGas })
  const template = createBlock({ header: headerData }, { common })
  const builder = await buildBlock(workspace.vm, {
    // Only read for fields that `headerData` leaves out, and it leaves out none.
    parentBlock: template,
    headerData,
    withdrawals: [],
    blockOpts: { putBlockIntoBlockchain: false },
  })
  const job: Job = { context, workspace, builder, template }
  const dropped = await addCandidates(job, candidates, poisoned)
  if (dropped === 'again') return 'again'

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
  await append(job, system)

  const { transactionResults } = internals(builder)
  const { block } = await builder.build()
  const executed = await finishBlock(context, workspace, block, transactionResults)
  return { ...executed, dropped }
}

async function addCandidates(
  job: Job,
  candidates: Candidates,
  poisoned: Map<Hash, Dropped>,
): Promise<readonly Dropped[] | 'again'> {
  const { builder, context, template, workspace } = job
  const dropped: Dropped[] = [...poisoned.values()]
  const gasMax = template.header.gasLimit - context.rules.gas
  let hadFloat = await hasFloat(job)
  for (const candidate of candidates) {
    if (builder.gasUsed + TX_GAS_MIN > gasMax) break
    if (builder.gasUsed + candidate.gas > gasMax || poisoned.has(candidate.hash)) {
      candidates.skipSender()
      continue
    }
    const { depth } = workspace.state
    try {
      const tx = createTxFromRLP(candidate.raw, { common: context.common })
      if (tx.type === 3) throw new Error('blob transactions are not accepted')
      if (callsEndBlock(tx, context.rules)) throw new Error('only the proposer may end a block')
      await append(job, tx)
      const isFloating = await hasFloat(job)
      // It alone stays out. In the pool it would keep all others out of this block and the next.
      if (hadFloat && !isFloating) {
        const reason = 'it leaves the proposer without coin to end the block'
        poisoned.set(candidate.hash, { hash: candidate.hash, reason })
        return 'again'
      }
      hadFloat = isFloating
    } catch (error) {
      candidates.skipSender()
      const { hash } = candidate
      const drop = { hash, reason: reasonOf(error) }
      dropped.push(drop)
      // An exception inside the EVM, no fault of validation, leaves checkpoints open, and with them
      // part of what the transaction did. The only cure is a fresh state.
      if (workspace.state.depth !== depth) {
        poisoned.set(hash, drop)
        return 'again'
      }
    }
  }
  return dropped
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
async function append(job: Job, tx: TypedTransaction): Promise<void> {
  const { builder, workspace, template } = job
  const { transactions, transactionResults } = internals(builder)
  const { vm } = workspace
  const result = await runTx(vm, { tx, block: template, blockGasUsed: builder.gasUsed })
  transactions.push(tx)
  transactionResults.push(result)
  builder.gasUsed += result.blockGasSpent
}

type BuilderInternals = {
  readonly transactions: TypedTransaction[]
  readonly transactionResults: RunTxResult[]
}

function internals(builder: BlockBuilder): BuilderInternals {
  // Declared private; the version of the package is pinned and a test re-executes what comes out.
  const fields = builder as unknown as BuilderInternals
  assert(Array.isArray(fields.transactions), 'the block builder keeps its transactions')
  assert(Array.isArray(fields.transactionResults), 'the block builder keeps its results')
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
