import { setImmediate } from 'node:timers/promises'
import { createBlockFromRLP } from '@ethereumjs/block'
import type { BuiltBlock, StateRef } from '../evm/engine.ts'
import type { Hash } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { Backend, BlockView, LogFilter, LogView, ReceiptView } from '../rpc/backend.ts'
import { matchesLog } from '../rpc/logFilter.ts'
import { createDevControls } from './devControls.ts'
import { NodeError } from './errors.ts'
import type { Node } from './node.ts'
import { createNoticeBoard } from './noticeBoard.ts'
import { blockViewOf, pendingViewOf, receiptViewsOf } from './views.ts'

const NOBODY = '0x0000000000000000000000000000000000000000'

/** What JSON-RPC needs, answered by `node`. */
export function createBackend(node: Node): Backend {
  const { chain, engine, pool, store, common } = node
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
      const own = pending.receiptsOf(block)
      if (own !== undefined) return own
      const found = chain.at(block.number)
      return found?.view.hash === block.hash ? chain.receiptViews(found) : []
    },
    transaction: async (hash) => {
      const place = store.transactionAt(hash)
      if (place !== undefined) return (await stored(place.height))?.view.transactions[place.index]
      const entry = pool.get(hash)
      return entry && pendingViewOf(entry, common)
    },
    receipt: async (hash) => {
      const place = store.transactionAt(hash)
      const block = place && (await stored(place.height))
      return place && block && chain.receiptViews(block)[place.index]
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
    submit: async (raw) => {
      const { hash } = await pool.add(raw)
      if (node.automine()) await node.mineTransaction(hash)
      return hash
    },
    pool: () => {
      const content = pool.content()
      return {
        pending: content.pending.map((entry) => pendingViewOf(entry, common)),
        queued: content.queued.map((entry) => pendingViewOf(entry, common)),
      }
    },
    nextBaseFee: async () => chain.fees().baseFee,
    subscribe: node.subscribe,
    notices: createNoticeBoard(),
    ...(devAccounts === undefined
      ? {}
      : { dev: createDevControls(node, devAccounts, pending.forget) }),
  }
}

/** Blocks that would be made now, and the states after them, which are not in the database. */
function createPending(node: Node) {
  const { chain, clock, common, pool, producer } = node
  type Pending = {
    readonly parent: Hash
    readonly timestamp: bigint
    readonly arrivals: string
    readonly view: BlockView
    readonly built: BuiltBlock
  }
  let newest: Pending | undefined
  /** Those that someone may still ask about, by hash. */
  const known = new Map<Hash, Pending>()

  const arrivalsOf = (): string => {
    const { count, sizeBytes } = pool.usage()
    const last = pool.content().pending.reduce((max, { arrival }) => Math.max(max, arrival), -1)
    return `${count}:${sizeBytes}:${last}`
  }
  const build = async (): Promise<BlockView> => {
    const parent = chain.head()
    const timestamp = clock.next(parent)
    const arrivals = arrivalsOf()
    const isFresh =
      newest?.parent === parent.hash &&
      newest.timestamp === timestamp &&
      newest.arrivals === arrivals
    if (newest !== undefined && isFresh) return newest.view
    const built = await producer.preview(timestamp)
    const block = createBlockFromRLP(built.raw, { common })
    const view = blockViewOf(block, built.receipts, built.raw.length)
    newest = { parent: parent.hash, timestamp, arrivals, view, built }
    known.set(view.hash, newest)
    const oldest = known.keys().next().value
    if (known.size > limits.pendingBlocksMax && oldest !== undefined) known.delete(oldest)
    return view
  }
  return {
    block: () => node.lock(build),
    stateOf(block: BlockView): StateRef {
      const built = known.get(block.hash)?.built
      const { stateRoot } = block
      return built === undefined ? { stateRoot } : { stateRoot, unsaved: built.state }
    },
    receiptsOf(block: BlockView): readonly ReceiptView[] | undefined {
      const found = known.get(block.hash)
      return found && receiptViewsOf(found.view, found.built.receipts, common)
    },
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
  for (const height of store.logs.heights(query) ?? heightsBetween(fromBlock, toBlock)) {
    if (++blocks % BLOCKS_PER_REST === 0) await setImmediate()
    const block = chain.at(height)
    if (block === undefined || !block.receipts.some(({ logs }) => logs.length > 0)) continue
    for (const receipt of chain.receiptViews(block)) {
      for (const log of receipt.logs) if (matchesLog(filter, log)) logs.push(log)
    }
    if (logs.length > limits.logResultMax) {
      const max = limits.logResultMax
      const text = `The filter matches more than ${max} logs; ask for fewer blocks at once.`
      throw new NodeError({ code: 'NODE_TOO_MANY_LOGS', max }, text)
    }
  }
  return logs
}

/** Blocks that a search decodes before it lets others have their turn. */
const BLOCKS_PER_REST = 16

function* heightsBetween(from: bigint, to: bigint): Iterable<bigint> {
  for (let height = from; height <= to; height += 1n) yield height
}
