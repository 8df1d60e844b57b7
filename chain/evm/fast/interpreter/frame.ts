import { EVMError, type Log, type Message } from '@ethereumjs/evm'
import type { Account } from '@ethereumjs/util'
import type { Host } from './host.ts'
import type { LibraryFrame } from './library.ts'
import { giveMemory, type Memory, takeMemory } from './memory.ts'
import type { Program } from './programs.ts'
import { nameOf } from './words.ts'

/** One call or creation while its code runs. */
export type Frame = {
  readonly host: Host
  readonly message: Message
  readonly program: Program
  readonly code: Uint8Array
  /** The account whose storage it is, as 20 bytes and as a name. */
  readonly address: Uint8Array
  readonly owner: string
  readonly callData: Uint8Array
  pc: number
  /** Gas left, and the refund counter of the transaction. */
  gas: number
  refund: number
  /** The stack is the first `sp` items; what lies behind them is old. */
  readonly stack: bigint[]
  sp: number
  readonly memory: Memory
  /** Size of the memory in words of 32 bytes, and the gas paid for it so far. */
  memoryWords: number
  memoryGas: number
  /** What the last call returned. */
  returned: Uint8Array
  output: Uint8Array | undefined
  logs: Log[]
  /** The account itself as the frame sees it; absent when it has to be read again. */
  account: Account | undefined
  /** Set when the frame is over: by an error, or without one. */
  isOver: boolean
  error: EVMError | undefined
  /** The library's view of this frame, once one of its handlers was needed. */
  library: LibraryFrame | undefined
  /** The call that the frame waits for. */
  pending: PendingCall | undefined
  /** The gas below which the pace is asked next. */
  lookAt: number
  /** What has to be waited for before the next step. */
  rest: Promise<void> | undefined
}

/** A call, and where in the memory its output goes. */
export type PendingCall = {
  readonly message: Message
  readonly outOffset: number
  readonly outSize: number
}

/** Why a frame ends, by the library's names. */
export type Halt = keyof typeof EVMError.errorMessages

/** The most items on a stack. @source Ethereum Yellow Paper, section 9.1 */
export const STACK_MAX = 1024

const nothing = new Uint8Array(0)

/** Frames of one thread do not interleave on a stack array: each has its own until it ends. */
const spareStacks: bigint[][] = []
const SPARE_STACKS_MAX = 64

/** A frame at the first instruction of its code. */
export function openFrame(
  host: Host,
  message: Message,
  program: Program,
  initialLogs: readonly Log[],
): Frame {
  const { bytes } = message.to ?? host.zeroAddress
  return {
    host,
    message,
    program,
    code: program.code,
    address: bytes,
    owner: nameOf(bytes),
    callData: message.data,
    pc: 0,
    gas: Number(message.gasLimit),
    refund: Number(message.gasRefund),
    stack: spareStacks.pop() ?? [],
    sp: 0,
    memory: takeMemory(),
    memoryWords: 0,
    memoryGas: 0,
    returned: nothing,
    output: undefined,
    logs: [...initialLogs],
    account: undefined,
    isOver: false,
    error: undefined,
    library: undefined,
    pending: undefined,
    lookAt: host.pace === undefined ? -1 : Number(message.gasLimit),
    rest: undefined,
  }
}

/** Gives back what the frame borrowed; nobody may use it afterwards. */
export function closeFrame(frame: Frame): void {
  giveMemory(frame.memory, frame.memoryWords * 32)
  if (spareStacks.length < SPARE_STACKS_MAX) spareStacks.push(frame.stack)
}

/** Ends a frame with an error that costs all its gas. */
export function halt(frame: Frame, reason: Halt): void {
  frame.isOver = true
  frame.error = new EVMError(EVMError.errorMessages[reason])
}

/**
 * Charges gas.
 * @returns false when there was not enough, and the frame is over.
 */
export function charge(frame: Frame, gas: number): boolean {
  frame.gas -= gas
  if (frame.gas >= 0) return true
  frame.gas = 0
  halt(frame, 'OUT_OF_GAS')
  return false
}

/**
 * Whether the stack holds `count` items; the frame is over when it does not.
 */
export function holds(frame: Frame, count: number): boolean {
  if (frame.sp >= count) return true
  halt(frame, 'STACK_UNDERFLOW')
  return false
}

/** The item `depth` below the top of the stack, which must be there. */
export function peek(frame: Frame, depth: number): bigint {
  return frame.stack[frame.sp - 1 - depth] ?? 0n
}

/** Puts a word on the stack; the frame is over when it is full. */
export function push(frame: Frame, word: bigint): void {
  if (frame.sp >= STACK_MAX) halt(frame, 'STACK_OVERFLOW')
  else frame.stack[frame.sp++] = word
}
