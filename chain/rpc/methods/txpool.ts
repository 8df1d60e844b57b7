import type { Address } from '../../primitives/hex.ts'
import type { TransactionView } from '../backend.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { formatTransaction, toQuantity } from '../format.ts'
import { address } from '../parse.ts'
import type { Services } from '../services.ts'

/** What waits, as geth shows it. */
export function createTxpoolMethods({ backend }: Services): MethodTable {
  return {
    txpool_status: method([], () => {
      const { pending, queued } = backend.poolStatus()
      return { pending: toQuantity(pending), queued: toQuantity(queued) }
    }),
    txpool_content: method([], () => {
      const { pending, queued } = backend.pool()
      return {
        pending: bySender(pending, formatTransaction),
        queued: bySender(queued, formatTransaction),
      }
    }),
    txpool_contentFrom: method([address], ([sender]) => {
      const { pending, queued } = backend.pool()
      return {
        pending: bySender(pending, formatTransaction)[sender] ?? {},
        queued: bySender(queued, formatTransaction)[sender] ?? {},
      }
    }),
    txpool_inspect: method([], () => {
      const { pending, queued } = backend.pool()
      return { pending: bySender(pending, summarize), queued: bySender(queued, summarize) }
    }),
  }
}

type BySender<T> = Record<Address, Record<string, T>>

function bySender<T>(
  transactions: readonly TransactionView[],
  show: (tx: TransactionView) => T,
): BySender<T> {
  const senders: BySender<T> = {}
  for (const tx of transactions) {
    const nonces = senders[tx.from] ?? {}
    nonces[tx.nonce.toString()] = show(tx)
    senders[tx.from] = nonces
  }
  return senders
}

function summarize({ to, value, gas, gasPrice }: TransactionView): string {
  return `${to ?? 'contract creation'}: ${value} wei + ${gas} gas × ${gasPrice} wei`
}
