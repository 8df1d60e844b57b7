import { Hardfork } from '@ethereumjs/common'
import {
  EVM,
  EVMMockBlockchain,
  type EVMOpts,
  type EVMResult,
  type EVMRunCallOpts,
  type ExecResult,
  type Log,
  Message,
  NobleBN254,
} from '@ethereumjs/evm'
import { Account, type Address, createZeroAddress, hexToBytes } from '@ethereumjs/util'
import { keccak256 } from '../../../crypto/keccak.ts'
import { assert } from '../../../primitives/assert.ts'
import type { Pace } from '../../pace.ts'
import { type BlockWords, blockWordsOf } from './blockOps.ts'
import { type CallResult, enterCall, leaveCall, resultOf } from './calls.ts'
import { openFrame } from './frame.ts'
import { GAS_MAX } from './gas.ts'
import { createTable } from './handlers.ts'
import { costsOf, type Host, type SyncState, syncStateOf, type Tracer } from './host.ts'
import { FastJournal } from './journal.ts'
import {
  type Env,
  type Interpreter,
  type InterpreterClass,
  interpreterClass,
  type OpcodeEntry,
} from './library.ts'
import { createPassingProgram, createPrograms, type Programs } from './programs.ts'
import { runFrames } from './runFrames.ts'
import { nameOf, wordOf } from './words.ts'

/** What the fast EVM is made of. */
export type FastEvmOptions = EVMOpts & {
  readonly common: NonNullable<EVMOpts['common']>
  readonly stateManager: NonNullable<EVMOpts['stateManager']>
  /** What is known of code; handed in to outlive one EVM. */
  readonly programs?: Programs
}

/** Gas of a call that names none, as the library has it. */
const DEFAULT_GAS = 0xffffffn

/** Rules whose instructions our loop does not know; with one of them the library runs alone. */
const UNKNOWN_EIPS = [2780, 3540, 6800, 7708, 7709, 7864, 7928, 8024, 8037, 8038]

/** Makes an EVM as `createEVM` does, with our interpreter loop. */
export async function createFastEvm(options: FastEvmOptions): Promise<FastEvm> {
  const Interpreter = await interpreterClass()
  return new FastEvm(
    {
      bn254: new NobleBN254(),
      blockchain: new EVMMockBlockchain(),
      ...options,
      // Every EVM listens to its `Common`: a shared one would keep all of them, and their states.
      common: options.common.copy(),
    },
    { Interpreter, programs: options.programs ?? createPrograms() },
  )
}

/**
 * The library's EVM with a synchronous loop in the place of its own. Instructions that are rare
 * stay the library's; results are equal to the last bit.
 *
 * Only `createFastEvm` makes it.
 */
export class FastEvm extends EVM {
  readonly #programs: Programs
  readonly #Interpreter: InterpreterClass
  readonly #hasCustomOpcodes: boolean
  readonly #warm: FastJournal
  #host: Host | undefined
  #pace: Pace | undefined
  #blockWords: BlockWords | undefined

  constructor(
    options: EVMOpts & { readonly common: NonNullable<EVMOpts['common']> },
    deps: { readonly Interpreter: InterpreterClass; readonly programs: Programs },
  ) {
    super(options)
    this.#Interpreter = deps.Interpreter
    this.#programs = deps.programs
    this.#hasCustomOpcodes = (options.customOpcodes?.length ?? 0) > 0
    this.#warm = new FastJournal(
      {
        common: this.common,
        precompiles: () => [...this.precompiles.keys()].map((hex) => hexToBytes(`0x${hex}`)),
      },
      { state: this.stateManager },
    )
    // It has every public member of the library's class; private ones make the types differ.
    this.journal = this.#warm as unknown as EVM['journal']
    this.#host = this.#openHost()
    this.common.events.on('hardforkChanged', () => {
      this.#warm.forgetPrecompiles()
      this.#host = this.#openHost()
    })
  }

  /** The journal with its additions to the library's. */
  get fastJournal(): FastJournal {
    return this.#warm
  }

  /** Lets others in between the steps of our loop; `setPace` does so for the library's. */
  set pace(pace: Pace | undefined) {
    this.#pace = pace
    if (this.#host !== undefined) this.#host.pace = pace
  }

  /** Told of every instruction before it runs. */
  set tracer(tracer: Tracer | undefined) {
    if (this.#host !== undefined) this.#host.tracer = tracer
  }

  /** As the library's; a plain call on a state that answers at once does not wait for promises. */
  override async runCall(opts: EVMRunCallOpts): Promise<EVMResult> {
    const host = this.#host
    const sync = host?.sync
    if (host === undefined || sync === undefined || opts.block === undefined) {
      return super.runCall(opts)
    }
    const gasLimit = opts.gasLimit ?? DEFAULT_GAS
    const isPlain = opts.message === undefined && opts.to !== undefined && !opts.delegatecall
    const isOurs = isPlain && opts.skipBalance !== true && opts.isCompiled !== true
    if (!isOurs || host.isWatched() || !this.#isOurs(gasLimit)) return super.runCall(opts)

    const caller = opts.caller ?? host.zeroAddress
    this._block = opts.block
    this._tx = { gasPrice: opts.gasPrice ?? 0n, origin: opts.origin ?? caller }
    const message = messageOf(opts, caller, gasLimit)
    if (message.depth === 0 && opts.skipNonceIncrement !== true) {
      const account = sync.getAccountSync(caller) ?? new Account()
      account.nonce++
      this.#warm.touch(caller)
      sync.putAccountSync(caller, account)
    }
    const entered = enterCall(host, sync, message)
    const begun = entered instanceof Promise ? await entered : entered
    const isFrame = 'code' in begun
    if (isFrame) await runFrames(begun)
    const ended = isFrame ? resultOf(begun) : begun
    // Refunds of what failed are forfeited.
    const result = ended.error === undefined ? ended : { ...ended, refund: 0 }
    // At the end of what ran, as the library does it: before the checkpoint is closed.
    if (message.depth === 0 && host.hasTransient) this.transientStorage.clear()
    leaveCall(host, result)
    const gas = gasLimit - BigInt(result.gasUsed)
    return { execResult: execResultOf(message, result, gas) }
  }

  /** As the library's: an EVM of the same kind on a copy of the state. */
  override shallowCopy(): FastEvm {
    const common = this.common.copy()
    common.setHardfork(this.common.hardfork())
    const stateManager = Object.assign(this.stateManager.shallowCopy(), { common })
    const deps = { Interpreter: this.#Interpreter, programs: this.#programs }
    return new FastEvm({ ...this._optsCached, common, stateManager }, deps)
  }

  protected override async runInterpreter(
    message: Message,
    opts: { pc?: number; initialLogs?: Log[] } = {},
  ): Promise<ExecResult> {
    const host = this.#host
    if (host === undefined || (opts.pc ?? 0) !== 0 || !this.#isOurs(message.gasLimit)) {
      return super.runInterpreter(message, opts)
    }
    // Bytecode: precompiles never come here.
    const code = message.code as Uint8Array
    const frame = openFrame(host, message, host.programOf(message, code), opts.initialLogs ?? [])
    if (host.sync === undefined) {
      const to = message.to ?? host.zeroAddress
      frame.account = (await this.stateManager.getAccount(to)) ?? new Account()
    }
    await runFrames(frame)
    const gas = BigInt(frame.gas)
    return execResultOf(message, resultOf(frame), gas)
  }

  #isOurs(gasLimit: bigint): boolean {
    if (this.DEBUG || this.#hasCustomOpcodes) return false
    if (this._optsCached.profiler?.enabled === true) return false
    return gasLimit < GAS_MAX && this.events.listenerCount('step') === 0
  }

  /** Prices and handlers of the rules in force; undefined for rules that our loop does not know. */
  #openHost(): Host | undefined {
    const { common, stateManager: state } = this
    const isKnown = common.gteHardfork(Hardfork.Berlin) && common.isActivatedEIP(2929)
    if (!isKnown || UNKNOWN_EIPS.some((eip) => common.isActivatedEIP(eip))) return undefined
    const opcodes: readonly OpcodeEntry[] = this._opcodeMap
    const sync = syncStateOf(state)
    const zeroAddress = createZeroAddress()
    return {
      common,
      state,
      sync,
      journal: this.#warm,
      keccak256: common.customCrypto.keccak256 ?? keccak256,
      zeroAddress,
      opcodes,
      ...createTable(opcodes, sync),
      costs: costsOf(common),
      programOf: (message, code) =>
        // Set for code that the state gave; other code runs once, or lies in memory that changes.
        message.chargeCodeAccesses === true ? this.#programs.of(code) : createPassingProgram(code),
      precompiles: new Map(
        [...this.precompiles].map(([hex, run]) => [nameOf(hexToBytes(`0x${hex}`)), run]),
      ),
      runPrecompile: (message) => {
        assert(typeof message.code === 'function', 'a precompile is a function')
        return this.runPrecompile(message.code, message.data, message.gasLimit)
      },
      hasDelegations: common.isActivatedEIP(7702),
      isWatched: () =>
        this.events.listenerCount('beforeMessage') > 0 ||
        this.events.listenerCount('afterMessage') > 0,
      transient: this.transientStorage,
      hasTransient: common.isActivatedEIP(1153),
      ...this.#checkpointsOf(sync),
      chainId: common.chainId(),
      origin: () => wordOf(this._tx?.origin.bytes ?? zeroAddress.bytes),
      gasPrice: () => this._tx?.gasPrice ?? 0n,
      blockWords: () => this.#wordsOfBlock(),
      openInterpreter: (message, account) => this.#openInterpreter(message, account),
      pace: this.#pace,
      tracer: undefined,
    }
  }

  #wordsOfBlock(): BlockWords {
    const { _block: block, common } = this
    assert(block !== undefined, 'a message belongs to a block')
    if (this.#blockWords?.block !== block) this.#blockWords = blockWordsOf(block, common)
    return this.#blockWords
  }

  #checkpointsOf(sync: SyncState | undefined): Pick<Host, 'checkpoint' | 'commit' | 'revert'> {
    const hasTransient = this.common.isActivatedEIP(1153)
    return {
      checkpoint: () => {
        this.#warm.mark()
        sync?.checkpointSync()
        if (hasTransient) this.transientStorage.checkpoint()
      },
      commit: () => {
        this.#warm.unmark()
        sync?.commitSync()
        if (hasTransient) this.transientStorage.commit()
      },
      revert: () => {
        this.#warm.takeBack()
        sync?.revertSync()
        if (hasTransient) this.transientStorage.revert()
      },
    }
  }

  #openInterpreter(message: Message, contract: Account): Interpreter {
    assert(this._tx !== undefined && this._block !== undefined, 'a message belongs to a run')
    const address = message.to ?? createZeroAddress()
    const env: Env = {
      address,
      caller: message.caller,
      callData: message.data,
      callValue: message.value,
      // Bytecode: precompiles never come here.
      code: message.code as Uint8Array,
      isStatic: message.isStatic,
      isCreate: message.isCreate ?? false,
      depth: message.depth,
      gasPrice: this._tx.gasPrice,
      origin: this._tx.origin,
      block: this._block,
      contract,
      codeAddress: message.codeAddress,
      gasRefund: message.gasRefund,
      blobVersionedHashes: message.blobVersionedHashes ?? [],
      ...(message.createdAddresses === undefined
        ? {}
        : { createdAddresses: message.createdAddresses }),
    }
    return new this.#Interpreter(
      this,
      this.stateManager,
      this.blockchain,
      env,
      message.gasLimit,
      this.journal,
      this.performanceLogger,
    )
  }
}

function messageOf(opts: EVMRunCallOpts, caller: Address, gasLimit: bigint): Message {
  const { to, value = 0n, data, code, depth, isStatic, blobVersionedHashes } = opts
  return new Message({
    caller,
    gasLimit,
    value,
    selfdestruct: opts.selfdestruct ?? new Map(),
    createdAddresses: opts.createdAddresses ?? new Set(),
    ...(to === undefined ? {} : { to }),
    ...(data === undefined ? {} : { data }),
    ...(code === undefined ? {} : { code }),
    ...(depth === undefined ? {} : { depth }),
    ...(isStatic === undefined ? {} : { isStatic }),
    ...(blobVersionedHashes === undefined ? {} : { blobVersionedHashes }),
  })
}

/** A result as the library's `runInterpreter` and `runCall` give it. */
function execResultOf(message: Message, result: CallResult, gas: bigint): ExecResult {
  const { error, refund, output: returnValue } = result
  const executionGasUsed = BigInt(result.gasUsed)
  const gasRefund = BigInt(refund)
  const common = { gas, gasRefund, executionGasUsed, stateGasSpilled: 0n, returnValue }
  if (error === undefined) {
    return {
      ...common,
      logs: [...result.logs],
      selfdestruct: message.selfdestruct ?? new Map(),
      createdAddresses: message.createdAddresses ?? new Set(),
    }
  }
  return {
    ...common,
    exceptionError: error,
    logs: [],
    selfdestruct: new Map(),
    createdAddresses: new Set(),
  }
}
