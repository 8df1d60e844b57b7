import type { Accounts } from './accounts.ts'
import type { Random } from './random.ts'
import type { Intent } from './signIntent.ts'
import { stress, stressKinds } from './workloads/stress.ts'
import { handleTasks } from './workloads/tasks.ts'
import { moveTokens, moveTokensToOne } from './workloads/tokens.ts'
import {
  payCoinbase,
  payHotRecipient,
  payNonceChain,
  payUnique,
  payWithin,
} from './workloads/transfers.ts'

/** What a workload may draw on. */
export type WorkloadContext = {
  readonly accounts: Accounts
  readonly random: Random
  /** Transactions in all, and in each block. */
  readonly count: number
  readonly blockTxs: number
}

/** What is asked of a chain again and again. */
export type Workload = {
  readonly id: string
  readonly title: string
  /** Raised when other transactions follow from the same seed. */
  readonly version: number
  /** What one transaction of a second does: `transfer` gas is 21,000. */
  readonly kind: 'transfers' | 'calls' | 'invalid'
  /** Accounts and, of them, senders, unless told otherwise. */
  readonly accounts: number
  readonly senders: number
  /** Whether the genesis gives each account tokens. */
  readonly needsTokens: boolean
  /** Transaction `index`. */
  intent(index: number, context: WorkloadContext): Intent
}

const usual = { version: 1, kind: 'transfers', accounts: 25_000, senders: 12_500 } as const
const plain = { ...usual, needsTokens: false } as const
const calls = { ...plain, kind: 'calls' } as const
const tokens = { ...calls, needsTokens: true } as const

/** Every workload by its id; one line more is one workload more. */
export const workloads: readonly Workload[] = [
  { ...plain, id: 'T1', title: 'transfers, senders and recipients unique', intent: payUnique },
  {
    ...plain,
    ...{ id: 'T2', title: 'transfers among 10,000 active of 1,000,000 accounts' },
    ...{ accounts: 1_000_000, senders: 10_000, intent: payWithin },
  },
  { ...plain, id: 'T3', title: 'transfers, one sender per block', intent: payNonceChain },
  { ...plain, id: 'T4', title: 'transfers to one hot recipient', intent: payHotRecipient },
  { ...plain, id: 'T5', title: 'transfers, every second to the coinbase', intent: payCoinbase },
  { ...tokens, id: 'E1', title: 'ERC-20 transfers between holders', intent: moveTokens },
  { ...tokens, id: 'E2', title: 'ERC-20 transfers to one hot holder', intent: moveTokensToOne },
  {
    ...calls,
    id: 'C1',
    title: 'tasks: create and fund, deposit, withdraw, cancel',
    intent: handleTasks,
  },
  {
    ...calls,
    id: 'C3',
    title: 'SSTORE, KECCAK, CREATE and nested reverts by turns',
    intent: stress,
  },
  { ...calls, id: 'C3S', title: 'SSTORE-heavy calls', intent: stressKinds.store },
  { ...calls, id: 'C3K', title: 'KECCAK-heavy calls', intent: stressKinds.hash },
  { ...calls, id: 'C3C', title: 'CREATE-heavy calls', intent: stressKinds.create },
  { ...calls, id: 'C3R', title: 'nested calls that revert', intent: stressKinds.nest },
  { ...tokens, id: 'M1', title: '70 % T1, 20 % E1, 10 % C1', intent: mix },
  { ...plain, id: 'B1', title: 'one block of at least 20 MB of transfers', intent: payUnique },
  {
    ...plain,
    ...{ id: 'X1', title: 'invalid: signature, nonce, funds by turns', kind: 'invalid' },
    intent: spoil,
  },
]

/** Stands for the blocks of a recorded chain, whose transactions were signed when it was made. */
export const recordedWorkload: Workload = {
  ...calls,
  ...{ id: 'R1', title: 'the blocks of a recorded chain', accounts: 2, senders: 1 },
  intent: () => {
    throw new Error('A recording has its transactions already.')
  },
}

/** The workload of an id; undefined when there is none. */
export function workloadOf(id: string): Workload | undefined {
  return workloads.find((workload) => workload.id === id.toUpperCase())
}

function mix(index: number, context: WorkloadContext): Intent {
  const place = index % 10
  if (place < 7) return payUnique(index, context)
  // The tenths are counted by themselves, so that tasks come in their own order.
  return place < 9 ? moveTokens(index, context) : handleTasks(Math.floor(index / 10), context)
}

const faults = ['signature', 'nonce', 'funds'] as const

function spoil(index: number, context: WorkloadContext): Intent {
  const fault = faults[index % faults.length]
  const intent = payUnique(index, context)
  return fault === undefined ? intent : { ...intent, fault }
}
