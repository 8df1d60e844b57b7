import { randomBytes } from 'node:crypto'
import type { Hash, Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { Backend, LogView } from './backend.ts'
import { createRpcError } from './errors.ts'
import { findInRange, findLogs, type LogQuery } from './logFilter.ts'

/** What a filter collects. */
export type FilterKind =
  | { readonly type: 'logs'; readonly query: LogQuery }
  | { readonly type: 'blocks' }
  | { readonly type: 'pendingTransactions' }

/** Filters that clients poll. */
export type Filters = {
  create(kind: FilterKind): Hex
  /** What is new since the last poll: logs, or hashes. */
  changes(id: Hex): Promise<readonly LogView[] | readonly Hash[]>
  /** All logs that a log filter matches. */
  logs(id: Hex): Promise<readonly LogView[]>
  remove(id: Hex): boolean
  /** Stops following the chain. */
  close(): void
}

/** What filters need. `now` is in milliseconds and never goes back. */
export type FilterDependencies = {
  readonly backend: Backend
  readonly now: () => number
  readonly filtersMax: number
  readonly idleMs: number
}

type Filter = {
  readonly kind: FilterKind
  /** Height up to which everything was delivered. */
  height: bigint
  /** Pending-transaction filters only: not yet delivered. */
  readonly hashes: Hash[]
  polledAt: number
}

/**
 * Creates the registry. Log and block filters hold a height and read the chain when polled, so an
 * idle filter costs nothing per block.
 */
export function createFilters(deps: FilterDependencies): Filters {
  const filters = new Map<Hex, Filter>()
  let newest = deps.backend.head().number
  const stop = deps.backend.subscribe((event) => {
    if (event.type === 'pendingTransaction') {
      for (const filter of filters.values()) keepHash(filter, event.hash)
      return
    }
    // A development chain may go back: what it mines again is new again.
    if (event.block.number <= newest) rewind(filters.values(), event.block.number)
    newest = event.block.number
  })
  const get = (id: Hex): Filter => {
    dropIdle(filters, deps)
    const filter = filters.get(id)
    if (filter === undefined) throw createRpcError({ code: 'RPC_FILTER_NOT_FOUND', id })
    filter.polledAt = deps.now()
    return filter
  }
  return {
    create(kind) {
      dropIdle(filters, deps)
      if (filters.size >= deps.filtersMax) {
        const facts = { what: 'filters at once', max: deps.filtersMax }
        throw createRpcError({ code: 'RPC_LIMIT_EXCEEDED', ...facts })
      }
      const id = createId()
      const height = deps.backend.head().number
      filters.set(id, { kind, height, hashes: [], polledAt: deps.now() })
      return id
    },
    changes: async (id) => readChanges(get(id), deps.backend),
    async logs(id) {
      const { kind } = get(id)
      if (kind.type !== 'logs') throw createRpcError({ code: 'RPC_FILTER_NOT_FOUND', id })
      return findLogs(deps.backend, kind.query)
    },
    remove: (id) => filters.delete(id),
    close: stop,
  }
}

/** An id that another client cannot guess. */
export function createId(): Hex {
  return `0x${BigInt(`0x${randomBytes(16).toString('hex')}`).toString(16)}`
}

function dropIdle(filters: Map<Hex, Filter>, { now, idleMs }: FilterDependencies): void {
  for (const [id, { polledAt }] of filters) {
    if (now() - polledAt > idleMs) filters.delete(id)
  }
}

function keepHash({ kind, hashes }: Filter, hash: Hash): void {
  if (kind.type !== 'pendingTransactions') return
  if (hashes.length < limits.rpcFilterHashesMax) hashes.push(hash)
}

function rewind(filters: Iterable<Filter>, number: bigint): void {
  for (const filter of filters) {
    if (filter.height >= number) filter.height = number - 1n
  }
}

async function readChanges(
  filter: Filter,
  backend: Backend,
): Promise<readonly LogView[] | readonly Hash[]> {
  if (filter.kind.type === 'pendingTransactions') return filter.hashes.splice(0)
  const head = backend.head().number
  const from = filter.height + 1n
  if (head < from) return []
  const perCall = filter.kind.type === 'logs' ? limits.logRangeMax : limits.rpcBlocksPerCallMax
  const last = from + BigInt(perCall) - 1n
  const to = head < last ? head : last
  filter.height = to
  if (filter.kind.type === 'blocks') return readHashes(backend, from, to)
  try {
    return await readLogs(backend, filter.kind.query, { from, to })
  } catch (error) {
    // Nothing was delivered, so the next poll begins here again.
    if (filter.height === to) filter.height = from - 1n
    throw error
  }
}

function readLogs(
  backend: Backend,
  query: LogQuery,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): Promise<readonly LogView[]> {
  const lowest = query.from.type === 'number' && query.from.number > from ? query.from.number : from
  const highest = query.to.type === 'number' && query.to.number < to ? query.to.number : to
  if (lowest > highest) return Promise.resolve([])
  return findInRange(backend, query, lowest, highest)
}

async function readHashes(backend: Backend, from: bigint, to: bigint): Promise<readonly Hash[]> {
  const hashes: Hash[] = []
  for (let number = from; number <= to; number++) {
    const block = await backend.blockByNumber(number)
    if (block !== undefined) hashes.push(block.hash)
  }
  return hashes
}
