import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Common } from '@ethereumjs/common'
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { createSenderRecovery, type SenderRecovery } from '../codec/recovery/senderRecovery.ts'
import { keccak256 } from '../crypto/keccak.ts'
import { privateKeyToAddress } from '../crypto/secp256k1.ts'
import type { BuiltBlock, Engine } from '../evm/engine.ts'
import { executeGenesis } from '../evm/genesis.ts'
import { withNativeCrypto } from '../evm/workspace.ts'
import { commonOf } from '../params/common.ts'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import { createMutex, type Mutex } from '../primitives/mutex.ts'
import { encodeCertificate, genesisCertificate } from '../producer/certificate.ts'
import { createProducer, type Producer } from '../producer/producer.ts'
import type { ChainEvent } from '../rpc/backend.ts'
import { Store } from '../storage/store.ts'
import { proposerAtCall } from '../system/encoders.ts'
import { createPool, type Pool } from '../txpool/pool.ts'
import { type Chain, openChain, stateSourceOf } from './chain.ts'
import { type Clock, createClock } from './clock.ts'
import { cpuBudgetMsFor, cpuMeter } from './cpuMeter.ts'
import { NodeError } from './errors.ts'
import { createNodeEngine } from './nodeEngine.ts'
import type { NodeDependencies, NodeOptions } from './options.ts'
import { createPacing, defaultPacing } from './pacing.ts'
import { systemRulesOf } from './systemRules.ts'
import type { StoredBlock } from './views.ts'

/** Codes of errors after which a node must not go on. */
const FATAL = new Set([
  'EVM_SUPPLY_NOT_CONSERVED',
  'EVM_ENGINES_DIFFER',
  'STORAGE_TAKEN',
  'STORAGE_WRITE_FAILED',
])
/** File in the data folder that holds the chain. */
export const databaseName = 'chain.mdb'
const NOBODY = '0x0000000000000000000000000000000000000000'

/** A running node: storage, execution, pool and production, without any network. */
export type Node = {
  readonly options: NodeOptions
  readonly common: Common
  readonly chainId: bigint
  readonly genesisHash: Hash
  readonly chain: Chain
  readonly store: Store
  readonly engine: Engine
  readonly pool: Pool
  /** Finds out who signed transactions, on threads of its own. */
  readonly recovery: SenderRecovery
  readonly producer: Producer
  readonly clock: Clock
  /** Held while the head changes. */
  readonly lock: Mutex
  /** Makes one block, also an empty one. Holds the lock. */
  mine(): Promise<BuiltBlock>
  /** Makes blocks while `hash` can be included, at most a few. */
  mineTransaction(hash: Hash): Promise<void>
  /** Calls `listener` for each event, once durable, until the returned function is called. */
  subscribe(listener: (event: ChainEvent) => void): () => void
  automine(): boolean
  setAutomine(on: boolean): void
  setInterval(ms: number): void
  /** Begins making blocks by interval. Stops when `signal` says so, as `stop` does. */
  start(signal?: AbortSignal): void
  /** Waits for the block being made and lets go of the database. */
  stop(): Promise<void>
}

/**
 * Opens the database, or begins it from genesis, and puts a node together over it.
 * @throws StorageError, NodeError `NODE_NOT_PROPOSER`, `NODE_DATA_DIR`, EvmError
 *   `EVM_NO_SYSTEM_HUB`
 */
export async function createNode(options: NodeOptions, deps: NodeDependencies): Promise<Node> {
  const { genesis } = options
  const chainId = BigInt(genesis.config.chainId)
  const common = withNativeCrypto(
    commonOf({ chainId, name: genesis.config.poca.spec, blockGasLimit: genesis.gasLimit }),
  )
  const folder = openFolder(options)
  const first = await executeGenesis(genesis, common)
  const store = await Store.open({
    path: join(folder.path, databaseName),
    genesisHash: first.hash,
    durable: !folder.isTemporary,
  })
  const recovery = createSenderRecovery()
  try {
    if (store.head() === undefined) {
      const certificate = encodeCertificate(genesisCertificate(first.hash))
      await store.commit({ ...first, certificate })
    }
    const engine = createNodeEngine(
      { ...options, common },
      {
        source: stateSourceOf(store),
        rules: systemRulesOf(genesis),
        recovery,
        pacing: createPacing(defaultPacing),
        cpuMeter,
      },
    )
    const chain = await openChain({ store, engine, chainId })
    await checkProposer(engine, chain, privateKeyToAddress(hexToBytes(options.signerKey)))
    const genesisHash = first.hash
    const made = { options, deps, common, chainId, genesisHash, store, engine, chain, recovery }
    return assembleNode(made, folder)
  } catch (error) {
    await recovery.close()
    await store.close()
    folder.remove()
    throw error
  }
}

type Parts = Pick<
  Node,
  'options' | 'common' | 'chainId' | 'genesisHash' | 'store' | 'engine' | 'chain'
> & { readonly deps: NodeDependencies; readonly recovery: SenderRecovery }

function assembleNode(parts: Parts, folder: Folder): Node {
  const { options, deps, chain, engine, chainId, store, recovery } = parts
  const listeners = new Set<(event: ChainEvent) => void>()
  const clock = createClock(deps.now, options.automine)
  const lock = createMutex()
  const pool = createNodePool(parts)
  const emit = (event: ChainEvent): void => {
    for (const listener of listeners) listener(event)
  }
  pool.subscribe(({ hash }) => emit({ type: 'pendingTransaction', hash }))

  let committed: StoredBlock | undefined
  let stopReason: unknown
  const producer = createProducer(
    {
      chainId,
      privateKey: hexToBytes(options.signerKey),
      seat: options.seat,
      verifyBuilt: options.verifyBuilt,
      cpuBudgetMs: cpuBudgetMsFor(options),
    },
    {
      engine,
      pool,
      head: chain.head,
      async commit(block, certificate) {
        committed = await chain.append(block, certificate)
      },
    },
  )

  /** Makes a block; the caller holds the lock. */
  const mineLocked = async (): Promise<BuiltBlock> => {
    if (stopReason !== undefined) throw stopped(stopReason)
    try {
      const timestamp = clock.next(chain.head())
      const block = await producer.produce(timestamp)
      clock.used(timestamp)
      const stored = committed as StoredBlock // set by `commit`, which `produce` has awaited
      const included = stored.view.transactions.hashes()
      await pool.onBlock({ included, changed: addressesOf(block.state.changed) })
      emit({ type: 'block', block: stored.view, receipts: stored.receipts })
      return block
    } catch (error) {
      if (isFatal(error)) {
        stopReason = error
        timer.set(0)
        deps.onFatal?.(error)
      }
      throw error
    }
  }
  const mine = (): Promise<BuiltBlock> => lock(mineLocked)
  const timer = createTimer(mine, (error) => {
    if (!isFatal(error)) deps.onProblem?.(error)
  })
  let automine = options.automine
  let stopping: Promise<void> | undefined

  return {
    ...parts,
    pool,
    producer,
    clock,
    lock,
    mine,
    mineTransaction: (hash) => lock(() => includeTransaction(hash, { pool, chain, mineLocked })),
    subscribe(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    automine: () => automine,
    setAutomine(on) {
      automine = on
    },
    setInterval: timer.set,
    start(signal) {
      timer.set(options.intervalMs)
      signal?.addEventListener('abort', () => timer.set(0), { once: true })
    },
    stop() {
      timer.set(0)
      stopReason ??= 'it was told to stop'
      stopping ??= lock(() => recovery.close())
        .then(() => store.close())
        .then(folder.remove)
      return stopping
    },
  }
}

function addressesOf(changed: readonly Uint8Array[] | undefined): ReadonlySet<Address> | undefined {
  return changed && new Set(changed.map((bytes) => bytesToHex(bytes)))
}

async function includeTransaction(
  hash: Hash,
  deps: {
    readonly pool: Pool
    readonly chain: Chain
    readonly mineLocked: () => Promise<BuiltBlock>
  },
): Promise<void> {
  const { pool, chain, mineLocked } = deps
  for (let blocks = 0; blocks < limits.automineBlocksMax; blocks++) {
    const ready = [...pool.ready(chain.fees().baseFee)]
    if (!ready.some((entry) => entry.hash === hash)) return
    const block = await mineLocked()
    const dropped = block.dropped.find((item) => item.hash === hash)
    if (dropped !== undefined) {
      const { reason } = dropped
      const text = `The transaction ${hash} cannot run: ${reason}`
      throw new NodeError({ code: 'NODE_TRANSACTION_DROPPED', hash, reason }, text)
    }
  }
}

function createNodePool({ options, chain, chainId, engine, recovery }: Parts): Pool {
  const { systemTxGas } = options.genesis.config.poca
  return createPool(options.pool, {
    chainId,
    keccak256,
    recoverSender: ({ raw }, hash) => {
      const sender = new Uint8Array(20)
      if (recovery.cache.read(hash, 0, sender, 0)) return bytesToHex(sender)
      return recovery.recoverOne(raw).then((found) => found && bytesToHex(found.sender))
    },
    readSender: async (address) => {
      const at = { stateRoot: chain.head().stateRoot }
      const { nonce, balance, codeHash } = await engine.account(address, at)
      if (codeHash === EMPTY_CODE_HASH) return { nonce, balance, hasContractCode: false }
      const code = await engine.code(address, at)
      // EIP-7702: an account that delegates may still send.
      return { nonce, balance, hasContractCode: !code.startsWith('0xef0100') }
    },
    fees: chain.fees,
    gasMax: () => chain.head().gasLimit - systemTxGas,
  })
}

const EMPTY_CODE_HASH: Hash = bytesToHex(keccak256(new Uint8Array()))

/** Blocks at an interval, one after another; 0 stops. */
function createTimer(mine: () => Promise<unknown>, onError: (error: unknown) => void) {
  let intervalMs = 0
  let timeout: NodeJS.Timeout | undefined
  const schedule = (): void => {
    if (intervalMs === 0) return
    const round = setTimeout(() => {
      mine()
        .catch(onError)
        .finally(() => {
          if (timeout === round) schedule()
        })
    }, intervalMs)
    timeout = round
  }
  return {
    set(ms: number): void {
      intervalMs = ms
      clearTimeout(timeout)
      timeout = undefined
      schedule()
    },
  }
}

/** The key must be that of the seat whose turn it is, or every block would be degraded. */
async function checkProposer(engine: Engine, chain: Chain, address: Address): Promise<void> {
  const head = chain.head()
  const ask = proposerAtCall(head.height + 1n, 0)
  const { returnData, failure } = await engine.call({
    at: { stateRoot: head.stateRoot },
    block: { ...chain.headView(), number: head.height },
    from: NOBODY,
    to: ask.to,
    data: ask.data,
    value: 0n,
    gas: limits.rpcCallGasMax,
    asTransaction: false,
  })
  // A chain without a SignerBoard has no turns.
  if (failure !== undefined || returnData === '0x') return
  const proposer = ask.decode(returnData).toLowerCase() as Hex // an address keeps its form
  if (proposer === address) return
  throw new NodeError(
    { code: 'NODE_NOT_PROPOSER', address, proposer },
    `The signer key belongs to ${address}, but the seat is held by ${proposer}; ` +
      'start with that key.',
  )
}

type Folder = { readonly path: string; readonly isTemporary: boolean; remove(): void }

function openFolder({ dataDir }: NodeOptions): Folder {
  if (dataDir === undefined) {
    const path = mkdtempSync(join(tmpdir(), 'poca-'))
    return {
      path,
      isTemporary: true,
      remove: () => rmSync(path, { recursive: true, force: true }),
    }
  }
  try {
    mkdirSync(dataDir, { recursive: true })
  } catch (cause) {
    const text = `The data folder ${dataDir} cannot be used; is it a file, or not yours to write?`
    throw new NodeError({ code: 'NODE_DATA_DIR', path: dataDir }, text, { cause })
  }
  return { path: dataDir, isTemporary: false, remove: () => undefined }
}

function isFatal(error: unknown): boolean {
  return error instanceof Error && 'code' in error && FATAL.has(String(error.code))
}

function stopped(reason: unknown): NodeError {
  const text = reason instanceof Error ? reason.message : String(reason)
  const facts = { code: 'NODE_STOPPED', reason: text } as const
  return new NodeError(facts, `This node has stopped: ${text}`, { cause: reason })
}
