import { Message } from '@ethereumjs/evm'
import type { Address } from '@ethereumjs/util'
import { addressOfWord, lookGas } from './accountOps.ts'
import { delegateOf } from './calls.ts'
import { accountOf } from './contextOps.ts'
import { charge, type Frame, halt, holds, peek } from './frame.ts'
import { growGas } from './gas.ts'
import type { SyncState } from './host.ts'
import { reserve } from './memory.ts'

/** What the four kinds of calls have in common, as the stack has it. */
type Request = {
  readonly op: number
  readonly gasWanted: bigint
  readonly target: Address
  readonly value: bigint
  readonly inOffset: bigint
  readonly inLength: bigint
  readonly outOffset: bigint
  readonly outLength: bigint
}

const CALL = 0xf1
const CALLCODE = 0xf2
const DELEGATECALL = 0xf4
const STATICCALL = 0xfa

/** The deepest frame that may call. @source Ethereum Yellow Paper, section 8 */
const DEPTH_MAX = 1024

const nothing = new Uint8Array(0)

/**
 * Pays for one of the four calls and puts it into `frame.pending`; without one when it fails at
 * once. On a state that answers at once.
 *
 * @returns whether the frame goes on.
 */
export function prepareCall(frame: Frame, sync: SyncState, base: number, op: number): boolean {
  const count = op === CALL || op === CALLCODE ? 7 : 6
  if (!holds(frame, count)) return false
  const request = requestOf(frame, op)
  const { value } = request
  if (op === CALL && value !== 0n && frame.message.isStatic) {
    halt(frame, 'STATIC_STATE_CHANGE')
    return false
  }
  const price = base + priceOf(frame, sync, request)
  const rest = frame.gas - price
  if (!charge(frame, price)) return false
  frame.sp -= count
  // EIP-150: one part in 64 stays here.
  const most = rest - Math.floor(rest / 64)
  let limit = request.gasWanted < BigInt(most) ? Number(request.gasWanted) : most
  if (value !== 0n) {
    const { callStipend } = frame.host.costs
    frame.gas += callStipend
    limit += callStipend
  }
  frame.returned = nothing
  const { message } = frame
  const isPoor = op !== DELEGATECALL && value > 0n && accountOf(frame).balance < value
  if (message.depth >= DEPTH_MAX || isPoor) frame.stack[frame.sp++] = 0n
  else {
    frame.pending = {
      message: messageOf(frame, request, BigInt(limit)),
      outOffset: Number(request.outOffset),
      outSize: Number(request.outLength),
    }
  }
  return true
}

function requestOf(frame: Frame, op: number): Request {
  const hasValue = op === CALL || op === CALLCODE
  const at = hasValue ? 3 : 2
  return {
    op,
    gasWanted: peek(frame, 0),
    target: addressOfWord(peek(frame, 1)),
    value: hasValue ? peek(frame, 2) : 0n,
    inOffset: peek(frame, at),
    inLength: peek(frame, at + 1),
    outOffset: peek(frame, at + 2),
    outLength: peek(frame, at + 3),
  }
}

/**
 * What a call costs besides the constant part and the gas it hands on.
 * @source EIP-2929 (cold and warm); EIP-161 (new accounts); EIP-7702 (delegates)
 */
function priceOf(frame: Frame, sync: SyncState, request: Request): number {
  const { host } = frame
  const { costs } = host
  const { target, value } = request
  let price = growGas(frame, request.inOffset, request.inLength)
  price += growGas(frame, request.outOffset, request.outLength)
  price += lookGas(frame, target.bytes)
  if (value !== 0n) {
    price += costs.callValue
    if (request.op === CALL) {
      const account = sync.getAccountSync(target)
      if (account === undefined || account.isEmpty()) price += costs.callNewAccount
    }
  }
  if (host.hasDelegations) {
    const delegate = delegateOf(host, sync.getCodeSync(target))
    if (delegate !== undefined) price += lookGas(frame, delegate.bytes)
  }
  return price
}

function messageOf(frame: Frame, request: Request, gasLimit: bigint): Message {
  const { message: from, host } = frame
  const { op, target, inOffset, inLength } = request
  const self = from.to ?? host.zeroAddress
  const isDelegate = op === DELEGATECALL
  const message = new Message({
    caller: isDelegate ? from.caller : self,
    gasLimit,
    to: op === CALL || op === STATICCALL ? target : self,
    value: isDelegate ? from.value : request.value,
    data: inputOf(frame, inOffset, inLength),
    isStatic: op === STATICCALL || from.isStatic,
    delegatecall: isDelegate,
    depth: from.depth + 1,
    gasRefund: BigInt(frame.refund),
    selfdestruct: new Map(from.selfdestruct),
    createdAddresses: new Set(from.createdAddresses),
    blobVersionedHashes: from.blobVersionedHashes ?? [],
  })
  if (op !== CALL && op !== STATICCALL) message._codeAddress = target
  return message
}

/** A view of the memory: its owner stands still while the call runs. */
function inputOf({ memory }: Frame, offset: bigint, length: bigint): Uint8Array {
  if (length === 0n) return nothing
  const [start, size] = [Number(offset), Number(length)]
  reserve(memory, start + size)
  return memory.bytes.subarray(start, start + size)
}
