// The formulas of supply, rewards and comments, as the contracts compute them: integer, pure.
// test/vectors/economy.json binds both.

import { ceilDiv, max, min } from '../primitives/integers.ts'

const BPS = 10_000n
const LOW_UTILISATION_BPS = 3_000n
const MIDDLE_UTILISATION_BPS = 5_000n

const COMMENT_START_BPS = 10_000n
const COMMENT_MIN_BPS = 5_000n
const COMMENT_MAX_BPS = 11_000n
const COMPLETION_BPS = 25n
const FAULT_BPS = 2_000n
const UNATTESTED_BPS = 500n
const RATING_BPS = 5n
const PENALTIES_MAX = 3n
const RAISE_SECONDS = 86_400n
const ABORT_SECONDS = 259_200n
const LATE_SECONDS = 864_000n
const UNATTESTED_SECONDS = 259_200n

/** A schedule that halves: era k yields half of what was left before it. */
export type HalvingInput = {
  /** Wei, all coin there will ever be. */
  readonly cap: bigint
  /** Wei that the reserve holds. */
  readonly minedCap: bigint
  readonly eraSeconds: bigint
  /** Seconds since the first of era 0. */
  readonly elapsed: bigint
}

/** A schedule that is a line. */
export type LinearInput = {
  /** Wei that the reserve holds. */
  readonly minedCap: bigint
  /** Wei over the whole duration. */
  readonly scheduled: bigint
  /** Seconds. */
  readonly duration: bigint
  readonly elapsed: bigint
}

/** The corners of the online reward's curve, in wei per unit and epoch. */
export type OnlineRateInput = {
  readonly utilisationBps: bigint
  /** Up to 30 %. */
  readonly low: bigint
  /** At 50 %. */
  readonly middle: bigint
  /** At 100 %. */
  readonly full: bigint
}

/** A grant; times in seconds. */
export type VestedInput = {
  /** Wei. */
  readonly total: bigint
  readonly start: bigint
  readonly cliff: bigint
  readonly end: bigint
  readonly t: bigint
}

/** What happens to a worker's comment. */
export type CommentEvent =
  | 'completion'
  | 'abort'
  | 'late'
  | 'nonReveal'
  | 'unavailable'
  | 'invalid'
  | 'unattested'
  | 'rating1'
  | 'rating2'
  | 'rating3'
  | 'rating4'
  | 'rating5'

/** A worker's record, as `Reputation` keeps it; times in seconds. */
export type CommentRecord = {
  readonly base: bigint
  readonly abortCount: bigint
  readonly abortUntil: bigint
  readonly lateCount: bigint
  readonly lateUntil: bigint
  readonly unattestedUntil: bigint
  /** When work last raised the base; undefined for never. */
  readonly raisedAt: bigint | undefined
  /** When a client's rating last did. */
  readonly ratedAt: bigint | undefined
}

/** The record of a worker of whom nothing is known. */
export const newComment: CommentRecord = {
  base: COMMENT_START_BPS,
  abortCount: 0n,
  abortUntil: 0n,
  lateCount: 0n,
  lateUntil: 0n,
  unattestedUntil: 0n,
  raisedAt: undefined,
  ratedAt: undefined,
}

/**
 * Coin emitted by a schedule that halves.
 *
 * @source SC 4.3
 * @units wei
 * @rounding Down within an era; eras add up exactly.
 */
export function halvingEmitted({ cap, minedCap, eraSeconds, elapsed }: HalvingInput): bigint {
  const era = elapsed / eraSeconds
  const before = cap - (cap >> era)
  const inEra = (((cap >> era) - (cap >> (era + 1n))) * (elapsed % eraSeconds)) / eraSeconds
  return min(minedCap, before + inEra)
}

/**
 * Coin emitted by a linear schedule that was never extended.
 *
 * @source TS 5.2
 * @units wei
 * @rounding Down.
 */
export function linearEmitted({ minedCap, scheduled, duration, elapsed }: LinearInput): bigint {
  return min(minedCap, (scheduled * elapsed) / duration)
}

/**
 * What a unit of service earns in an epoch.
 *
 * @source SC 4.3
 * @units wei per unit and epoch; utilisation in basis points.
 * @rounding Down.
 */
export function onlineRate({ utilisationBps, low, middle, full }: OnlineRateInput): bigint {
  const u = min(utilisationBps, BPS)
  if (u <= LOW_UTILISATION_BPS) return low
  if (u <= MIDDLE_UTILISATION_BPS) {
    const width = MIDDLE_UTILISATION_BPS - LOW_UTILISATION_BPS
    return low - ceilDiv((low - middle) * (u - LOW_UTILISATION_BPS), width)
  }
  const width = BPS - MIDDLE_UTILISATION_BPS
  return middle - ceilDiv((middle - full) * (u - MIDDLE_UTILISATION_BPS), width)
}

/**
 * What of a grant is free at `t`: nothing before the cliff, then a line from `start` to `end`.
 *
 * @source TS 5.2
 * @units wei
 * @rounding Down.
 */
export function vestedAmount({ total, start, cliff, end, t }: VestedInput): bigint {
  if (t < cliff) return 0n
  if (t >= end) return total
  return (total * (t - start)) / (end - start)
}

/**
 * The Comment Adjustment at a time.
 *
 * @source TS 3.4
 * @units basis points, 5,000 to 11,000.
 */
export function commentAt(record: CommentRecord, time: bigint): bigint {
  let penalty = 0n
  if (time < record.abortUntil) penalty += record.abortCount * FAULT_BPS
  if (time < record.lateUntil) penalty += record.lateCount * FAULT_BPS
  if (time < record.unattestedUntil) penalty += UNATTESTED_BPS
  return within(record.base - penalty)
}

/**
 * The record after something happened.
 *
 * @source TS 3.4: an abort lowers for 3 days, a delay for 10
 */
export function noteComment(
  record: CommentRecord,
  event: CommentEvent,
  time: bigint,
): CommentRecord {
  switch (event) {
    case 'completion': {
      const { raisedAt } = record
      if (raisedAt !== undefined && time < raisedAt + RAISE_SECONDS) return record
      return { ...record, base: within(record.base + COMPLETION_BPS), raisedAt: time }
    }
    case 'rating1':
    case 'rating2':
    case 'rating3':
    case 'rating4':
    case 'rating5': {
      const step = (BigInt(event.slice('rating'.length)) - 3n) * RATING_BPS
      const { ratedAt } = record
      if (step <= 0n) return { ...record, base: within(record.base + step) }
      if (ratedAt !== undefined && time < ratedAt + RAISE_SECONDS) return record
      return { ...record, base: within(record.base + step), ratedAt: time }
    }
    case 'unattested':
      return { ...record, unattestedUntil: time + UNATTESTED_SECONDS }
    case 'abort':
      return {
        ...record,
        base: min(record.base, COMMENT_START_BPS),
        abortCount: stacked(record.abortCount, record.abortUntil, time),
        abortUntil: time + ABORT_SECONDS,
      }
    case 'late':
    case 'nonReveal':
    case 'unavailable':
    case 'invalid':
      return {
        ...record,
        base: event === 'invalid' ? COMMENT_MIN_BPS : min(record.base, COMMENT_START_BPS),
        lateCount: stacked(record.lateCount, record.lateUntil, time),
        lateUntil: time + LATE_SECONDS,
      }
  }
}

/** A penalty that has run out is not counted; one that runs is counted up to three times. */
function stacked(count: bigint, until: bigint, time: bigint): bigint {
  return time >= until ? 1n : min(count + 1n, PENALTIES_MAX)
}

function within(bps: bigint): bigint {
  return min(max(bps, COMMENT_MIN_BPS), COMMENT_MAX_BPS)
}
