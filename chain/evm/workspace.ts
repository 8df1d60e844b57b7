import { createBlock } from '@ethereumjs/block'
import type { Common } from '@ethereumjs/common'
import { EVMMockBlockchain, type EVMOpts } from '@ethereumjs/evm'
import { MerklePatriciaTrie } from '@ethereumjs/mpt'
import { Caches } from '@ethereumjs/statemanager'
import { hexToBytes, KECCAK256_RLP, ValueEncoding } from '@ethereumjs/util'
import { createVM, type VM } from '@ethereumjs/vm'
import { customCrypto } from '../crypto/customCrypto.ts'
import { precompileOptions } from '../crypto/precompileOptions.ts'
import { AccountingStateManager } from './accountingState.ts'
import type { CpuMeter } from './cpuBudget.ts'
import type { BlockContext, StateRef, StateSource, SystemRules } from './engine.ts'
import { EvmError } from './errors.ts'
import { type Pace, type Pacing, setPace } from './pace.ts'
import { StateOverlay } from './stateOverlay.ts'

/** What the parts of the reference engine share. */
export type EngineContext = {
  readonly common: Common
  readonly rules: SystemRules
  readonly source: StateSource
  /** Options of the EVM besides `evmOptionsOf`, such as precompiles of a test. */
  readonly evmOpts: EVMOpts
  readonly pacing?: Pacing | undefined
  /** CPU time, for builders; without it they are not limited. */
  readonly cpuMeter?: CpuMeter | undefined
}

/** A state that one operation works on and then drops. */
export type Workspace = {
  readonly vm: VM
  readonly state: AccountingStateManager
  readonly overlay: StateOverlay
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
  const { unsaved } = at
  const overlay = new StateOverlay((key) => unsaved?.get(key) ?? context.source.node(key))
  const isEmpty = at.stateRoot === EMPTY_ROOT
  if (!isEmpty && overlay.node(at.stateRoot.slice(2)) === undefined) {
    const { stateRoot } = at
    const text = `The state ${stateRoot} is not in the database.`
    throw new EvmError({ code: 'EVM_UNKNOWN_STATE', stateRoot }, text)
  }
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
    common: context.common,
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

const EMPTY_ROOT = `0x${Buffer.from(KECCAK256_RLP).toString('hex')}`

/** Serves the BLOCKHASH instruction. */
class BlockHashes extends EVMMockBlockchain {
  readonly #source: StateSource

  constructor(source: StateSource) {
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
