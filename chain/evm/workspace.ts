import { createBlock } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { EVMMockBlockchain, type EVMOpts } from '@ethereumjs/evm'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { Caches } from '@ethereumjs/statemanager'
import { hexToBytes, ValueEncoding } from '@ethereumjs/util'
import { createVM, type VM } from '@ethereumjs/vm'
import { customCrypto } from '../crypto/customCrypto.ts'
import { precompileOptions } from '../crypto/precompileOptions.ts'
import type { Hash } from '../primitives/hex.ts'
import { createMutex, type Mutex } from '../primitives/mutex.ts'
import { missingCode, StateError } from '../state/errors.ts'
import { createHashedNodes } from '../state/hashedNodes.ts'
import type { Child } from '../state/nodes.ts'
import { createStateTree, type StateTree } from '../state/stateTree.ts'
import { AccountingStateManager } from './accountingState.ts'
import type { CpuMeter } from './cpuBudget.ts'
import type { BlockContext, ChainSource, StateRef, SystemRules } from './engine.ts'
import { EvmError } from './errors.ts'
import { type Pace, type Pacing, setPace } from './pace.ts'
import { StateOverlay } from './stateOverlay.ts'

/** What the parts of the reference engine share. */
export type EngineContext = {
  readonly common: Common
  readonly rules: SystemRules
  readonly source: ChainSource
  /** States in memory, over `source`. */
  readonly tree: StateTree
  /** Options of the EVM besides `evmOptionsOf`, such as precompiles of a test. */
  readonly evmOpts: EVMOpts
  readonly pacing?: Pacing | undefined
  /** CPU time, for builders; without it they are not limited. */
  readonly cpuMeter?: CpuMeter | undefined
  /** Traces take turns: the memory of only one grows. */
  readonly traceTurns: Mutex
}

/** A state that one operation works on and then drops. */
export type Workspace = {
  readonly vm: VM
  readonly state: AccountingStateManager
  readonly overlay: StateOverlay
}

/** What one engine works with. */
export function createEngineContext(
  options: { readonly common: Common; readonly evmOpts?: EVMOpts },
  deps: Pick<EngineContext, 'source' | 'rules' | 'pacing' | 'cpuMeter'>,
): EngineContext {
  return {
    common: withNativeCrypto(options.common),
    evmOpts: options.evmOpts ?? {},
    tree: createStateTree(deps.source),
    traceTurns: createMutex(),
    ...deps,
  }
}

/** `common` with native crypto in place of JavaScript. */
export function withNativeCrypto(common: Common): Common {
  return Object.assign(common.copy(), { customCrypto })
}

/** A state without a VM: enough to read accounts, code and storage. */
export function openState(
  context: EngineContext,
  at: StateRef,
): { readonly state: AccountingStateManager; readonly overlay: StateOverlay } {
  const root = hexToBytes(at.stateRoot)
  const overlay = new StateOverlay(createHashedNodes(context.source, rootOf(context, at)), (hash) =>
    codeOf(context, at, hash),
  )
  const trie = new MerklePatriciaTrie({
    common: context.common,
    db: overlay,
    root,
    useKeyHashing: true,
    valueEncoding: ValueEncoding.Bytes,
  })
  // The default cache type keeps every entry; the LRU one forgets written entries when it is full.
  return {
    state: new AccountingStateManager({ common: context.common, trie, caches: new Caches() }),
    overlay,
  }
}

/**
 * Root of a state in memory.
 * @throws EvmError `EVM_UNKNOWN_STATE`
 */
export function rootOf({ tree }: EngineContext, { stateRoot, unsaved }: StateRef): Child {
  if (unsaved !== undefined) return unsaved.root
  try {
    return tree.rootOf(stateRoot)
  } catch (cause) {
    if (!(cause instanceof StateError) || cause.code !== 'STATE_UNKNOWN_ROOT') throw cause
    const text = `The state ${stateRoot} is not in the database.`
    throw new EvmError({ code: 'EVM_UNKNOWN_STATE', stateRoot }, text, { cause })
  }
}

/**
 * Code by its hash, new or saved. Stock parts take code that is not there for no code at all.
 * @throws StateError `STATE_CODE_MISSING`
 */
export function codeOf(
  { source }: EngineContext,
  { unsaved }: StateRef,
  codeHash: Hash,
): Uint8Array {
  const code = unsaved?.codes.get(codeHash) ?? source.code(codeHash)
  if (code === undefined) throw missingCode(codeHash)
  return code
}

/** The options of every EVM of ours: fast precompiles that `pulse`, then what `extra` adds. */
export function evmOptionsOf(extra: EVMOpts = {}, pulse?: () => void): EVMOpts {
  const fast = precompileOptions(pulse)
  const customPrecompiles = [...fast.customPrecompiles, ...(extra.customPrecompiles ?? [])]
  return { ...fast, ...extra, customPrecompiles }
}

/** A fresh VM on a state, which lets others in as `pace` says. */
export async function openWorkspace(
  context: EngineContext,
  at: StateRef,
  pace?: Pace,
): Promise<Workspace> {
  const { state, overlay } = openState(context, at)
  return { vm: await openVM(context, state, pace), state, overlay }
}

/** A fresh VM on a state that is in use: nothing of what an earlier one was doing is left. */
export async function openVM(
  context: EngineContext,
  state: AccountingStateManager,
  pace?: Pace,
): Promise<VM> {
  const vm = await createVM({
    // Each EVM listens to its Common for good, and a shared one would keep every state alive.
    common: context.common.copy(),
    stateManager: state,
    blockchain: new BlockHashes(context.source),
    evmOpts: evmOptionsOf(context.evmOpts, pace?.pulse),
  })
  if (pace !== undefined) setPace(vm, pace)
  return vm
}

/** A block of which contracts can read the header. */
export function contextBlock(context: EngineContext, block: BlockContext) {
  const header = {
    number: block.number,
    timestamp: block.timestamp,
    coinbase: block.coinbase,
    gasLimit: block.gasLimit,
    baseFeePerGas: block.baseFeePerGas,
    mixHash: block.mixHash,
    difficulty: 0n,
    blobGasUsed: 0n,
    excessBlobGas: 0n,
  }
  return createBlock({ header }, { common: context.common })
}

/** Serves the BLOCKHASH instruction. */
export class BlockHashes extends EVMMockBlockchain {
  readonly #source: Pick<ChainSource, 'blockHash'>

  constructor(source: Pick<ChainSource, 'blockHash'>) {
    super()
    this.#source = source
  }

  override async getBlock(height?: number) {
    const hash = this.#source.blockHash(BigInt(height ?? 0))
    return { hash: () => new Uint8Array(hash ?? new Uint8Array(32)) }
  }

  override shallowCopy(): this {
    return this
  }
}
