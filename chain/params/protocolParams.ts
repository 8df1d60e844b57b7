import type { ChainSpec } from './chainSpec.ts'
import { COIN } from './chainSpec.ts'

/** One number that holders may vote on. */
export type ParamDefinition = {
  /** Name of the constant in `contracts/libraries/ParamKeys.sol`. */
  readonly constant: string
  /** The key on chain, a short ASCII string. */
  readonly key: string
  /** Value at genesis. */
  readonly value: bigint
  readonly min: bigint
  readonly max: bigint
  readonly unit: ParamUnit
  readonly meaning: string
  /** Where it comes from: SC and TS are the whitepapers. */
  readonly source: string
}

export type ParamUnit =
  | 'wei'
  | 'wei per gas'
  | 'bps'
  | 'seconds'
  | 'count'
  | 'million MAC/s'
  | 'pico-USD'

/** A parameter as ProtocolParams is initialised with it. */
export type ParamValue = Pick<ParamDefinition, 'key' | 'value' | 'min' | 'max'>

const windows = { min: 10n, max: 86_400n, unit: 'seconds' } as const
const day = 86_400n

/** With the largest comment adjustment still below the largest weight in the draw, 2^44. */
const powerBound = 10_000_000_000_000n
const powers = { min: 1n, max: powerBound, unit: 'million MAC/s', source: 'TS 2.4' } as const

/** The twin of `contracts/libraries/ParamKeys.sol`, in its order. */
export const protocolParams: readonly ParamDefinition[] = [
  {
    constant: 'BASE_FEE_FLOOR',
    key: 'fee.floor',
    value: 1_000_000_000n,
    min: 7n,
    max: 1_000_000_000_000n,
    unit: 'wei per gas',
    meaning: 'The base fee never falls below this.',
    source: 'POCA; EIP-1559',
  },
  {
    constant: 'BASE_FEE_DENOMINATOR',
    key: 'fee.denominator',
    value: 96n,
    min: 8n,
    max: 1_024n,
    unit: 'count',
    meaning: 'The base fee moves by at most one part in this many per block.',
    source: 'POCA; EIP-1559',
  },
  {
    constant: 'TASK_FEE_BPS',
    key: 'task.feeBps',
    value: 250n,
    min: 0n,
    max: 499n,
    unit: 'bps',
    meaning: "The platform's part of each reward; always under 5 %.",
    source: 'TS 3.1',
  },
  {
    constant: 'TASK_COST_RANGE_BPS',
    key: 'task.costRangeBps',
    value: 15_000n,
    // The largest speed bonus times the largest comment adjustment.
    min: 13_200n,
    max: 30_000n,
    unit: 'bps',
    meaning: "A client's collateral as a part of the price.",
    source: 'TS 3.1',
  },
  {
    constant: 'TASK_MINER_BPS',
    key: 'task.minerBps',
    value: 5_000n,
    min: 1_000n,
    max: 10_000n,
    unit: 'bps',
    meaning: "A worker's collateral as a part of its share of the price.",
    source: 'TS 3.2',
  },
  {
    constant: 'TASK_GRACE_BPS',
    key: 'task.graceBps',
    value: 12_000n,
    min: 10_000n,
    max: 20_000n,
    unit: 'bps',
    meaning: 'Time for the work as a part of the expected time; past it a slot is late.',
    source: 'TS 3.4',
  },
  {
    constant: 'TASK_ASSIGN_WINDOW',
    key: 'task.assignWindow',
    value: 60n,
    ...windows,
    meaning: 'How long a task waits for workers.',
    source: 'POCA',
  },
  {
    constant: 'TASK_REVEAL_WINDOW',
    key: 'task.revealWindow',
    value: 120n,
    ...windows,
    meaning: 'How long workers may reveal what they committed to.',
    source: 'POCA',
  },
  {
    constant: 'TASK_ATTEST_WINDOW',
    key: 'task.attestWindow',
    value: 300n,
    ...windows,
    meaning: 'How long oracles may report.',
    source: 'TS 2.8',
  },
  {
    constant: 'TASK_CHALLENGE_WINDOW',
    key: 'task.challengeWindow',
    value: 600n,
    min: 60n,
    max: day,
    unit: 'seconds',
    meaning: 'How long a report may be challenged before money moves.',
    source: 'POCA',
  },
  {
    constant: 'TASK_FAULT_BURN_BPS',
    key: 'task.faultBurnBps',
    value: 1_000n,
    min: 100n,
    max: 5_000n,
    unit: 'bps',
    meaning: 'Part of a lost collateral that is burned, so that dealing with oneself loses.',
    source: 'POCA; TS 3.4',
  },
  {
    constant: 'TASK_FEE_ORACLE_BPS',
    key: 'task.feeOracleBps',
    value: 4_000n,
    min: 0n,
    max: 6_000n,
    unit: 'bps',
    meaning: "The oracles' part of the fee.",
    source: 'POCA',
  },
  {
    constant: 'TASK_FEE_BURN_BPS',
    key: 'task.feeBurnBps',
    value: 2_000n,
    min: 0n,
    // With the largest part of the oracles this is the whole fee.
    max: 4_000n,
    unit: 'bps',
    meaning: 'The part of the fee that is burned; the rest goes to the treasury.',
    source: 'POCA',
  },
  {
    constant: 'TASK_MAX_SLOT_LOSS',
    key: 'task.maxSlotLoss',
    value: 8n,
    min: 0n,
    max: 255n,
    unit: 'count',
    meaning: 'The most lost slots that a client may choose to bear before its task ends.',
    source: 'TS 3.4',
  },
  {
    constant: 'TASK_DUE_PER_BLOCK',
    key: 'task.duePerBlock',
    value: 8n,
    min: 1n,
    max: 64n,
    unit: 'count',
    meaning: 'Due tasks that the producer ends in one block.',
    source: 'POCA',
  },
  {
    constant: 'ORACLE_COLLATERAL',
    key: 'oracle.collateral',
    value: 1_000n * COIN,
    min: COIN,
    max: 1_000_000n * COIN,
    unit: 'wei',
    meaning: 'What an oracle locks to take part.',
    source: 'TS 2.8',
  },
  {
    constant: 'NODE_POWER_MAX',
    key: 'node.powerMax',
    value: 10_000_000_000n,
    min: 1_000n,
    max: powerBound,
    unit: 'million MAC/s',
    meaning: 'The most power that one node may claim.',
    source: 'SC 3.2.1',
  },

  // tasks

  // prices and leases
  {
    constant: 'PRICE_UNIT_SECOND',
    key: 'price.unitSecond',
    // 0.02 USD for 10^12 operations per second over an hour; a multiply-add is two of them.
    value: 11_111n,
    min: 10n,
    max: 1_000_000_000n,
    unit: 'pico-USD',
    meaning: 'A billion multiply-adds per second, for a second, before the adjustment to use.',
    source: 'SC 4.4; TS 3.5; TS 2.2.1',
  },
  {
    constant: 'PRICE_GIB_SECOND',
    key: 'price.gibSecond',
    value: 5_000n,
    min: 1n,
    max: 1_000_000_000n,
    unit: 'pico-USD',
    meaning: 'A GiB of storage for a second; about 0.013 USD a month.',
    source: 'SC 4.4; TS 3.5',
  },
  {
    constant: 'PRICE_FLOOR_BPS',
    key: 'price.floorBps',
    value: 2_500n,
    min: 1_000n,
    max: 10_000n,
    unit: 'bps',
    meaning: 'The lowest that little use brings the price of a unit to, of the voted one.',
    source: 'TS 3.5',
  },
  {
    constant: 'PRICE_CEILING_BPS',
    key: 'price.ceilingBps',
    value: 40_000n,
    min: 10_000n,
    max: 100_000n,
    unit: 'bps',
    meaning: 'The highest that much use brings the price of a unit to, of the voted one.',
    source: 'TS 3.5',
  },
  {
    constant: 'LEASE_OFFER_WINDOW',
    key: 'lease.offerWindow',
    value: 600n,
    ...windows,
    meaning: 'How long an offered lease waits for a worker.',
    source: 'POCA',
  },
  {
    constant: 'LEASE_GRACE',
    key: 'lease.grace',
    value: 300n,
    min: 60n,
    max: 3_600n,
    unit: 'seconds',
    meaning: 'How long a lease whose money has run out may be topped up.',
    source: 'POCA',
  },
  {
    constant: 'LEASE_SECONDS_MAX',
    key: 'lease.secondsMax',
    value: 30n * day,
    min: 3_600n,
    max: 365n * day,
    unit: 'seconds',
    meaning: 'The longest that a lease may be opened for.',
    source: 'POCA',
  },

  // nodes
  {
    constant: 'NODE_PROOF_MAX_AGE',
    key: 'node.proofMaxAge',
    value: day,
    min: 3_600n,
    max: 30n * day,
    unit: 'seconds',
    meaning: 'How long a proof of power holds.',
    source: 'TS 2.2.3; POCA',
  },
  {
    constant: 'NODE_POWER_MIN',
    key: 'node.powerMin',
    value: 1n,
    ...powers,
    meaning: 'The least proved power that gets work.',
  },
  {
    constant: 'NODE_TIER2_POWER',
    key: 'node.tier2Power',
    value: 1_000_000n,
    ...powers,
    meaning: 'The least power of tier 2.',
  },
  {
    constant: 'NODE_TIER3_POWER',
    key: 'node.tier3Power',
    value: 10_000_000n,
    ...powers,
    meaning: 'The least power of tier 3.',
  },
  {
    constant: 'NODE_TIER4_POWER',
    key: 'node.tier4Power',
    value: 100_000_000n,
    ...powers,
    meaning: 'The least power of tier 4.',
  },
  {
    constant: 'NODE_COMMENT_MIN_BPS',
    key: 'node.commentMinBps',
    value: 5_500n,
    min: 0n,
    // A node that never worked has 10,000 and must get its chance.
    max: 10_000n,
    unit: 'bps',
    meaning: 'The least comment adjustment with which a node is drawn.',
    source: 'TS 2.2.3',
  },
  {
    constant: 'NODE_SLOTS_MAX',
    key: 'node.slotsMax',
    value: 16n,
    min: 1n,
    max: 1_000n,
    unit: 'count',
    meaning: 'Slots that a node may hold and still be drawn for another, plus one.',
    source: 'SC 3.2.1',
  },
  {
    constant: 'NODE_STAKE_COOLDOWN',
    key: 'node.stakeCooldown',
    value: day,
    min: 600n,
    max: 30n * day,
    unit: 'seconds',
    meaning: "How long after a node's last slot its stake stays locked.",
    source: 'POCA',
  },
  {
    constant: 'NODE_CHALLENGE_BOND',
    key: 'node.challengeBond',
    value: COIN,
    min: 0n,
    max: 10_000n * COIN,
    unit: 'wei',
    meaning: 'What a node locks with its challenge and loses when its answer is disproved.',
    source: 'TS 3.2; POCA',
  },
  {
    constant: 'NODE_SUSPENSION',
    key: 'node.suspension',
    value: 10n * day,
    min: 3_600n,
    max: 365n * day,
    unit: 'seconds',
    meaning: 'How long a node whose answer was disproved may not register.',
    source: 'TS 4.3.3.2; POCA',
  },

  // oracles and disputes

  // signers
  {
    constant: 'SIGNER_SEATS',
    key: 'signer.seats',
    value: 21n,
    min: 1n,
    max: 127n,
    unit: 'count',
    meaning: 'The most directors that a term seats.',
    source: 'POCA; SC 4.1',
  },
  {
    constant: 'SIGNER_COLLATERAL',
    key: 'signer.collateral',
    value: 1_000n * COIN,
    min: COIN,
    max: 10_000_000n * COIN,
    unit: 'wei',
    meaning: 'What a candidate locks to apply.',
    source: 'SC 3.1; TS 4.2.2.1',
  },
  {
    constant: 'SIGNER_TERM',
    key: 'signer.term',
    value: 7n * day,
    min: 3_600n,
    max: 365n * day,
    unit: 'seconds',
    meaning: 'How long directors are seated for.',
    source: 'POCA; SC 4.1',
  },
  {
    constant: 'SIGNER_VOTE_WINDOW',
    key: 'signer.voteWindow',
    value: 3n * day,
    min: 3_600n,
    max: 30n * day,
    unit: 'seconds',
    meaning: 'How long directors may vote on an admission or elimination.',
    source: 'SC 3.1',
  },
  {
    constant: 'SIGNER_COOL_DOWN',
    key: 'signer.coolDown',
    value: 7n * day,
    min: 3_600n,
    max: 365n * day,
    unit: 'seconds',
    meaning: 'How long an eliminated node waits before it may apply again.',
    source: 'SC 3.1',
  },
  {
    constant: 'SIGNER_UNBONDING',
    key: 'signer.unbonding',
    value: 21n * day,
    min: day,
    max: 90n * day,
    unit: 'seconds',
    meaning: 'How long collateral stays forfeitable after its owner has left.',
    source: 'POCA; SC 3.3.3',
  },
  {
    constant: 'SIGNER_MISSED_TURNS',
    key: 'signer.missedTurns',
    value: 20n,
    min: 2n,
    max: 10_000n,
    unit: 'count',
    meaning: 'Turns missed in a row after which a standby takes over.',
    source: 'SC 3.3.2',
  },
  {
    constant: 'SIGNER_RECOVER_BLOCKS',
    key: 'signer.recoverBlocks',
    value: 64n,
    min: 1n,
    max: 100_000n,
    unit: 'count',
    meaning: "Blocks between a director's return and its right to sign.",
    source: 'SC 3.3.2',
  },
  {
    constant: 'SIGNER_PROXIES_MAX',
    key: 'signer.proxiesMax',
    value: 2n,
    min: 1n,
    max: 42n,
    unit: 'count',
    meaning: 'Seats for which standbys may act at the same time.',
    source: 'SC 3.3.2',
  },
  {
    constant: 'SIGNER_STABILITY',
    key: 'signer.stability',
    value: 7n * day,
    min: 3_600n,
    max: 365n * day,
    unit: 'seconds',
    meaning: 'Time online that raises the stability of a node by one step.',
    source: 'SC 4.1; TS 4.2.2.2',
  },
  {
    constant: 'SIGNER_TRIAL_WINDOW',
    key: 'signer.trialWindow',
    value: day,
    min: 3_600n,
    max: 7n * day,
    unit: 'seconds',
    meaning: 'How long a signer accused of amnesia may show what released its lock.',
    source: 'POCA; SC 3.3.3',
  },

  // governance
  {
    constant: 'GOVERNANCE_QUORUM_BPS',
    key: 'governance.quorumBps',
    value: 400n,
    min: 100n,
    max: 2_000n,
    unit: 'bps',
    meaning: 'Part of the circulating coin that must take part in a vote.',
    source: 'SC 4.4',
  },
  {
    constant: 'GOVERNANCE_QUORUM_FLOOR',
    key: 'governance.quorumFloor',
    value: 10_000n * COIN,
    min: COIN,
    max: 10_000_000n * COIN,
    unit: 'wei',
    meaning: 'The least that must take part in a vote, however little coin there is.',
    source: 'SC 4.4',
  },
  {
    constant: 'COUNCIL_REPORT_PERIOD',
    key: 'council.reportPeriod',
    value: 90n * day,
    min: day,
    max: 366n * day,
    unit: 'seconds',
    meaning: 'A committee without a report for this long cannot spend.',
    source: 'TS 9.2',
  },

  // rewards
  // The bounds of the three rates meet, so that no vote can make the curve rise.
  {
    constant: 'REWARD_RATE_LOW',
    key: 'reward.rateLow',
    value: (20n * COIN) / 100n,
    min: (6n * COIN) / 100n,
    max: 2n * COIN,
    unit: 'wei',
    meaning: 'What a file earns in an epoch while not more than 30 % of the network is in use.',
    source: 'SC 4.3',
  },
  {
    constant: 'REWARD_RATE_MIDDLE',
    key: 'reward.rateMiddle',
    value: (6n * COIN) / 100n,
    min: (3n * COIN) / 100n,
    max: (6n * COIN) / 100n,
    unit: 'wei',
    meaning: 'What a file earns in an epoch when half of the network is in use.',
    source: 'SC 4.3',
  },
  {
    constant: 'REWARD_RATE_FULL',
    key: 'reward.rateFull',
    value: (3n * COIN) / 100n,
    min: COIN / 1_000n,
    max: (3n * COIN) / 100n,
    unit: 'wei',
    meaning: 'What a file earns in an epoch when all of the network is in use.',
    source: 'SC 4.3',
  },
  {
    constant: 'REWARD_UNIT_EPOCHS',
    key: 'reward.unitEpochs',
    value: 1n,
    min: 1n,
    max: 30n,
    unit: 'count',
    meaning: 'Epochs of 24 hours in which one proof counts, the one of the proof included.',
    source: 'SC 4.3',
  },
  {
    constant: 'REWARD_CONTRIBUTION_MAX',
    key: 'reward.contributionMax',
    value: 10_000n * COIN,
    min: COIN,
    max: 1_000_000n * COIN,
    unit: 'wei',
    meaning: 'The most that one contribution to the ecosystem may be awarded.',
    source: 'SC 2.2; SC 4.4',
  },
]

/** The parameters of a chain at genesis: the table with the spec's own values put in. */
export function paramsOf(spec: ChainSpec): readonly ParamValue[] {
  return protocolParams.map(({ key, value, min, max }) => ({
    key,
    value: spec.params[key] ?? value,
    min,
    max,
  }))
}
