import type { Hash, PublicClient, TransactionReceipt } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import type { EndBlockInput } from '../../chain/system/encoders.ts'
import type { Genesis } from '../../chain/system/genesis/genesisFile.ts'
import type { taskStates } from '../client/states.ts'
import { type RoleAccounts, roleAccounts } from './accounts.ts'
import { assertionsOn, type PocaAssertions } from './assertions.ts'
import { type AttestOptions, attestSlot } from './attest.ts'
import { contractsFor, type SystemContracts } from './contracts.ts'
import { type Crew, type CrewOptions, gatherCrew } from './crew.ts'
import {
  closeDispute,
  type DisputeOptions,
  type EndedDispute,
  openDispute,
  voteOnDispute,
} from './disputes.ts'
import { HardhatPocaError } from './errors.ts'
import { loadGenesis, type RPCProvider } from './loadGenesis.ts'
import { stageOn } from './stage.ts'
import {
  abortSlot,
  type CompleteOptions,
  commitSlot,
  completeTask,
  declineSlot,
  type EndedTask,
  type Fault,
  missSlot,
  type OrderOptions,
  orderTask,
  reachState,
} from './tasks.ts'
import { advance, badCount, endOne, latestTime, type Span, warp } from './time.ts'

/**
 * The chain on a simulated network. Holds no state of its own, so snapshots and `loadFixture` work
 * as on any network.
 */
export type Poca = {
  readonly genesis: Genesis
  /** Where the system contracts are. */
  readonly addresses: typeof predeploys
  /** The system contracts, called by the client's account. */
  readonly contracts: SystemContracts
  /** The system contracts, called by another account. */
  contractsAs(account: Address | { readonly address: Address }): SystemContracts
  /** The development accounts by role. */
  readonly accounts: RoleAccounts
  readonly client: PublicClient
  /** Makes the oracles active and gives workers proved power, as on the chain. */
  crew(options?: CrewOptions): Promise<Crew>
  readonly task: {
    /** The client orders work and escrows its price; resolves with the task's id. */
    order(options?: OrderOptions): Promise<bigint>
    /** Draws the workers and has them accept. */
    start(taskId: bigint): Promise<void>
    /** Plays it until it is in a state, such as `challenge`, or past it. */
    reach(taskId: bigint, state: keyof typeof taskStates): Promise<void>
  }
  readonly worker: {
    commit(taskId: bigint, slot: number): Promise<Hash>
    /** The worker that a slot is offered to leaves it to another. */
    decline(taskId: bigint, slot: number): Promise<TransactionReceipt>
    /** A worker gives its slot up. */
    abort(taskId: bigint, slot: number): Promise<Fault>
    /** Everyone delivers but this slot's worker, whose time runs out. */
    late(taskId: bigint, slot: number): Promise<Fault>
  }
  readonly oracle: {
    /** The task's committee reports on a slot, with real signatures. */
    attest(taskId: bigint, slot: number, options?: AttestOptions): Promise<TransactionReceipt>
    /** Plays workers and oracles of a task to its end, from whatever state it is in. */
    complete(taskId: bigint, options?: CompleteOptions): Promise<EndedTask>
  }
  readonly dispute: {
    /** Somebody doubts a slot in its challenge window, with a bond; resolves with its number. */
    open(taskId: bigint, slot: number, options?: DisputeOptions): Promise<bigint>
    /** The jury that is drawn votes, all of it alike. */
    vote(disputeId: bigint, isFaulty: boolean): Promise<void>
    /** The votes are counted, nobody appeals, and what was decided is carried out. */
    close(disputeId: bigint): Promise<EndedDispute>
  }
  /** Ends a block with the system transaction of the proposer whose turn it is. */
  endBlock(input?: Partial<EndBlockInput>): Promise<TransactionReceipt>
  /** Ends so many blocks, one after the other; resolves with the last one's receipt. */
  advance(blocks: number): Promise<TransactionReceipt>
  /** Lets seconds pass in one block, or goes to a moment: `warp({ to: 1_800_000_000n })`. */
  warp(span: Span): Promise<TransactionReceipt>
  /** Goes to the first second after the n-th halving of the subsidy. */
  toHalving(n: number): Promise<TransactionReceipt>
  /** Seconds since 1970 of the latest block. */
  now(): Promise<bigint>
  readonly assert: PocaAssertions
}

/** Loads the genesis into a network and gives the verbs to play on it. */
export async function startPoca(provider: RPCProvider, genesis: Genesis): Promise<Poca> {
  await loadGenesis(provider, genesis)
  // A hex quantity; the network need not have the genesis' own id.
  const chainId = Number(await provider.request({ method: 'eth_chainId' }))
  return pocaOn(provider, genesis, chainId)
}

function pocaOn(provider: RPCProvider, genesis: Genesis, chainId: number): Poca {
  const { systemTxGas, targetBlockMs, coin } = genesis.config.poca
  const accounts = roleAccounts()
  const contracts = contractsFor(provider, accounts.client.address)
  const blockSeconds = BigInt(Math.max(1, Math.round(targetBlockMs / 1_000)))
  const time = { provider, systemTxGas, blockSeconds }
  const stage = stageOn(provider, { chainId, time, symbol: coin.symbol })
  return {
    genesis,
    addresses: predeploys,
    contracts,
    contractsAs: (account) =>
      contractsFor(provider, typeof account === 'string' ? account : account.address),
    accounts,
    client: stage.client,
    crew: (options) => gatherCrew(stage, options),
    task: {
      order: (options) => orderTask(stage, options),
      start: (taskId) => reachState(stage, taskId, 'running'),
      reach: (taskId, state) => reachState(stage, taskId, state),
    },
    worker: {
      commit: (taskId, slot) => commitSlot(stage, taskId, slot),
      decline: (taskId, slot) => declineSlot(stage, taskId, slot),
      abort: (taskId, slot) => abortSlot(stage, taskId, slot),
      late: (taskId, slot) => missSlot(stage, taskId, slot),
    },
    oracle: {
      attest: (taskId, slot, options) => attestSlot(stage, taskId, slot, options),
      complete: (taskId, options) => completeTask(stage, taskId, options),
    },
    dispute: {
      open: (taskId, slot, options) => openDispute(stage, taskId, slot, options),
      vote: (disputeId, isFaulty) => voteOnDispute(stage, disputeId, isFaulty),
      close: (disputeId) => closeDispute(stage, disputeId),
    },
    endBlock: (input) => endOne(time, input),
    advance: (blocks) => advance(time, blocks),
    warp: (span) => warp(time, span),
    toHalving: async (n) => warp(time, { to: await halvingTime(contracts, n) }),
    now: () => latestTime(provider),
    assert: assertionsOn(stage.client, coin.symbol),
  }
}

async function halvingTime({ emissionReserve }: SystemContracts, n: number): Promise<bigint> {
  if (!Number.isSafeInteger(n) || n < 1) throw badCount('halvings', n)
  const [start, eraSeconds] = await Promise.all([
    emissionReserve.read.startTime(),
    emissionReserve.read.eraSeconds(),
  ])
  const to = start + BigInt(n) * eraSeconds
  // A linear schedule has one era only.
  if ((await emissionReserve.read.eraOf([to])) !== BigInt(n)) {
    throw new HardhatPocaError(
      { code: 'HARDHAT_NO_HALVING', eraSeconds },
      'This chain releases coin at a constant rate and never halves; use warp.',
    )
  }
  return to
}
