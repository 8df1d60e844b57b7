import type { EVMResult, Message } from '@ethereumjs/evm'
import { runBlock } from '@ethereumjs/vm'
import { toHex } from '../codec/bytes.ts'
import type { Address, Hex } from '../primitives/hex.ts'
import { limits } from '../primitives/limits.ts'
import type { CallFrame, TraceRequest } from './engine.ts'
import { EvmError } from './errors.ts'
import { decodeBlock } from './verifyBlock.ts'
import { type EngineContext, openWorkspace } from './workspace.ts'

/** A frame that is still open. */
type OpenFrame = {
  readonly message: Message
  readonly type: CallFrame['type']
  readonly from: Address
  readonly to: Address | undefined
  readonly calls: CallFrame[]
}

/** What a frame takes besides its input and output, in bytes. */
const FRAME_SIZE = 512

/**
 * Runs a block again on its parent's state and writes down every call of every transaction.
 * @throws EvmError `EVM_UNKNOWN_STATE`, `EVM_MALFORMED_BLOCK`, `EVM_TRACE_TOO_BIG`
 */
export function traceBlock(
  context: EngineContext,
  request: TraceRequest,
): Promise<readonly CallFrame[]> {
  return context.traceTurns(() => trace(context, request))
}

async function trace(
  context: EngineContext,
  { parentStateRoot, raw }: TraceRequest,
): Promise<readonly CallFrame[]> {
  const block = decodeBlock(context, raw)
  const { vm } = await openWorkspace(
    context,
    { stateRoot: parentStateRoot },
    context.pacing?.block(),
  )
  const frames: CallFrame[] = []
  let open: OpenFrame[] | undefined
  let outermost: CallFrame | undefined
  let sizeBytes = 0

  vm.events.on('beforeTx', () => {
    open = []
    outermost = undefined
  })
  vm.events.on('afterTx', ({ transaction, totalGasSpent }) => {
    open = undefined
    // The frame begins after the intrinsic gas is paid; the transaction as a whole includes it.
    const gas = transaction.gasLimit
    if (outermost !== undefined) frames.push({ ...outermost, gas, gasUsed: totalGasSpent })
  })
  vm.evm.events?.on('beforeMessage', (message) => {
    // What runs outside transactions is the block's own bookkeeping.
    open?.push(openFrame(message))
  })
  vm.evm.events?.on('afterMessage', (result) => {
    const frame = open?.pop()
    if (frame === undefined) return
    const closed = closeFrame(frame, result)
    sizeBytes += FRAME_SIZE + closed.input.length + closed.output.length
    if (sizeBytes > limits.traceSizeMax) throw tooBig(limits.traceSizeMax)
    const parent = open?.at(-1)
    if (parent === undefined) outermost = closed
    else parent.calls.push(closed)
  })
  await runBlock(vm, { block, skipHeaderValidation: true, skipBlockValidation: true })
  return frames
}

function openFrame(message: Message): OpenFrame {
  const self = message.to?.toString() as Address | undefined // ethereumjs writes lower-case hex
  const code = message._codeAddress?.toString() as Address | undefined
  const caller = message.caller.toString() as Address
  const frame = { message, calls: [] }
  if (message.to === undefined) {
    const type = message.salt === undefined ? 'CREATE' : 'CREATE2'
    return { ...frame, type, from: caller, to: undefined }
  }
  if (message.delegatecall) {
    return { ...frame, type: 'DELEGATECALL', from: self ?? caller, to: code }
  }
  const isBorrowed = self === caller && code !== undefined && code !== self
  const type = isBorrowed ? 'CALLCODE' : message.isStatic ? 'STATICCALL' : 'CALL'
  return { ...frame, type, from: caller, to: isBorrowed ? code : self }
}

function tooBig(sizeMax: number): EvmError {
  const text =
    `The trace of this block takes more than ${sizeMax} bytes. ` +
    'Look at its receipts and logs, or repeat a part of it with eth_call.'
  return new EvmError({ code: 'EVM_TRACE_TOO_BIG', sizeMax }, text)
}

function closeFrame(frame: OpenFrame, { execResult, createdAddress }: EVMResult): CallFrame {
  const { message, type, from, to, calls } = frame
  const created = createdAddress?.toString() as Address | undefined
  const error = execResult.exceptionError?.error
  const output: Hex = toHex(execResult.returnValue)
  return {
    type,
    from,
    to: to ?? created,
    value: message.value,
    gas: message.gasLimit,
    gasUsed: execResult.executionGasUsed,
    input: toHex(message.data),
    output,
    calls,
    ...(error === undefined ? {} : { error: error === 'revert' ? 'execution reverted' : error }),
  }
}
