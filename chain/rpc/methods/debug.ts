import type { Backend, BlockView, CallFrameView } from '../backend.ts'
import { type BlockRef, blockNumberOrTag, findBlock } from '../blockRef.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { createRpcError, invalidParams } from '../errors.ts'
import { toQuantity } from '../format.ts'
import { boolean, hash, object, optional, type Parser } from '../parse.ts'
import { explainRevert } from '../revert.ts'
import type { Services } from '../services.ts'

/** debug_ methods: what transactions did inside. Only geth's `callTracer` is there. */
export function createDebugMethods({ backend }: Services): MethodTable {
  return {
    debug_traceTransaction: method([hash, callTracer], async ([id, options]) => {
      const tx = await backend.transaction(id)
      const { blockHash, index } = tx?.inclusion ?? {}
      const block = blockHash && (await backend.blockByHash(blockHash))
      if (!block || index === undefined) throw notTraceable(`transaction ${id}`)
      const frame = (await backend.trace(block))[index]
      if (frame === undefined) throw notTraceable(`transaction ${id}`)
      return formatFrame(frame, options)
    }),
    debug_traceBlockByNumber: method([blockNumberOrTag, callTracer], ([ref, options]) =>
      // What is pending has not run for good yet.
      traceBlock(backend, ref.type === 'pending' ? { type: 'head' } : ref, options),
    ),
    debug_traceBlockByHash: method([hash, callTracer], ([blockHash, options]) =>
      traceBlock(backend, { type: 'hash', hash: blockHash }, options),
    ),
    debug_getRawTransaction: method([hash], async ([id]) => {
      const tx = await backend.transaction(id)
      return tx?.raw ?? '0x'
    }),
  }
}

type TracerOptions = { readonly onlyTopCall: boolean }

const callTracer: Parser<TracerOptions> = (value, name) => {
  const { tracer, tracerConfig } = object(value ?? {}, name)
  if (tracer !== 'callTracer') throw invalidParams(`${name}.tracer: only "callTracer" is supported`)
  const config = object(tracerConfig ?? {}, `${name}.tracerConfig`)
  if (config.withLog === true) throw invalidParams(`${name}.tracerConfig.withLog: not supported`)
  const onlyTopCall = optional(boolean)(config.onlyTopCall, `${name}.tracerConfig.onlyTopCall`)
  return { onlyTopCall: onlyTopCall ?? false }
}

async function traceBlock(backend: Backend, ref: BlockRef, options: TracerOptions) {
  const block = await findBlock(backend, ref)
  if (block === undefined || block.number === 0n) throw notTraceable('this block')
  const frames = await backend.trace(block)
  return frames.map((frame, at) => ({
    txHash: hashAt(block, at),
    result: formatFrame(frame, options),
  }))
}

function hashAt(block: BlockView, at: number) {
  return block.transactions.hashAt(at) ?? null
}

function notTraceable(what: string) {
  return createRpcError({ code: 'RPC_NOT_TRACEABLE', what })
}

/** A frame as geth's `callTracer` writes it: what is empty is left out. */
function formatFrame(frame: CallFrameView, options: TracerOptions): object {
  const { type, from, to, value, gas, gasUsed, input, output, error, calls } = frame
  const reason = error === undefined ? undefined : explainRevert(output)
  return {
    type,
    from,
    ...(to === undefined ? {} : { to }),
    ...(type === 'STATICCALL' ? {} : { value: toQuantity(value) }),
    gas: toQuantity(gas),
    gasUsed: toQuantity(gasUsed),
    input,
    ...(output === '0x' ? {} : { output }),
    ...(error === undefined ? {} : { error }),
    ...(reason === undefined ? {} : { revertReason: reason }),
    ...(calls.length === 0 || options.onlyTopCall
      ? {}
      : { calls: calls.map((call) => formatFrame(call, options)) }),
  }
}
