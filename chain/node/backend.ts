import { setImmediate } from 'node:timers/promises'
import { createBatch } from '../codec/recovery/recoverBatch.ts'
import type { BuiltBlock, StateRef } from '../evm/engine.ts'
import type { Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { Backend, BlockView, LogFilter, LogView, ReceiptList } from '../rpc/backend.ts'
import { matchesLog } from '../rpc/logFilter.ts'
import { createDevControls } from './devControls.ts'
import { NodeError } from './errors.ts'
import type { Node } from './node.ts'
import { createNoticeBoard } from './noticeBoard.ts'
import { createSizedCache } from './sizedCache.ts'
import { pendingViewOf, type StoredBlock, storedBlockOf } from './views.ts'

const NOBODY = '0x0000000000000000000000000000000000000000'

/** What JSON-RPC needs, answered by `node`. */
export function createBackend(node: Node): Backend {
  const { chain, engine, pool, store } = node
  const pending = createPending(node)
  const at = (block: BlockView): StateRef => pending.stateOf(block)
  const stored = async (height: bigint) => chain.at(height)
  const { devAccounts } = node.options
  return {
    chainId: node.chainId,
    clientVersion: node.options.clientVersion,
    genesisHash: node.genesisHash,
    head: chain.headView,
    blockByNumber: async (height) =>
      height > chain.head().height ? undefined : (await stored(height))?.view,
    blockByHash: async (hash) => {
      const height = store.heightOf(hash)
      return height === undefined ? undefined : (await stored(height))?.view
    },
    pendingBlock: pending.block,
    receipts: async (block) => {
      const found = pending.find(block) ?? chain.at(block.number)
      return found?.view.hash === block.hash ? found.receipts : NO_RECEIPTS
    },
    transaction: async (hash) => {
      const place = chain.find(hash)
      if (place !== undefined) return place.block.view.transactions.at(place.index)
      const entry = pool.get(hash)
      return entry && pendingViewOf(entry)
    },
    receipt: async (hash) => {
      const place = chain.find(hash)
      return place?.block.receipts.at(place.index)
    },
    account: (address, block) => engine.account(address, at(block)),
    code: (address, block) => engine.code(address, at(block)),
    storage: (address, slot, block) => engine.storage(address, slot, at(block)),
    proof: (address, slots, block) => engine.proof(address, slots, at(block)),
    pendingNonce: (address) => pool.pendingNonce(address),
    call: ({ from, to, data, gas, value, stateOverrides, asTransaction, ...rest }, block) =>
      engine.call({
        ...rest,
        at: at(block),
        block,
        from: from ?? NOBODY,
        ...(to === undefined ? {} : { to }),
        data: data ?? '0x',
        value: value ?? 0n,
        gas: gas !== undefined && gas < limits.rpcCallGasMax ? gas : limits.rpcCallGasMax,
        ...(stateOverrides === undefined ? {} : { overrides: stateOverrides }),
        asTransaction: asTransaction ?? false,
      }),
    logs: (filter) => findLogs(node, filter),
    trace: async ({ number }) => {
      const parent = chain.at(number - 1n)
      const raw = store.blockAt(number)
      if (parent === undefined || raw === undefined) return []
      return engine.trace({ parentStateRoot: parent.view.stateRoot, raw })
    },
    prepareToSubmit: (raws) => recoverSenders(node, raws),
    submit: async (raw) => {
      const { hash } = await pool.add(raw)
      if (node.automine()) await node.mineTransaction(hash)
      return hash
    },
    pool: () => {
      const content = pool.content()
      return {
        pending: content.pending.map(pendingViewOf),
        queued: content.queued.map(pendingViewOf),
      }
    },
    poolStatus: () => {
      const { pending, queued } = pool.content()
      return { pending: pending.length, queued: queued.length }
    },
    nextBaseFee: async () => chain.fees().baseFee,
    subscribe: node.subscribe,
    notices: createNoticeBoard(),
    ...(devAccounts === undefined
      ? {}
      : { dev: createDevControls(node, devAccounts, pending.forget) }),
  }
}

const NO_RECEIPTS: ReceiptList = {
  length: 0,
  at: () => undefined,
  of: () => undefined,
  all: () => [],
  payments: () => [],
  logs: () => [],
}

/** Finds the senders of what the pool may take, so that it finds them in the cache. */
async function recoverSenders(
  { pool, recovery }: Node,
  raws: readonly Uint8Array[],
): Promise<void> {
  const wanted = raws.filter((raw) => pool.isWorthAdding(raw))
  await (await recovery.begin(createBatch(wanted))).finish()
}

/** Blocks that would be made now, and the states after them, which are not in the database. */
function createPending(node: Node) {
  const { chain, clock, pool, producer } = node
  type Pending = {
    readonly parent: Hash
    readonly timestamp: bigint
    readonly arrivals: string
    readonly block: StoredBlock
    readonly built: BuiltBlock
  }
  let newest: Pending | undefined
  /** Those that someone may still ask about, by hash. */
  const known = createSizedCache<Hash, Pending>(
    limits.pendingBlocksMax,
    limits.pendingBlocksSizeMax,
  )
  let arrivals = 0
  pool.subscribe(() => {
    arrivals += 1
  })
  /** Changes whenever what could be mined does. */
  const arrivalsNow = (): string => {
    const { count, sizeBytes } = pool.usage()
    return `${count}:${sizeBytes}:${arrivals}`
  }
  const build = async (): Promise<BlockView> => {
    const parent = chain.head()
    const timestamp = clock.next(parent)
    const now = arrivalsNow()
    const isFresh =
      newest?.parent === parent.hash && newest.timestamp === timestamp && newest.arrivals === now
    if (newest !== undefined && isFresh) return newest.block.view
    const built = await producer.preview(timestamp)
    const block = storedBlockOf(built)
    newest = { parent: parent.hash, timestamp, arrivals: now, block, built }
    known.set(block.view.hash, newest, built.raw.length + built.receipts.bytes.length)
    return block.view
  }
  /** One that has not begun yet; all who ask until then share it, so that blocks wait for one. */
  let next: Promise<BlockView> | undefined
  const begin = (): Promise<BlockView> => {
    next = undefined
    return build()
  }
  return {
    block() {
      next ??= node.lock(begin)
      return next
    },
    stateOf(block: BlockView): StateRef {
      const built = known.get(block.hash)?.built
      const { stateRoot } = block
      return built === undefined ? { stateRoot } : { stateRoot, unsaved: built.state }
    },
    find: (block: BlockView): StoredBlock | undefined => known.get(block.hash)?.block,
    forget(): void {
      newest = undefined
      known.clear()
    },
  }
}

async function findLogs(node: Node, filter: LogFilter): Promise<readonly LogView[]> {
  const { chain, store } = node
  const head = chain.head().height
  const toBlock = filter.toBlock < head ? filter.toBlock : head
  const { fromBlock, addresses, topics } = filter
  const query = { fromHeight: fromBlock, toHeight: toBlock, addresses, topics }
  const logs: LogView[] = []
  let blocks = 0
  let decoded = 0
  for (const height of store.logs.heights(query) ?? heightsBetween(fromBlock, toBlock)) {
    if (++blocks > BLOCKS_PER_REST || decoded > LOGS_PER_REST) {
      blocks = 0
      decoded = 0
      await setImmediate()
    }
    const found = chain.at(height)?.receipts.logs() ?? []
    decoded += found.length
    for (const log of found) if (matchesLog(filter, log)) logs.push(log)
    if (logs.length > limits.logResultMax) {
      const max = limits.logResultMax
      const text = `The filter matches more than ${max} logs; ask for fewer blocks at once.`
      throw new NodeError({ code: 'NODE_TOO_MANY_LOGS', max }, text)
    }
  }
  return logs
}

/** Blocks that a search decodes before it lets others have their turn, and logs in them. */
const BLOCKS_PER_REST = 16
const LOGS_PER_REST = 16_384

function* heightsBetween(from: bigint, to: bigint): Iterable<bigint> {
  for (let height = from; height <= to; height += 1n) yield height
}
