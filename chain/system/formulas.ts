import { ceilDiv, max, min } from '../primitives/integers.ts'

const BPS = 10_000n
const SPEED_BPS_MIN = 5_000n
const SPEED_BPS_MAX = 12_000n
const FEE_BPS_MAX = 499n
const COIN = 10n ** 18n
/** The factor at which a unit costs what was voted. */
const FACTOR_ONE = 2n ** 20n
/** What a day does to the factor, in parts of 2^20, for each tenth of utilisation. */
const FACTOR_MULTIPLIERS = [
  1_006_633n,
  1_017_119n,
  1_027_604n,
  1_038_090n,
  1_048_576n,
  1_048_576n,
  1_059_062n,
  1_069_548n,
  1_080_033n,
  1_090_519n,
] as const

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

/** What a worker did of a slice that another began. */
export type PartInput = GrossRewardInput & {
  readonly units: bigint
  readonly slice: bigint
}

/** What the reserve may add where a compensation fell short. */
export type TopUpInput = {
  /** Wei, of what was seized. */
  readonly burned: bigint
  /** Wei. */
  readonly reserve: bigint
  /** Wei that one slot lacks. */
  readonly shortfall: bigint
  /** Over all slots. */
  readonly shortfallSum: bigint
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

/** Work, and what it costs in dollars. */
export type QuoteInput = {
  readonly seconds: bigint
  /** Billion multiply-adds per second. */
  readonly computeUnits: bigint
  readonly storageGiB: bigint
  /** Pico-USD per unit and second. */
  readonly pricePerUnit: bigint
  /** Pico-USD per GiB and second. */
  readonly pricePerGiB: bigint
  /** Pico-USD. */
  readonly pricePerCoin: bigint
}

/** How the price of a unit stands, and how much of the network was in use. */
export type NextFactorInput = {
  /** In parts of 2^20 of the voted price, as are the bounds in basis points. */
  readonly factor: bigint
  readonly utilisationBps: bigint
  readonly floorBps: bigint
  readonly ceilingBps: bigint
}

/** A session paid by the second. */
export type LeaseCostInput = {
  /** Wei per second. */
  readonly rate: bigint
  readonly seconds: bigint
  readonly feeBps: bigint
  /** Of the fee. */
  readonly feeBurnBps: bigint
}

/** Wei. The worker gets `gross - fee`; `burned` is a part of the fee. */
export type LeaseCost = { readonly gross: bigint; readonly fee: bigint; readonly burned: bigint }

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
 * What a worker earns that did `units` of a slice. A slice without units is paid by its power alone.
 *
 * @source TS 3.1
 * @units wei; the rates in basis points.
 * @rounding Down, once: the dust stays with the sponsor.
 */
export function grossRewardOfPart(input: PartInput): bigint {
  const { price, power, powerSum, speedBps, commentBps } = input
  const [units, slice] = input.slice === 0n ? [1n, 1n] : [input.units, input.slice]
  return (price * power * speedBps * commentBps * units) / (powerSum * BPS * BPS * slice)
}

/**
 * The expected time of `units` out of a slice.
 *
 * @source TS 3.4
 * @units seconds.
 * @rounding Up: a part takes a second at least.
 */
export function scaledSeconds(expectedSeconds: bigint, units: bigint, slice: bigint): bigint {
  return slice === 0n ? expectedSeconds : ceilDiv(expectedSeconds * units, slice)
}

/**
 * What the reserve adds to a compensation that fell short of what was earned. Over all slots at
 * most half of what was burned, so that whoever deals with himself still loses.
 *
 * @source TS 3.4
 * @units wei.
 * @rounding Down.
 */
export function topUp({ burned, reserve, shortfall, shortfallSum }: TopUpInput): bigint {
  if (shortfall === 0n) return 0n
  return (min(min(burned / 2n, reserve), shortfallSum) * shortfall) / shortfallSum
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

/**
 * What work costs, in coin: time x (units x price + GiB x price), at the coin's price.
 *
 * Mirrors `PriceMath.quote` in Solidity; test/vectors/priceBook.json binds the two.
 *
 * @source TS 3.5
 * @units wei out.
 * @rounding Up, once: who works is never paid less than the price in dollars.
 */
export function quoteAt(input: QuoteInput): bigint {
  const { seconds, computeUnits, storageGiB, pricePerUnit, pricePerGiB, pricePerCoin } = input
  const cost = seconds * (computeUnits * pricePerUnit + storageGiB * pricePerGiB)
  return ceilDiv(cost * COIN, pricePerCoin)
}

/**
 * How the price of a unit stands a day later: dearer when the network was much in use, cheaper when
 * little.
 *
 * Mirrors `PriceMath.nextFactor` in Solidity; test/vectors/priceBook.json binds the two.
 *
 * @source TS 3.5
 * @units Parts of 2^20 of the voted price.
 * @rounding Down, then kept within the bounds.
 */
export function nextFactor(input: NextFactorInput): bigint {
  const { factor, utilisationBps, floorBps, ceilingBps } = input
  const multiplier = FACTOR_MULTIPLIERS[Number(min(utilisationBps / 1_000n, 9n))] ?? FACTOR_ONE
  const next = (factor * multiplier) / FACTOR_ONE
  return min(max(next, (FACTOR_ONE * floorBps) / BPS), (FACTOR_ONE * ceilingBps) / BPS)
}

/**
 * What so many full seconds of a lease cost.
 *
 * Mirrors `PriceMath.leaseCost` in Solidity; test/vectors/priceBook.json binds the two.
 *
 * @source TS 3.1
 * @units wei; the rates in basis points.
 * @rounding Down: the dust of the fee stays with the worker, that of its burned part with the
 *   treasury.
 */
export function leaseCost(input: LeaseCostInput): LeaseCost {
  const gross = input.rate * input.seconds
  const part = fee(gross, input.feeBps)
  return { gross, fee: part, burned: (part * input.feeBurnBps) / BPS }
}
