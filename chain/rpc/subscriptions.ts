import type { Hash, Hex } from '../primitives/hex.ts'
import type { Backend, ChainEvent } from './backend.ts'
import type { CallContext } from './dispatch.ts'
import { createRpcError } from './errors.ts'
import { createId } from './filters.ts'
import { formatHeader, formatLog, formatTransaction } from './format.ts'
import { type LogPattern, matchesLog } from './logFilter.ts'

/** What a subscription delivers. */
export type SubscriptionKind =
  | { readonly type: 'newHeads' }
  | { readonly type: 'logs'; readonly pattern: LogPattern }
  | { readonly type: 'newPendingTransactions'; readonly isFull: boolean }
  /** This node is never behind, so nothing comes. */
  | { readonly type: 'syncing' }

/** Subscriptions of all sockets. */
export type Subscriptions = {
  open(kind: SubscriptionKind, context: CallContext): Hex
  close(id: Hex, context: CallContext): boolean
}

/** What subscriptions need. */
export type SubscriptionDependencies = {
  readonly backend: Backend
  readonly subscriptionsMax: number
}

/** Creates the registry of subscriptions. They live as long as their socket. */
export function createSubscriptions(deps: SubscriptionDependencies): Subscriptions {
  const { backend, subscriptionsMax } = deps
  let count = 0
  return {
    open(kind, { subscriber }) {
      if (subscriber === undefined) {
        throw createRpcError({ code: 'RPC_SOCKET_NEEDED', method: 'eth_subscribe' })
      }
      if (count >= subscriptionsMax) {
        const facts = { what: 'subscriptions at once', max: subscriptionsMax }
        throw createRpcError({ code: 'RPC_LIMIT_EXCEEDED', ...facts })
      }
      const id = createId()
      count++
      const send = (result: unknown) => subscriber.notify(id, result)
      const stop = backend.subscribe((event) => deliver(kind, { event, backend, send }))
      subscriber.keep(id, () => {
        count--
        stop()
      })
      return id
    },
    close(id, { subscriber }) {
      if (subscriber === undefined) {
        throw createRpcError({ code: 'RPC_SOCKET_NEEDED', method: 'eth_unsubscribe' })
      }
      return subscriber.drop(id)
    },
  }
}

type Delivery = {
  readonly event: ChainEvent
  readonly backend: Backend
  readonly send: (result: unknown) => void
}

function deliver(kind: SubscriptionKind, { event, backend, send }: Delivery): void {
  if (event.type === 'pendingTransaction') {
    if (kind.type !== 'newPendingTransactions') return
    if (kind.isFull) sendTransaction(event.hash, { backend, send })
    else send(event.hash)
    return
  }
  if (kind.type === 'newHeads') send(formatHeader(event.block))
  if (kind.type !== 'logs') return
  for (const log of event.receipts.logs()) {
    if (matchesLog(kind.pattern, log)) send(formatLog(log))
  }
}

/** A transaction that is gone again has nobody to be told about it. */
function sendTransaction(hash: Hash, { backend, send }: Omit<Delivery, 'event'>): void {
  void backend.transaction(hash).then(
    (tx) => tx !== undefined && send(formatTransaction(tx)),
    () => undefined,
  )
}
