import { setImmediate } from 'node:timers/promises'
import type { Hex } from '../primitives/hex.ts'
import { createRpcError, invalidParams, toJsonRpcError } from './errors.ts'
import type { Parser } from './parse.ts'

/** Who calls, and what can be sent back besides the answer. */
export type CallContext = {
  /** Whether the request was addressed to this machine: development methods demand it. */
  readonly isLocal: boolean
  /** What the request was addressed to, as the client wrote it. */
  readonly host: string
  /** Present on WebSockets: delivers subscriptions. */
  readonly subscriber?: Subscriber
  /** Aborts when the client has gone or the server stops. */
  readonly signal: AbortSignal
}

/** The sending end of a WebSocket. */
export type Subscriber = {
  notify(subscription: Hex, result: unknown): void
  /** Runs `stop` when the subscription or the socket ends. */
  keep(subscription: Hex, stop: () => void): void
  /** Ends one subscription; false when it is not this socket's. */
  drop(subscription: Hex): boolean
}

/** One JSON-RPC method. */
export type Method = {
  readonly isDev: boolean
  readonly run: (params: readonly unknown[], context: CallContext) => unknown
  /**
   * Told of all calls of this method in a batch before the first of them is run: does for all at
   * once what each would do for itself. Changes no answer; passes over what it cannot read.
   */
  readonly prepare?: (calls: readonly unknown[]) => Promise<void>
}

/** Methods by name. */
export type MethodTable = Readonly<Record<string, Method>>

/** Makes a method out of parsers for its parameters and a function over what they read. */
export function method<const P extends readonly Parser<unknown>[]>(
  parsers: P,
  handler: (
    args: { readonly [K in keyof P]: P[K] extends Parser<infer T> ? T : never },
    context: CallContext,
  ) => unknown,
): Method {
  return {
    isDev: false,
    run: (params, context) => {
      if (params.length > parsers.length) {
        throw invalidParams(`too many arguments, want at most ${parsers.length}`)
      }
      const args = parsers.map((parser, at) => parser(params[at], `argument ${at}`))
      // Each parser of P has just produced the value at its place.
      return handler(args as never, context)
    },
  }
}

/** The same methods, kept to requests that are addressed to this machine. */
export function devOnly(table: MethodTable): MethodTable {
  return Object.fromEntries(
    Object.entries(table).map(([name, method]) => [name, { ...method, isDev: true }]),
  )
}

/** What `createDispatch` needs. */
export type DispatchOptions = {
  readonly methods: MethodTable
  readonly batchMax: number
  /** Bytes of answers after which the rest of a batch is not run. */
  readonly batchResponseSizeMax: number
  /** Told of errors that are the node's own fault. */
  readonly onBug: (error: unknown, method: string) => void
}

/** Answers the text of a request or batch; undefined when nothing is to be sent back. */
export type Dispatch = (text: string, context: CallContext) => Promise<string | undefined>

/**
 * Builds the JSON-RPC machine.
 *
 * Calls of a batch run one after the other, so that transactions of one batch arrive in order.
 *
 * @source JSON-RPC 2.0
 */
export function createDispatch(options: DispatchOptions): Dispatch {
  const methods = new Map(Object.entries(options.methods))
  return async (text, context) => {
    const request = parseJson(text)
    if (request === undefined) {
      return writeError(null, createRpcError({ code: 'RPC_PARSE_ERROR' }))
    }
    if (!Array.isArray(request)) return answer(request, context, { ...options, methods })
    if (request.length === 0) return writeInvalid('empty batch')
    if (request.length > options.batchMax) {
      const facts = { count: request.length, countMax: options.batchMax }
      return writeError(null, createRpcError({ code: 'RPC_BATCH_TOO_BIG', ...facts }))
    }
    return answerBatch(request, context, { ...options, methods })
  }
}

type Machine = Omit<DispatchOptions, 'methods'> & { readonly methods: ReadonlyMap<string, Method> }

async function answerBatch(
  requests: readonly unknown[],
  context: CallContext,
  machine: Machine,
): Promise<string | undefined> {
  const answers: string[] = []
  const sizeMax = machine.batchResponseSizeMax
  let size = 0
  await prepareBatch(requests, machine)
  for (const [index, request] of requests.entries()) {
    // Others have their turn between calls, and nothing is done for a client that has gone.
    if (!isPrepared(request, machine) || index % PREPARED_PER_TURN === 0) await setImmediate()
    if (context.signal.aborted) return undefined
    if (size > sizeMax) {
      const id = readId(request)
      const error = createRpcError({ code: 'RPC_RESPONSE_TOO_BIG', sizeMax })
      if (id !== undefined) answers.push(writeError(id, error))
      continue
    }
    const text = await answer(request, context, machine)
    if (text === undefined) continue
    size += text.length
    answers.push(text)
  }
  return answers.length === 0 ? undefined : `[${answers.join(',')}]`
}

/** Calls of which the costly part was done before that are run in one turn of the event loop. */
const PREPARED_PER_TURN = 16

async function prepareBatch(
  requests: readonly unknown[],
  { methods, onBug }: Pick<Machine, 'methods' | 'onBug'>,
): Promise<void> {
  const calls = new Map<NonNullable<Method['prepare']>, unknown[]>()
  for (const request of requests) {
    const prepare = methods.get(methodOf(request) ?? '')?.prepare
    if (prepare === undefined) continue
    const list = calls.get(prepare) ?? []
    // `methodOf` has found a member, so it is an object.
    list.push((request as { readonly params?: unknown }).params)
    calls.set(prepare, list)
  }
  for (const [prepare, list] of calls) {
    if (list.length < 2) continue
    // Each call can do without; what keeps all of them from it is worth knowing.
    await prepare(list).catch((error: unknown) => onBug(error, 'a batch'))
  }
}

function isPrepared(request: unknown, { methods }: Pick<Machine, 'methods'>): boolean {
  return methods.get(methodOf(request) ?? '')?.prepare !== undefined
}

function methodOf(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || !('method' in request)) return undefined
  return typeof request.method === 'string' ? request.method : undefined
}

async function answer(
  request: unknown,
  context: CallContext,
  machine: Machine,
): Promise<string | undefined> {
  const fault = findFault(request)
  if (fault !== undefined) return writeInvalid(fault, readId(request) ?? null)
  // `findFault` has checked the members.
  const {
    id,
    method: name,
    params,
  } = request as {
    id?: string | number | null
    method: string
    params?: unknown
  }
  try {
    const result = await run({ name, params }, context, machine)
    if (id === undefined) return undefined
    return `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":${JSON.stringify(result ?? null)}}`
  } catch (error) {
    if (toJsonRpcError(error).isBug) machine.onBug(error, name)
    return id === undefined ? undefined : writeError(id, error)
  }
}

async function run(
  { name, params = [] }: { name: string; params?: unknown },
  context: CallContext,
  machine: Machine,
): Promise<unknown> {
  const found = machine.methods.get(name)
  if (found === undefined) throw createRpcError({ code: 'RPC_METHOD_NOT_FOUND', method: name })
  if (found.isDev && !context.isLocal) {
    throw createRpcError({ code: 'RPC_FOREIGN_HOST', method: name, host: context.host })
  }
  if (!Array.isArray(params)) throw invalidParams('params must be an array')
  return found.run(params, context)
}

/** Why `request` is no JSON-RPC 2.0 request; undefined when it is one. */
function findFault(request: unknown): string | undefined {
  if (typeof request !== 'object' || request === null || Array.isArray(request)) {
    return 'not an object'
  }
  const { jsonrpc, id, method: name, params } = request as Record<string, unknown>
  if (jsonrpc !== '2.0') return 'member jsonrpc must be "2.0"'
  if (typeof name !== 'string') return 'member method must be a string'
  if (params !== undefined && (typeof params !== 'object' || params === null)) {
    return 'member params must be an array'
  }
  if (id !== undefined && !isId(id)) return 'member id must be a string, a number or null'
  return undefined
}

function isId(id: unknown): id is string | number | null {
  return id === null || typeof id === 'string' || typeof id === 'number'
}

function readId(request: unknown): string | number | null | undefined {
  if (typeof request !== 'object' || request === null || !('id' in request)) return undefined
  return isId(request.id) ? request.id : undefined
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function writeInvalid(reason: string, id: string | number | null = null): string {
  return writeError(id, createRpcError({ code: 'RPC_INVALID_REQUEST', reason }))
}

/** A whole answer that carries an error. */
export function writeError(id: string | number | null, error: unknown): string {
  const { isBug: _, ...body } = toJsonRpcError(error)
  return JSON.stringify({ jsonrpc: '2.0', id, error: body })
}
