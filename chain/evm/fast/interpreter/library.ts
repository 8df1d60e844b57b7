import type { Common } from '@ethereumjs/common'
import { createEVM, EVMError, type ExecResult } from '@ethereumjs/evm'
import { assert } from '../../../primitives/assert.ts'
import { accountOf } from './contextOps.ts'
import type { Frame } from './frame.ts'
import { setBytes } from './memory.ts'

/** What the library's handlers see of one frame. */
export type RunState = NonNullable<ExecResult['runState']>

/** What a frame knows of the world, as the library has it. */
export type Env = RunState['env']

/** The library's interpreter of one frame; its package does not export the class. */
export type Interpreter = RunState['interpreter']

/** One instruction of the library: its price and what it does. */
export type OpcodeEntry = {
  readonly opcodeInfo: {
    readonly feeBigInt: bigint
    readonly isInvalid: boolean
    readonly isAsync: boolean
    readonly dynamicGas: boolean
  }
  readonly opHandler: (state: RunState, common: Common) => void | Promise<void>
  readonly gasHandler: (state: RunState, gas: bigint, common: Common) => bigint | Promise<bigint>
}

/** The library's view of one frame. */
export type LibraryFrame = {
  readonly interpreter: Interpreter
  readonly state: RunState
}

/** Makes interpreters as the library's `EVM.runInterpreter` does. */
export type InterpreterClass = new (
  evm: unknown,
  stateManager: RunState['stateManager'],
  blockchain: RunState['blockchain'],
  env: Env,
  gasLeft: bigint,
  journal: unknown,
  performanceLogs: unknown,
) => Interpreter

let known: Promise<InterpreterClass> | undefined

/** The library's class of interpreters, taken from the result of a run. */
export function interpreterClass(): Promise<InterpreterClass> {
  known ??= findInterpreterClass()
  return known
}

async function findInterpreterClass(): Promise<InterpreterClass> {
  const evm = await createEVM()
  const { runState } = await evm.runCode({ code: new Uint8Array(1) })
  assert(runState !== undefined, 'a run of bytecode gives its last state')
  // The constructor of an object of this class; its arguments are those of the pinned version.
  return runState.interpreter.constructor as InterpreterClass
}

/**
 * Runs the instruction that the frame stands on by the library's own handlers. The frame is over
 * when they end it.
 */
export async function runByLibrary(frame: Frame): Promise<void> {
  const op = frame.code[frame.pc] ?? 0
  const { common, opcodes } = frame.host
  const entry = opcodes[op]
  assert(entry !== undefined, 'the library knows 256 instructions')
  const { opcodeInfo, opHandler, gasHandler } = entry
  const { interpreter, state } = libraryFrameOf(frame, op)
  try {
    const { feeBigInt, dynamicGas } = opcodeInfo
    interpreter.useGas(dynamicGas ? await gasHandler(state, feeBigInt, common) : feeBigInt)
    state.programCounter++
    const done = opHandler(state, common)
    if (opcodeInfo.isAsync) await done
  } catch (error) {
    end(frame, error)
  }
  readBack(frame, interpreter, state)
}

/** As `runByLibrary`, for an instruction that waits for nothing and whose price is paid. */
export function runByLibraryNow(frame: Frame, _base: number, op: number): void {
  const { common, opcodes } = frame.host
  const { interpreter, state } = libraryFrameOf(frame, op)
  state.programCounter++
  try {
    opcodes[op]?.opHandler(state, common)
  } catch (error) {
    end(frame, error)
  }
  readBack(frame, interpreter, state)
  // The loop itself goes on behind the instruction.
  frame.pc--
}

function end(frame: Frame, error: unknown): void {
  if (!(error instanceof EVMError)) throw error
  frame.isOver = true
  // STOP is how the library ends a frame without an error.
  if (error.error !== EVMError.errorMessages.STOP) frame.error = error
}

/** The library's view of the frame, as the frame is now. */
function libraryFrameOf(frame: Frame, op: number): LibraryFrame {
  frame.library ??= openLibraryFrame(frame)
  const { interpreter, state } = frame.library
  state.programCounter = frame.pc
  state.opCode = op
  state.gasLeft = BigInt(frame.gas)
  state.gasRefund = BigInt(frame.refund)
  state.memory._store = frame.memory.bytes
  state.memoryWordCount = BigInt(frame.memoryWords)
  state.highestMemCost = BigInt(frame.memoryGas)
  state.returnBytes = frame.returned
  // Items and height are private there, see `openLibraryFrame`.
  Object.assign(state.stack, { _len: frame.sp })
  state.env.contract = accountOf(frame)
  interpreter._result.logs = frame.logs
  return frame.library
}

/** Takes over what a handler of the library changed. */
function readBack(frame: Frame, interpreter: Interpreter, state: RunState): void {
  frame.pc = state.programCounter
  frame.gas = Number(state.gasLeft)
  frame.refund = Number(state.gasRefund)
  const { _store: bytes } = state.memory
  // The library makes its memory of plain arrays only.
  if (bytes !== frame.memory.bytes) setBytes(frame.memory, bytes as Uint8Array<ArrayBuffer>)
  frame.memoryWords = Number(state.memoryWordCount)
  frame.memoryGas = Number(state.highestMemCost)
  frame.returned = state.returnBytes
  frame.sp = state.stack.length
  frame.account = state.env.contract
  frame.logs = interpreter._result.logs
}

function openLibraryFrame(frame: Frame): LibraryFrame {
  const { host, message } = frame
  const interpreter = host.openInterpreter(message, accountOf(frame))
  // Declared protected; the version of the package is pinned and the tests compare every result.
  const { _runState: state } = interpreter as unknown as { readonly _runState: RunState }
  state.code = frame.code
  Object.assign(state.stack, { _store: frame.stack })
  // They carry what the message brought along and what its children add.
  if (message.selfdestruct !== undefined) interpreter._result.selfdestruct = message.selfdestruct
  if (message.createdAddresses !== undefined) {
    interpreter._result.createdAddresses = message.createdAddresses
  }
  return { interpreter, state }
}
