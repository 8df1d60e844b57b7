import type { Address } from '../primitives/hex.ts'

/** All in which one POCA chain differs from another. Times are in seconds, amounts in wei. */
export type ChainSpec = {
  readonly name: ChainName
  readonly chainId: bigint
  readonly coin: Coin
  /** All coin there will ever be. */
  readonly cap: bigint
  readonly emission: Emission
  /** Timestamp of the genesis block, and first second of the emission schedule. */
  readonly genesisTime: bigint
  readonly blockGasLimit: bigint
  /** Gas limit of the system transaction that ends each block. */
  readonly systemTxGas: bigint
  /** Base fee of the genesis block, wei per gas. */
  readonly initialBaseFee: bigint
  /** Coin allocated at genesis; the reserve holds the rest of the cap. */
  readonly balances: readonly Allocation[]
  /** What AllocationVesting holds; its balance is among `balances`. */
  readonly allocations: Allocations
  /** All SCC there will ever be, in units of 10^-18; 0 where there is no additional issuance. */
  readonly additionalIssuance: bigint
  /** First holders of the seats, in seat order. */
  readonly signers: readonly Address[]
  /** How the first proposer of a height is found. */
  readonly proposerRule: ProposerRule
  /** Oracles that may lock collateral from the first block on. */
  readonly oracles: readonly Address[]
  /** Who receives the AutoMine share of the subsidy. */
  readonly autoMineNode: Address
  readonly sharesBps: SubsidyShares
  readonly governance: GovernanceTimes
  /** Values that differ from those in `protocolParams`. */
  readonly params: Readonly<Partial<Record<string, bigint>>>
  /** What producers aim for, in milliseconds; consensus accepts any longer interval. */
  readonly targetBlockMs: number
}

/** The order of `ISignerBoard.ProposerRule`. */
export const proposerRules = ['rotation', 'lottery'] as const

/**
 * `rotation`: round robin, each seat as often as it weighs. `lottery`: the seat with the smallest
 * ProofHash / equity.
 */
export type ProposerRule = (typeof proposerRules)[number]

export type ChainName = 'dev' | 'smart' | 'tesra'

export type Coin = { readonly name: string; readonly symbol: string; readonly decimals: 18 }

export type Allocation = { readonly address: Address; readonly balance: bigint }

/** Grants with their lock-ups; what they leave of the balance is the distribution. */
export type Allocations = {
  readonly grants: readonly Grant[]
  /** Lock-up of what is sold to investors. */
  readonly investorTerms: Terms
  /** From this second on nothing of the distribution can be awarded. */
  readonly closesAt: number
}

/** Nothing before `cliff`, all from `end` on, in between a line that starts at `start`. */
export type Terms = { readonly start: number; readonly cliff: number; readonly end: number }

export type Grant = Terms & {
  readonly beneficiary: Address
  readonly total: bigint
  /** Always 0 at genesis. */
  readonly released: bigint
}

/** How the reserve lets coin go. */
export type Emission =
  | { readonly kind: 'halving'; readonly eraSeconds: bigint }
  | { readonly kind: 'linear'; readonly durationSeconds: bigint; readonly scheduled: bigint }

/** Shares of the subsidy in basis points; they sum to 10,000. */
export type SubsidyShares = {
  readonly producer: number
  readonly standby: number
  readonly online: number
  readonly challenge: number
  readonly storage: number
  readonly autoMine: number
  readonly ecosystem: number
  readonly transmission: number
}

export type GovernanceTimes = {
  readonly votingDelay: number
  readonly votingPeriod: number
  /** Votes (wei locked) needed to propose. */
  readonly proposalThreshold: bigint
  /** How long a vote stays open at least after the quorum is reached. */
  readonly lateQuorumExtension: number
  readonly timelockDelay: number
}

/** One coin in wei. */
export const COIN = 10n ** 18n

/** Coin allocated at genesis. */
export function premineOf(spec: ChainSpec): bigint {
  return spec.balances.reduce((sum, { balance }) => sum + balance, 0n)
}

/** Coin the reserve holds at genesis. */
export function minedCapOf(spec: ChainSpec): bigint {
  return spec.cap - premineOf(spec)
}
