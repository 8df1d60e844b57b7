import { createDispatch } from '../../../chain/rpc/dispatch.ts'
import { createFilters } from '../../../chain/rpc/filters.ts'
import { createMethods } from '../../../chain/rpc/methods/table.ts'
import { defaultRpcOptions, type RpcOptions } from '../../../chain/rpc/options.ts'
import { startRpcServer } from '../../../chain/rpc/server.ts'
import { createSubscriptions } from '../../../chain/rpc/subscriptions.ts'
import { createFakeBackend, type FakeOptions, word } from './fakeBackend.ts'

/** An answer as a client parses it. */
export type Answer = {
  readonly id: unknown
  readonly result?: unknown
  readonly error?: { readonly code: number; readonly message: string; readonly data?: unknown }
}

/** Methods over a fake chain, called without a network. */
export function createRpc(
  options: FakeOptions & { isLocal?: boolean; batchResponseSizeMax?: number } = {},
) {
  const fake = createFakeBackend(options)
  const { backend } = fake
  const clock = { now: 0 }
  const bugs: unknown[] = []
  const filters = createFilters({
    backend,
    now: () => clock.now,
    filtersMax: 3,
    idleMs: 300_000,
  })
  const subscriptions = createSubscriptions({ backend, subscriptionsMax: 3 })
  const methods = createMethods({ backend, filters, subscriptions, instanceId: word(77) })
  const onBug = (error: unknown) => bugs.push(error)
  const { batchResponseSizeMax = 1_000_000 } = options
  const dispatch = createDispatch({ methods, batchMax: 1_000, batchResponseSizeMax, onBug })
  const context = {
    host: 'localhost',
    isLocal: options.isLocal ?? true,
    signal: new AbortController().signal,
  }
  const send = async (request: unknown): Promise<unknown> => {
    const text = typeof request === 'string' ? request : JSON.stringify(request)
    const answer = await dispatch(text, context)
    return answer === undefined ? undefined : JSON.parse(answer)
  }
  const call = async (method: string, params?: unknown): Promise<Answer> =>
    (await send({ jsonrpc: '2.0', id: 1, method, params })) as Answer // one request, one answer
  return { ...fake, bugs, call, clock, methods, send }
}

/** A real server over a fake chain, on a free port. */
export async function startRpc(options: Partial<RpcOptions> & FakeOptions = {}) {
  const fake = createFakeBackend(options)
  const bugs: unknown[] = []
  const server = await startRpcServer(
    { ...defaultRpcOptions, port: 0, ...options },
    { backend: fake.backend, now: () => 0, onBug: (error) => bugs.push(error) },
  )
  return { ...fake, bugs, server }
}
