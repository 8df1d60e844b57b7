import { EVMError, type ExecResult, type Log, type Message } from '@ethereumjs/evm'
import { Account, Address, MAX_INTEGER } from '@ethereumjs/util'
import { assert } from '../../../primitives/assert.ts'
import { closeFrame, type Frame, openFrame } from './frame.ts'
import type { Host, SyncState } from './host.ts'
import { reserve } from './memory.ts'
import { nameOf } from './words.ts'

/** How a call ended. Gas in numbers: below `GAS_MAX`. */
export type CallResult = {
  readonly error: EVMError | undefined
  readonly gasUsed: number
  readonly refund: number
  readonly output: Uint8Array
  readonly logs: readonly Log[]
}

const nothing = new Uint8Array(0)
const noLogs: readonly Log[] = []

/**
 * Begins a call, on a state that answers at once: moves the value and finds the code, as the
 * library's `runCall` and `_executeCall` do under the rules that a `Host` stands for.
 *
 * @returns the frame of the code, or the result when there is none to run.
 */
export function enterCall(
  host: Host,
  sync: SyncState,
  message: Message,
): Frame | CallResult | Promise<CallResult> {
  host.checkpoint()
  const error = moveValue(host, sync, message)
  const { to } = message
  assert(to !== undefined, 'a call has an address')
  loadCode(host, sync, message, message._codeAddress ?? to)
  const { code } = message
  const refund = Number(message.gasRefund)
  if (typeof code === 'function') {
    if (error === undefined) return runPrecompile(host, message)
  } else if (error === undefined && code !== undefined && code.length > 0) {
    return openFrame(host, message, host.programOf(message, code), noLogs)
  }
  return { error, gasUsed: 0, refund, output: nothing, logs: noLogs }
}

/** Ends a call: keeps what it did, or takes it back. */
export function leaveCall(host: Host, result: CallResult): void {
  if (result.error === undefined) host.commit()
  else host.revert()
}

/** The result of a frame that is over; nobody may use the frame afterwards. */
export function resultOf(frame: Frame): CallResult {
  const { message, error, output = nothing, refund, logs } = frame
  const isAllUsed = error !== undefined && error.error !== EVMError.errorMessages.REVERT
  const limit = Number(message.gasLimit)
  closeFrame(frame)
  return { error, gasUsed: isAllUsed ? limit : limit - frame.gas, refund, output, logs }
}

/** Gives a frame what its call brought, as the library's `_baseCall` does. */
export function takeResult(frame: Frame, result: CallResult): void {
  const { pending } = frame
  assert(pending !== undefined, 'a frame waits for its call')
  frame.pending = undefined
  const { message, outOffset, outSize } = pending
  const { error, gasUsed, output } = result
  frame.gas -= gasUsed
  if (error === undefined) {
    for (const log of result.logs) frame.logs.push(log)
    for (const [address, heir] of message.selfdestruct ?? []) {
      frame.message.selfdestruct?.set(address, heir)
    }
    for (const address of message.createdAddresses ?? []) {
      frame.message.createdAddresses?.add(address)
    }
    frame.refund = result.refund
    // The call may have paid or been paid by this account.
    frame.account = undefined
  }
  if (error === undefined || error.error === EVMError.errorMessages.REVERT) {
    frame.returned = output
    writeOutput(frame, outOffset, outSize)
  }
  frame.stack[frame.sp++] = error === undefined ? 1n : 0n
}

function writeOutput({ memory, returned }: Frame, offset: number, size: number): void {
  const part = Math.min(size, returned.length)
  if (part === 0) return
  reserve(memory, offset + part)
  memory.bytes.set(returned.subarray(0, part), offset)
}

function moveValue(host: Host, sync: SyncState, message: Message): EVMError | undefined {
  if (message.delegatecall) return undefined
  const { caller, to, value } = message
  assert(to !== undefined, 'a call has an address')
  if (value === 0n) {
    // Nothing moves, but both are touched, and there from now on.
    keep(host, sync, caller)
    keep(host, sync, to)
    return undefined
  }
  let error: EVMError | undefined
  const payer = sync.getAccountSync(caller) ?? new Account()
  if (payer.balance >= value) {
    payer.balance -= value
    put(host, sync, caller, payer)
  } else error = new EVMError(EVMError.errorMessages.INSUFFICIENT_BALANCE)
  const payee = sync.getAccountSync(to) ?? new Account()
  if (payee.balance + value > MAX_INTEGER) {
    return new EVMError(EVMError.errorMessages.VALUE_OVERFLOW)
  }
  payee.balance += value
  put(host, sync, to, payee)
  return error
}

function keep(host: Host, sync: SyncState, address: Address): void {
  if (sync.getAccountSync(address) === undefined) put(host, sync, address, new Account())
  else host.journal.touch(address)
}

function put(host: Host, sync: SyncState, address: Address, account: Account): void {
  host.journal.touch(address)
  sync.putAccountSync(address, account)
}

function loadCode(host: Host, sync: SyncState, message: Message, address: Address): void {
  if (message.code !== undefined) return
  const precompile = host.precompiles.get(nameOf(address.bytes))
  if (precompile !== undefined) {
    message.code = precompile
    message.isCompiled = true
    return
  }
  message.code = sync.getCodeSync(address)
  const delegate = delegateOf(host, message.code)
  if (delegate !== undefined) {
    message.code = sync.getCodeSync(delegate)
    if (message.depth === 0) host.journal.addAlwaysWarmAddress(delegate.toString())
  }
  message.isCompiled = false
  message.chargeCodeAccesses = true
}

/** The account whose code runs in the place of a designator. @source EIP-7702 */
export function delegateOf(host: Host, code: Uint8Array): Address | undefined {
  const isDesignator = code[0] === 0xef && code[1] === 0x01 && code[2] === 0x00
  return isDesignator && host.hasDelegations ? new Address(code.slice(3, 24)) : undefined
}

function runPrecompile(host: Host, message: Message): CallResult | Promise<CallResult> {
  const result = host.runPrecompile(message)
  const refund = Number(message.gasRefund)
  return result instanceof Promise
    ? result.then((settled) => callResultOf(settled, refund))
    : callResultOf(result, refund)
}

function callResultOf(result: ExecResult, refund: number): CallResult {
  const { exceptionError: error, executionGasUsed, returnValue: output } = result
  return { error, gasUsed: Number(executionGasUsed), refund, output, logs: result.logs ?? noLogs }
}
