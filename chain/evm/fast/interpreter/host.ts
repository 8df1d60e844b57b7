import type { Common, StateManagerInterface } from '@ethereumjs/common'
import type { EVM, ExecResult, Message, PrecompileFunc } from '@ethereumjs/evm'
import type { Account, Address } from '@ethereumjs/util'
import type { Pace } from '../../pace.ts'
import type { BlockWords } from './blockOps.ts'
import type { Frame } from './frame.ts'
import type { FastJournal } from './journal.ts'
import type { Interpreter, OpcodeEntry } from './library.ts'
import type { Program } from './programs.ts'

/** One instruction; `base` is the constant part of its price when the loop did not charge it. */
export type Handler = (frame: Frame, base: number, op: number) => void

/** One instruction before it runs, with what is in its frame. */
export type Step = {
  readonly pc: number
  readonly op: number
  /** Whether it is none. */
  readonly isInvalid: boolean
  readonly gas: number
  readonly depth: number
  readonly stack: readonly bigint[]
}

/** Follows an execution, to compare it with another. */
export type Tracer = (step: Step) => void

/** What frames need of the EVM that runs them. */
export type Host = {
  readonly common: Common
  readonly state: StateManagerInterface
  /** The same state when it answers at once. */
  readonly sync: SyncState | undefined
  readonly journal: FastJournal
  readonly keccak256: (data: Uint8Array) => Uint8Array
  readonly zeroAddress: Address
  /** The library's instructions, by number. */
  readonly opcodes: readonly OpcodeEntry[]
  /** What the loop charges before an instruction: its whole price, if that never varies. */
  readonly fees: readonly number[]
  /** The constant part of the prices that vary. */
  readonly bases: readonly number[]
  /** Our own instructions; the library's do the rest. */
  readonly handlers: readonly (Handler | undefined)[]
  readonly costs: Costs
  readonly chainId: bigint
  /** The account and the price of the transaction. */
  origin(): bigint
  gasPrice(): bigint
  blockWords(): BlockWords
  /** The library's interpreter for a message, which runs as `account`. */
  openInterpreter(message: Message, account: Account): Interpreter
  /** What is known of the code that a message runs. */
  programOf(message: Message, code: Uint8Array): Program
  /** Precompiled contracts by the name of their address. */
  readonly precompiles: ReadonlyMap<string, PrecompileFunc>
  runPrecompile(message: Message): ExecResult | Promise<ExecResult>
  /** Whether an account's code may name another's. @source EIP-7702 */
  readonly hasDelegations: boolean
  readonly transient: EVM['transientStorage']
  /** Whether there is transient storage. @source EIP-1153 */
  readonly hasTransient: boolean
  /** Whether somebody listens to messages, which only the library tells about. */
  isWatched(): boolean
  /** Opens a checkpoint of state, journal and transient storage; the others close it. */
  checkpoint(): void
  commit(): void
  revert(): void
  /** Lets others in between steps. */
  pace: Pace | undefined
  tracer: Tracer | undefined
}

/**
 * The synchronous twins that a state kept in memory offers beside `StateManagerInterface`. Each does
 * what its asynchronous namesake does; `getOriginalStorageSync` is `originalStorageCache.get`.
 * Arrays that `getCodeSync` and `getCode` give are never written to again.
 */
export type SyncState = {
  getAccountSync(address: Address): Account | undefined
  putAccountSync(address: Address, account: Account | undefined): void
  getCodeSync(address: Address): Uint8Array
  getStorageSync(address: Address, key: Uint8Array): Uint8Array
  putStorageSync(address: Address, key: Uint8Array, value: Uint8Array): void
  originalStorageSync(address: Address, key: Uint8Array): Uint8Array
  checkpointSync(): void
  commitSync(): void
  revertSync(): void
}

/** The state's synchronous side, when it has one. */
export function syncStateOf(state: StateManagerInterface): SyncState | undefined {
  return isSync(state) ? state : undefined
}

function isSync(state: StateManagerInterface): state is StateManagerInterface & SyncState {
  const names = [
    ...['getAccountSync', 'putAccountSync', 'getCodeSync', 'getStorageSync', 'putStorageSync'],
    ...['originalStorageSync', 'checkpointSync', 'commitSync', 'revertSync'],
  ]
  return names.every((name) => name in state)
}

/** Prices of the rules in force, gas, as `@ethereumjs/evm` has them. */
export type Costs = ReturnType<typeof costsOf>

/** Reads the prices once, as numbers. */
export function costsOf(common: Common) {
  const price = (name: string): number => Number(common.param(name))
  return {
    copyWord: price('copyGas'),
    expByte: price('expByteGas'),
    keccakWord: price('keccak256WordGas'),
    logByte: price('logDataGas'),
    logTopic: price('logTopicGas'),
    memoryWord: price('memoryGas'),
    memoryDivisor: price('quadCoefficientDivGas'),
    callNewAccount: price('callNewAccountGas'),
    callStipend: price('callStipendGas'),
    callValue: price('callValueTransferGas'),
    coldAccount: price('coldaccountaccessGas'),
    coldSlot: price('coldsloadGas'),
    warmRead: price('warmstoragereadGas'),
    storeSentry: price('sstoreSentryEIP2200Gas'),
    storeNoop: price('sstoreNoopEIP2200Gas'),
    storeInit: price('sstoreInitEIP2200Gas'),
    storeClean: price('sstoreCleanEIP2200Gas'),
    storeDirty: price('sstoreDirtyEIP2200Gas'),
    storeReset: price('sstoreResetGas'),
    clearRefund: price('sstoreClearRefundEIP2200Gas'),
    initRefund: price('sstoreInitRefundEIP2200Gas'),
    cleanRefund: price('sstoreCleanRefundEIP2200Gas'),
  } as const
}
