import { setTimeout as sleep } from 'node:timers/promises'
import type { Hash } from '../primitives/hex.ts'
import type { Backend, ReceiptView } from './backend.ts'
import { createRpcError } from './errors.ts'

/** How to wait. */
export type WaitOptions = { readonly timeoutMs: number; readonly signal: AbortSignal }

/**
 * Submits a transaction and waits for its receipt.
 *
 * @source EIP-7966
 * @throws RpcError `RPC_WAIT_TIMEOUT` with its hash when no block has it in time.
 */
export async function sendSync(
  backend: Backend,
  raw: Uint8Array,
  { timeoutMs, signal }: WaitOptions,
): Promise<ReceiptView> {
  const seen = new Map<Hash, ReceiptView>()
  const stopped = new AbortController()
  let wake: (() => void) | undefined
  let wanted: Hash | undefined
  // Listening begins before the transaction goes in, so that its block cannot be missed.
  const stop = backend.subscribe((event) => {
    if (event.type !== 'block') return
    for (const receipt of event.receipts) {
      if (wanted === undefined || receipt.transactionHash === wanted) {
        seen.set(receipt.transactionHash, receipt)
      }
    }
    wake?.()
  })
  try {
    const hash = await backend.submit(raw)
    wanted = hash
    const known = seen.get(hash) ?? (await backend.receipt(hash))
    if (known !== undefined) return known

    const included = new Promise<ReceiptView>((resolve) => {
      wake = () => {
        const receipt = seen.get(hash)
        if (receipt !== undefined) resolve(receipt)
      }
      wake()
    })
    const timer = AbortSignal.any([signal, stopped.signal])
    const timeout = sleep(timeoutMs, undefined, { signal: timer }).then(
      () => Promise.reject(createRpcError({ code: 'RPC_WAIT_TIMEOUT', hash, timeoutMs })),
      (cause: unknown) => Promise.reject(createRpcError({ code: 'RPC_WAIT_ABORTED', hash }, cause)),
    )
    return await Promise.race([included, timeout])
  } finally {
    stop()
    stopped.abort()
  }
}
