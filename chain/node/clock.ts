import type { ParentBlock } from '../evm/engine.ts'
import { limits } from '../primitives/limits.ts'
import { nextTimestamp } from '../producer/producer.ts'
import { NodeError } from './errors.ts'

/** The time of blocks: the outside's, shifted on development chains. In seconds. */
export type Clock = {
  /** Timestamp for a block after `parent`; does not change the clock. */
  next(parent: ParentBlock): bigint
  /** A block with this timestamp was made. */
  used(timestamp: bigint): void
  /**
   * Shifts all later blocks; gives the whole shift.
   * @throws NodeError `NODE_TIME_TOO_LATE`
   */
  increase(seconds: number): bigint
  /** Gives the next block this timestamp; time goes on from there. */
  setNext(timestamp: bigint, parent: ParentBlock): void
  save(): ClockState
  restore(state: ClockState): void
}

export type ClockState = { readonly offset: bigint; readonly fixed: bigint | undefined }

/**
 * A clock over `now`, which gives seconds.
 *
 * Blocks made faster than one a second push the chain ahead of the outside. With `keepsLead` the
 * clock goes on from there, so that a shift of n seconds is one of n seconds after the last block;
 * without it the outside catches up.
 */
export function createClock(now: () => number, keepsLead = false): Clock {
  let offset = 0n
  let fixed: bigint | undefined
  const outside = (): bigint => BigInt(Math.floor(now()))
  return {
    next: (parent) =>
      fixed !== undefined && fixed > parent.timestamp
        ? fixed
        : nextTimestamp(parent, outside() + offset),
    used(timestamp) {
      // Set while this block was being made, so it is for the next one.
      if (fixed !== undefined && fixed > timestamp) return
      const shift = timestamp - outside()
      if (fixed !== undefined || (keepsLead && shift > offset)) offset = shift
      fixed = undefined
    },
    increase(seconds) {
      const shift = offset + BigInt(Math.floor(seconds))
      checkNotTooLate(outside() + shift)
      offset = shift
      return offset
    },
    setNext(timestamp, parent) {
      if (timestamp <= parent.timestamp) {
        const head = parent.timestamp
        const text =
          `Timestamp ${timestamp} is lower than or equal to ` +
          `previous block's timestamp ${head}.`
        throw new NodeError({ code: 'NODE_TIME_NOT_LATER', timestamp, head }, text)
      }
      checkNotTooLate(timestamp)
      fixed = timestamp
    },
    save: () => ({ offset, fixed }),
    restore(state) {
      ;({ offset, fixed } = state)
    },
  }
}

/** A chain cannot come back from a time that its contracts cannot write down. */
function checkNotTooLate(timestamp: bigint): void {
  const max = limits.timestampMax
  if (timestamp <= max) return
  const text = `Timestamp ${timestamp} is too far in the future; the last that fits is ${max}.`
  throw new NodeError({ code: 'NODE_TIME_TOO_LATE', timestamp, max }, text)
}
