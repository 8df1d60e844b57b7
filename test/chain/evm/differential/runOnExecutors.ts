import { keccak256 } from '../../../../chain/crypto/keccak.ts'
import type { Address } from '../../../../chain/primitives/hex.ts'
import type {
  BlockEnvironment,
  ExecutorState,
  StateTestExecutor,
  TransactionOutcome,
} from '../../../conformance/executor.ts'
import { type Difference, stringify } from './compare.ts'
import { realize, type View } from './plan.ts'
import { refusalClass } from './refusals.ts'
import type { BlockPlan, WorldPlan, WorldReport } from './runWorld.ts'
import { createWorld, senders, spec, word } from './world.ts'

const BASE_FEE = 1_000_000_000n

/** Runs the transactions of a world on two executors: no hub, no headers, a root per block. */
export async function runOnExecutors(
  plan: WorldPlan,
  executors: readonly [StateTestExecutor, StateTestExecutor],
): Promise<WorldReport> {
  const counts = new Map<string, number>()
  const { accounts, gasLimit } = createWorld(plan.seed, '0x00000000')
  const request = { hardfork: 'osaka', chainId: spec.chainId, accounts }
  const states = [await executors[0].open(request), await executors[1].open(request)] as const
  let timestamp = 0x65000000n
  for (const [index, block] of plan.blocks.entries()) {
    timestamp += BigInt(block.seconds)
    const environment: BlockEnvironment = {
      number: BigInt(index + 1),
      timestamp,
      coinbase: senders[block.proposer] ?? (`0x${'0'.repeat(40)}` as Address),
      gasLimit,
      baseFeePerGas: BASE_FEE,
      mixHash: word(BigInt(index) * 0x1234567n),
      difficulty: 0n,
      excessBlobGas: 0n,
      hashOf: (height) => keccak256(Buffer.from(String(height), 'ascii')),
    }
    const difference = await runBlock(states, { block, environment, counts })
    if (difference !== undefined) return { difference: { ...difference, block: index }, counts }
  }
  return { difference: undefined, counts }
}

async function runBlock(
  [left, right]: readonly [ExecutorState, ExecutorState],
  facts: {
    readonly block: BlockPlan
    readonly environment: BlockEnvironment
    readonly counts: Map<string, number>
  },
): Promise<Difference | undefined> {
  const { block, environment, counts } = facts
  const view = await viewOf(left)
  const candidates = block.transactions
    .map((plan) => ({ raw: realize(plan, view).raw, isDamaged: plan.damage !== undefined }))
    // Only engines know that this chain takes no blobs.
    .filter(({ raw: [type] }) => type !== 3)
  const raws = candidates.map(({ raw }) => raw)
  const [a, b] = [await left.run(environment, raws), await right.run(environment, raws)]
  for (const [index, outcome] of a.entries()) {
    const other = b[index]
    // What is damaged has more than one fault; which of them is named is no matter.
    const isDamaged = candidates[index]?.isDamaged ?? false
    const bothRefused = outcome.kind === 'refused' && other?.kind === 'refused'
    if (isDamaged && bothRefused) continue
    const [x, y] = [summary(outcome), other === undefined ? 'nothing' : summary(other)]
    if (x !== y) return { where: `transaction ${index}`, left: x, right: y }
    const what =
      outcome.kind === 'executed'
        ? `executed status ${outcome.status}`
        : `refused ${refusalClass(outcome.reason)}`
    counts.set(what, (counts.get(what) ?? 0) + 1)
    if (outcome.kind === 'executed')
      counts.set('transactions', (counts.get('transactions') ?? 0) + 1)
  }
  const [rootA, rootB] = [await left.stateRoot(), await right.stateRoot()]
  return rootA === rootB ? undefined : { where: 'state root', left: rootA, right: rootB }
}

async function viewOf(state: ExecutorState): Promise<View> {
  const view: View = { baseFee: BASE_FEE, nonces: new Map(), balances: new Map() }
  for (const address of senders) {
    const { nonce, balance } = await state.account(address)
    view.nonces.set(address, nonce)
    view.balances.set(address, balance)
  }
  return view
}

function summary(outcome: TransactionOutcome): string {
  if (outcome.kind === 'refused') return `refused ${refusalClass(outcome.reason)}`
  return stringify(outcome) ?? ''
}
