import { setTimeout as sleep } from 'node:timers/promises'
import type { Backend, ReceiptList, ReceiptView } from './backend.ts'
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
  /** Of the blocks since then, until it is known which receipt is wanted. */
  const seen: ReceiptList[] = []
  const stopped = new AbortController()
  let wake: ((receipts: ReceiptList) => void) | undefined
  // Listening begins before the transaction goes in, so that its block cannot be missed.
  const stop = backend.subscribe((event) => {
    if (event.type !== 'block') return
    if (wake === undefined) seen.push(event.receipts)
    else wake(event.receipts)
  })
  try {
    const hash = await backend.submit(raw)
    const known = await backend.receipt(hash)
    if (known !== undefined) return known

    const included = new Promise<ReceiptView>((resolve) => {
      wake = (receipts) => {
        const receipt = receipts.of(hash)
        if (receipt !== undefined) resolve(receipt)
      }
      for (const receipts of seen.splice(0)) wake(receipts)
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
