import type { EventEmitter } from 'node:events'
import type { Hash } from '../../chain/primitives/hex.ts'
import type { Finding } from './review.ts'

/** What an oracle tells about its work. */
export type OracleEvent =
  | { readonly type: 'activated'; readonly collateral: bigint }
  | {
      readonly type: 'reviewing'
      readonly taskId: bigint
      readonly done: number
      readonly total: number
    }
  | {
      readonly type: 'signed'
      readonly taskId: bigint
      readonly slot: number
      readonly verdict: number
      readonly finding: Finding
      readonly sampleCount: number
    }
  | {
      readonly type: 'recheckSigned'
      readonly taskId: bigint
      readonly slot: number
      readonly verdict: number
      readonly finding: Finding
    }
  | {
      readonly type: 'recheckSubmitted'
      readonly taskId: bigint
      readonly slot: number
      readonly hash: Hash
    }
  | {
      readonly type: 'voted'
      readonly disputeId: bigint
      readonly round: number
      readonly isFaulty: boolean
      readonly finding: Finding
      readonly hash: Hash
    }
  | { readonly type: 'disputeDecided'; readonly disputeId: bigint; readonly hash: Hash }
  | {
      readonly type: 'disputeClosed'
      readonly disputeId: bigint
      readonly isFaulty: boolean
      readonly hash: Hash
    }
  | { readonly type: 'jurorPaid'; readonly disputeId: bigint; readonly hash: Hash }
  | { readonly type: 'abstained'; readonly taskId: bigint; readonly reason: string }
  | {
      readonly type: 'submitted'
      readonly taskId: bigint
      readonly slot: number
      readonly hash: Hash
    }
  | {
      readonly type: 'pricePosted'
      /** Pico-USD per coin. */
      readonly coinPrice: bigint
      readonly source: string
      readonly hash: Hash
    }
  | { readonly type: 'priceUnknown'; readonly source: string; readonly reason: string }
  | { readonly type: 'feeClaimed'; readonly taskId: bigint; readonly slot: number }

/** Where an oracle tells it: one channel named `event`. */
export type OracleEvents = EventEmitter<{ event: [OracleEvent] }>
