import type { EventEmitter } from 'node:events'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'

/** What a worker tells about its work; the facts of a slot come from the chain. */
export type WorkerEvent =
  | { readonly type: 'kindsDeclared'; readonly kinds: readonly Hex[] }
  | { readonly type: 'registered'; readonly power: bigint }
  | { readonly type: 'proving'; readonly done: number; readonly total: number }
  | { readonly type: 'productsCommitted'; readonly root: Hash }
  | { readonly type: 'proved'; readonly power: bigint }
  | { readonly type: 'deposited'; readonly amount: bigint }
  | (OfSlot & { readonly type: 'accepted' })
  | (OfSlot & { readonly type: 'declined' })
  | (OfSlot & { readonly type: 'computing'; readonly done: number; readonly total: number })
  | (OfSlot & { readonly type: 'computed'; readonly resultRoot: Hash; readonly wallMs: number })
  | (OfSlot & { readonly type: 'committed'; readonly hash: Hash })
  | (OfSlot & { readonly type: 'revealed'; readonly hash: Hash })
  | (OfSlot & { readonly type: 'shown'; readonly leafIndex: number; readonly hash: Hash })
  | (OfSlot & {
      readonly type: 'contested'
      readonly disputeId: bigint
      readonly bond: bigint
      readonly hash: Hash
    })
  | (OfSlot & { readonly type: 'aborted'; readonly hash: Hash })
  | (OfSlot & {
      readonly type: 'settled'
      readonly gross: bigint
      readonly fee: bigint
      readonly power: bigint
      readonly speedBps: number
      readonly commentBps: number
    })
  | (OfSlot & { readonly type: 'faulted'; readonly fault: number; readonly seized: bigint })
  | (OfSlot & { readonly type: 'compensated'; readonly amount: bigint })
  | (OfSlot & { readonly type: 'ended' })
  | { readonly type: 'paid'; readonly amount: bigint; readonly hash: Hash }

/** Which slot an event is about. */
export type OfSlot = {
  readonly taskId: bigint
  readonly slot: number
}

/** Where a worker tells it: one channel named `event`. */
export type WorkerEvents = EventEmitter<{ event: [WorkerEvent] }>
