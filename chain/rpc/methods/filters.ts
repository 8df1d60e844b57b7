import type { LogView } from '../backend.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { invalidParams } from '../errors.ts'
import { formatLog, toQuantity } from '../format.ts'
import { findLogs, type LogPattern, logPattern, logQuery } from '../logFilter.ts'
import { optional, type Parser, quantity, text } from '../parse.ts'
import type { Services } from '../services.ts'
import type { SubscriptionKind } from '../subscriptions.ts'

/** eth_ methods that deliver logs and news, asked for or pushed. */
export function createFilterMethods(services: Services): MethodTable {
  const { backend, filters, subscriptions } = services
  return {
    eth_getLogs: method([logQuery], async ([query]) =>
      (await findLogs(backend, query)).map(formatLog),
    ),
    eth_newFilter: method([logQuery], ([query]) => {
      if (query.blockHash !== undefined) {
        throw invalidParams('a filter follows the chain: it cannot have a blockHash')
      }
      return filters.create({ type: 'logs', query })
    }),
    eth_newBlockFilter: method([], () => filters.create({ type: 'blocks' })),
    eth_newPendingTransactionFilter: method([], () =>
      filters.create({ type: 'pendingTransactions' }),
    ),
    eth_getFilterChanges: method([quantity(128)], async ([id]) =>
      (await filters.changes(toQuantity(id))).map((item) =>
        typeof item === 'string' ? item : formatLog(item satisfies LogView),
      ),
    ),
    eth_getFilterLogs: method([quantity(128)], async ([id]) =>
      (await filters.logs(toQuantity(id))).map(formatLog),
    ),
    eth_uninstallFilter: method([quantity(128)], ([id]) => filters.remove(toQuantity(id))),
    eth_subscribe: method([text, anything], ([kind, details], context) =>
      subscriptions.open(readKind(kind, details), context),
    ),
    eth_unsubscribe: method([quantity(128)], ([id], context) =>
      subscriptions.close(toQuantity(id), context),
    ),
  }
}

const anything: Parser<unknown> = (value) => value

function readKind(kind: string, details: unknown): SubscriptionKind {
  if (kind === 'newHeads') return { type: 'newHeads' }
  if (kind === 'syncing') return { type: 'syncing' }
  if (kind === 'logs') {
    const any: LogPattern = { addresses: [], topics: [] }
    return { type: 'logs', pattern: optional(logPattern)(details, 'argument 1') ?? any }
  }
  if (kind === 'newPendingTransactions') {
    if (details !== undefined && details !== null && typeof details !== 'boolean') {
      throw invalidParams('argument 1: not a boolean')
    }
    return { type: 'newPendingTransactions', isFull: details === true }
  }
  throw invalidParams(`no "${kind}" subscription in eth namespace`)
}
