const BPS = 10_000n
const SPEED_BPS_MIN = 5_000n
const SPEED_BPS_MAX = 12_000n
const FEE_BPS_MAX = 499n

/** The work that a reward pays for, as the contracts see it. */
export type GrossRewardInput = {
  /** Wei. */
  readonly price: bigint
  readonly power: bigint
  /** Over all slots of the task at its start. */
  readonly powerSum: bigint
  readonly speedBps: bigint
  readonly commentBps: bigint
}

/** What a slot without fault did before others failed. */
export type CompensationInput = {
  /** Wei to share. */
  readonly pool: bigint
  /** Wei. */
  readonly price: bigint
  readonly power: bigint
  readonly powerSum: bigint
  readonly elapsedSeconds: bigint
  readonly expectedSeconds: bigint
  /** Sum over the sharing slots of `power * min(elapsedSeconds, expectedSeconds)`. */
  readonly weightSum: bigint
}

/** A worker's part of the risk. */
export type MinerCollateralInput = {
  /** Wei. */
  readonly price: bigint
  readonly power: bigint
  readonly powerSum: bigint
  readonly minerBps: bigint
}

/**
 * What a client escrows: the price times the cost range.
 *
 * @source TS 3.1
 * @units wei; the rate in basis points.
 * @rounding Up: the escrow never falls short of the range.
 */
export function taskCollateral(price: bigint, costRangeBps: bigint): bigint {
  return ceilDiv(price * costRangeBps, BPS)
}

/**
 * What a worker locks, by its share of the power.
 *
 * @source TS 3.2
 * @units wei; the rate in basis points.
 * @rounding Up: a worker always has something to lose.
 */
export function minerCollateral(input: MinerCollateralInput): bigint {
  return ceilDiv(input.price * input.power * input.minerBps, input.powerSum * BPS)
}

/**
 * What a slot earns before the fee: price x share of the power x speed x comment.
 *
 * Mirrors `RewardMath.grossReward` in Solidity; test/vectors/rewardFormula.json binds the two.
 *
 * @source TS 3.1
 * @units wei; the rates in basis points.
 * @rounding Down, once: the dust stays with the sponsor.
 */
export function grossReward(input: GrossRewardInput): bigint {
  const { price, power, powerSum, speedBps, commentBps } = input
  return (price * power * speedBps * commentBps) / (powerSum * BPS * BPS)
}

/**
 * The platform's part of a reward, always under 5 %: higher rates count as 499.
 *
 * @source TS 3.1
 * @units wei; the rate in basis points.
 * @rounding Down: the dust stays with the worker.
 */
export function fee(gross: bigint, feeBps: bigint): bigint {
  return (gross * min(feeBps, FEE_BPS_MAX)) / BPS
}

/**
 * How much faster than expected a slot was, between half and 1.2 times.
 *
 * @source TS 3.1
 * @units Seconds in, basis points out. An actual time of 0 counts as 1.
 * @rounding Down.
 */
export function speedBonus(expectedSeconds: bigint, actualSeconds: bigint): bigint {
  const bps = (BPS * expectedSeconds) / max(actualSeconds, 1n)
  return min(max(bps, SPEED_BPS_MIN), SPEED_BPS_MAX)
}

/**
 * What a slot without fault gets of the collateral that faulty ones lost, never more than it would
 * have earned.
 *
 * @source TS 3.4
 * @units wei, seconds.
 * @rounding Down, twice: the shares never sum to more than the pool.
 */
export function compensation(input: CompensationInput): bigint {
  const { pool, price, power, powerSum, elapsedSeconds, expectedSeconds, weightSum } = input
  const own = power * min(elapsedSeconds, expectedSeconds)
  if (own === 0n) return 0n
  return min((pool * own) / weightSum, (price * own) / (powerSum * expectedSeconds))
}

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b
}

function min(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
