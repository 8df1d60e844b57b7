import { toHex } from '../codec/bytes.ts'
import { TransactionError } from '../codec/errors.ts'
import type { Transaction } from '../codec/transaction.ts'
import type { Address, Hash } from '../primitives/hex.ts'
import { checkQueue, checkSender, checkStateless, readTransaction } from './admission.ts'
import { effectiveTip, type PoolEntry, type SenderState } from './entry.ts'
import { createPoolError, PoolError } from './errors.ts'
import type { PoolOptions } from './options.ts'
import { mergeReady, type ReadyEntries } from './ready.ts'
import {
  createSenderQueue,
  findNonce,
  nextNonce,
  type SenderQueue,
  updateReady,
} from './senderQueue.ts'

/** What the pool asks of the node. */
export type PoolDependencies = {
  readonly chainId: bigint
  readonly keccak256: (bytes: Uint8Array) => Uint8Array
  /** Who signed a transaction; undefined when nobody can have. */
  readonly recoverSender: (
    tx: Transaction,
    hash: Uint8Array,
  ) => Address | undefined | Promise<Address | undefined>
  /** An account in the state of the head. */
  readonly readSender: (address: Address) => SenderState | Promise<SenderState>
  /** Base fee of the next block and the least it can ever be, wei per gas. */
  readonly fees: () => { readonly baseFee: bigint; readonly floor: bigint }
  /** Gas that the next block leaves for one transaction. */
  readonly gasMax: () => bigint
}

/** Transactions that wait for a block. */
export type Pool = {
  /**
   * Takes a signed transaction. Resolves once it is in; a nonce gap makes it wait as `queued`.
   *
   * @throws PoolError with the reason why it stays out.
   */
  add(raw: Uint8Array): Promise<{ readonly hash: Hash; readonly status: 'pending' | 'queued' }>
  /** Whether nothing speaks against a transaction until its sender is known. */
  isWorthAdding(raw: Uint8Array): boolean
  get(hash: Hash): PoolEntry | undefined
  /** Takes one out; false when it is not there. */
  remove(hash: Hash): boolean
  /** What a block may hold, best tip first, nonces of a sender in order. A snapshot. */
  ready(baseFee: bigint): ReadyEntries
  /** Next nonce of `address`, counting what waits without a gap. */
  pendingNonce(address: Address): Promise<bigint>
  /** Every entry: those that can run now, and those that wait for a nonce or for money. */
  content(): { readonly pending: readonly PoolEntry[]; readonly queued: readonly PoolEntry[] }
  /**
   * Follows the chain to a new head. Call it after the head has changed, with the hashes that the
   * block holds.
   */
  onBlock(block: {
    readonly included: Iterable<Hash>
    /** Accounts that the block changed; every sender is read again where that is not known. */
    readonly changed?: ReadonlySet<Address> | undefined
  }): Promise<void>
  /** Calls `listener` when a transaction becomes able to run, once each. */
  subscribe(listener: (entry: PoolEntry) => void): () => void
  /** Bytes held, and entries. */
  usage(): { readonly sizeBytes: number; readonly count: number }
}

/** What a full pool keeps when it makes room: 15 of 16 bytes, so that sorting is rare. */
const TRIM_KEEP = { numerator: 15, denominator: 16 } as const

type State = {
  readonly options: PoolOptions
  readonly deps: PoolDependencies
  readonly entries: Map<Hash, PoolEntry>
  readonly senders: Map<Address, SenderQueue>
  readonly listeners: Set<(entry: PoolEntry) => void>
  /** Those whose becoming ready was told. */
  readonly announced: WeakSet<PoolEntry>
  sizeBytes: number
  arrivals: number
  /** Counts heads, to notice that one came while an account was read. */
  heads: number
}

/** Creates an empty pool. */
export function createPool(options: PoolOptions, deps: PoolDependencies): Pool {
  const state: State = {
    options,
    deps,
    entries: new Map(),
    senders: new Map(),
    listeners: new Set(),
    announced: new WeakSet(),
    sizeBytes: 0,
    arrivals: 0,
    heads: 0,
  }
  let lastBlock = Promise.resolve()
  return {
    add: (raw) => add(state, raw),
    isWorthAdding: (raw) => isWorthAdding(state, raw),
    get: (hash) => state.entries.get(hash),
    remove: (hash) => remove(state, hash),
    ready: (baseFee) => mergeReady(readyRuns(state), baseFee),
    pendingNonce: async (address) => {
      const queue = state.senders.get(address)
      return queue === undefined ? (await deps.readSender(address)).nonce : nextNonce(queue)
    },
    content: () => content(state),
    onBlock: ({ included, changed }) => {
      state.heads++
      const hashes = [...included]
      const done = lastBlock.then(() => follow(state, hashes, changed))
      lastBlock = done.catch(() => undefined)
      return done
    },
    subscribe: (listener) => {
      state.listeners.add(listener)
      return () => state.listeners.delete(listener)
    },
    usage: () => ({ sizeBytes: state.sizeBytes, count: state.entries.size }),
  }
}

/* ADMISSION */

async function add(state: State, given: Uint8Array) {
  const { options, deps } = state
  if (given.length > options.txSizeMax) {
    throw createPoolError({
      code: 'TX_TOO_BIG',
      size: given.length,
      sizeMax: options.txSizeMax,
    })
  }
  const raw = given.slice() // ours: the caller may write to its own again
  const tx = readAndCheck(state, raw)
  const hashBytes = deps.keccak256(raw)
  const hash = toHex(hashBytes)
  if (state.entries.has(hash)) throw createPoolError({ code: 'TX_ALREADY_KNOWN', hash })

  const sender = await deps.recoverSender(tx, hashBytes)
  if (sender === undefined) {
    throw createPoolError({ code: 'TX_INVALID_SIGNATURE', reason: 'no key can have made it' })
  }
  const senderState = await readCurrent(state, sender)

  // No waiting from here on: what is checked is what is changed.
  if (state.entries.has(hash)) throw createPoolError({ code: 'TX_ALREADY_KNOWN', hash })
  checkSender(sender, tx.nonce, senderState)
  const queue = state.senders.get(sender) ?? createSenderQueue(senderState)
  const entry = createEntry({ raw, tx, hash, sender, arrival: state.arrivals++ })
  checkQueue(queue, entry, options)
  const readyBefore = queue.readyCount
  state.senders.set(sender, queue)
  insert(state, queue, entry)
  makeRoom(state)
  if (!state.entries.has(hash)) {
    throw createPoolError({ code: 'POOL_FULL', sizeMax: options.sizeMax })
  }
  const { at } = findNonce(queue, entry.nonce)
  announce(state, queue, Math.min(at, readyBefore))
  return { hash, status: at < queue.readyCount ? ('pending' as const) : ('queued' as const) }
}

function readAndCheck({ deps }: State, raw: Uint8Array): Transaction {
  const tx = readTransaction(raw, deps.chainId)
  checkStateless(tx, { gasMax: deps.gasMax(), baseFeeFloor: deps.fees().floor })
  return tx
}

function isWorthAdding(state: State, raw: Uint8Array): boolean {
  if (raw.length > state.options.txSizeMax) return false
  try {
    readAndCheck(state, raw)
  } catch (cause) {
    if (cause instanceof PoolError || cause instanceof TransactionError) return false
    throw cause
  }
  return !state.entries.has(toHex(state.deps.keccak256(raw)))
}

/** The sender as the head has it, also when the head changes while it is read. */
async function readCurrent(state: State, sender: Address): Promise<SenderState> {
  for (;;) {
    const known = state.senders.get(sender)
    if (known !== undefined) return known.state
    const heads = state.heads
    const read = await state.deps.readSender(sender)
    if (heads === state.heads) return state.senders.get(sender)?.state ?? read
  }
}

type EntryParts = {
  readonly raw: Uint8Array
  readonly tx: Transaction
  readonly hash: Hash
  readonly sender: Address
  readonly arrival: number
}

function createEntry({ raw, tx, hash, sender, arrival }: EntryParts): PoolEntry {
  const { type, nonce, gas, value, maxFee, maxTip } = tx
  const to = tx.to === null ? null : toHex(tx.to)
  const cost = gas * maxFee + value
  return { hash, raw, type, sender, to, nonce, gas, value, maxFee, maxTip, cost, arrival }
}

/* CHANGING */

function insert(state: State, queue: SenderQueue, entry: PoolEntry): void {
  const { at, found } = findNonce(queue, entry.nonce)
  const old = found ? queue.entries[at] : undefined
  if (old !== undefined) forget(state, old)
  queue.entries.splice(at, found ? 1 : 0, entry)
  state.entries.set(entry.hash, entry)
  state.sizeBytes += sizeOf(state, entry)
  updateReady(queue, found ? 0 : at)
}

function remove(state: State, hash: Hash): boolean {
  const entry = state.entries.get(hash)
  const queue = entry === undefined ? undefined : state.senders.get(entry.sender)
  if (entry === undefined || queue === undefined) return false
  forget(state, entry)
  queue.entries.splice(findNonce(queue, entry.nonce).at, 1)
  updateReady(queue)
  if (queue.entries.length === 0) state.senders.delete(entry.sender)
  return true
}

function forget(state: State, entry: PoolEntry): void {
  state.entries.delete(entry.hash)
  state.sizeBytes -= sizeOf(state, entry)
}

function sizeOf(state: State, entry: PoolEntry): number {
  return entry.raw.length + state.options.entryOverheadSize
}

/** Tells the listeners which entries of `queue`, from `from` on, have become ready. */
function announce(state: State, queue: SenderQueue, from = 0): void {
  for (const entry of queue.entries.slice(from, queue.readyCount)) {
    if (state.announced.has(entry)) continue
    state.announced.add(entry)
    for (const listener of state.listeners) listener(entry)
  }
}

/**
 * Throws out the cheapest until the pool fits again: first those that cannot run, then by the tip
 * of
 * the cheapest transaction that has to run before them, last nonce first, so that no gap arises.
 */
function makeRoom(state: State): void {
  const { sizeMax } = state.options
  if (state.sizeBytes <= sizeMax) return
  const target = Math.floor((sizeMax * TRIM_KEEP.numerator) / TRIM_KEEP.denominator)
  const { baseFee } = state.deps.fees()
  const ranked: { entry: PoolEntry; isReady: boolean; tip: bigint; arrival: number }[] = []
  for (const queue of state.senders.values()) {
    let tip: bigint | undefined
    let arrival = 0
    for (const [index, entry] of queue.entries.entries()) {
      const own = effectiveTip(entry, baseFee)
      tip = tip === undefined || own < tip ? own : tip
      arrival = Math.max(arrival, entry.arrival)
      ranked.push({ entry, isReady: index < queue.readyCount, tip, arrival })
    }
  }
  ranked.sort((a, b) => {
    if (a.isReady !== b.isReady) return a.isReady ? 1 : -1
    if (a.tip !== b.tip) return a.tip < b.tip ? -1 : 1
    if (a.arrival !== b.arrival) return b.arrival - a.arrival
    return a.entry.nonce > b.entry.nonce ? -1 : 1
  })
  for (const { entry } of ranked) {
    if (state.sizeBytes <= target) return
    remove(state, entry.hash)
  }
}

/* FOLLOWING THE CHAIN */

/** PERF: reads each waiting sender that the block changed, a few microseconds each. */
async function follow(
  state: State,
  included: readonly Hash[],
  changed: ReadonlySet<Address> | undefined,
): Promise<void> {
  const waiting = [...state.senders.keys()]
  const addresses = changed === undefined ? waiting : waiting.filter((one) => changed.has(one))
  const fresh = await Promise.all(addresses.map((address) => state.deps.readSender(address)))
  for (const hash of included) remove(state, hash)
  for (const [index, address] of addresses.entries()) {
    const queue = state.senders.get(address)
    const senderState = fresh[index]
    if (queue === undefined || senderState === undefined) continue
    queue.state = senderState
    queue.entries = queue.entries.filter((entry) => {
      if (!state.entries.has(entry.hash)) return false
      if (entry.nonce >= senderState.nonce && !senderState.hasContractCode) return true
      forget(state, entry)
      return false
    })
    updateReady(queue)
    if (queue.entries.length === 0) state.senders.delete(address)
    else announce(state, queue)
  }
}

/* READING */

function* readyRuns(state: State): Iterable<readonly PoolEntry[]> {
  for (const queue of state.senders.values()) {
    if (queue.readyCount > 0) yield queue.entries.slice(0, queue.readyCount)
  }
}

function content(state: State) {
  const pending: PoolEntry[] = []
  const queued: PoolEntry[] = []
  for (const { entries, readyCount } of state.senders.values()) {
    pending.push(...entries.slice(0, readyCount))
    queued.push(...entries.slice(readyCount))
  }
  return { pending, queued }
}
