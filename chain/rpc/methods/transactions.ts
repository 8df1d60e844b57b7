import type { Hex } from '../../primitives/hex.ts'
import { limits } from '../../primitives/limits.ts'
import type { BlockView } from '../backend.ts'
import { blockNumberOrTag, findBlock } from '../blockRef.ts'
import { type MethodTable, method } from '../dispatch.ts'
import { formatReceipt, formatTransaction } from '../format.ts'
import { bytes, count, hash, optional, quantity } from '../parse.ts'
import { sendSync } from '../sendSync.ts'
import type { Services } from '../services.ts'

/** eth_ methods about transactions that somebody signed. */
export function createTransactionMethods({ backend }: Services): MethodTable {
  return {
    eth_sendRawTransaction: {
      ...method([bytes()], ([raw]) => backend.submit(toBytes(raw))),
      prepare: (calls) => backend.prepareToSubmit(calls.flatMap(rawOf)),
    },
    eth_sendRawTransactionSync: method(
      [bytes(), optional(count(Number.MAX_SAFE_INTEGER))],
      async ([raw, wish], { signal }) => {
        // EIP-7966: a missing wait and one of 0 both mean the node's own.
        const wanted = wish === undefined || wish === 0 ? limits.rpcSyncWaitMs : wish
        const timeoutMs = Math.min(wanted, limits.rpcSyncWaitMaxMs)
        return formatReceipt(await sendSync(backend, toBytes(raw), { timeoutMs, signal }))
      },
    ),
    eth_getTransactionByHash: method([hash], async ([id]) => {
      const tx = await backend.transaction(id)
      return tx === undefined ? null : formatTransaction(tx)
    }),
    eth_getTransactionReceipt: method([hash], async ([id]) => {
      const receipt = await backend.receipt(id)
      return receipt === undefined ? null : formatReceipt(receipt)
    }),
    eth_getTransactionByBlockNumberAndIndex: method(
      [blockNumberOrTag, quantity(64)],
      async ([ref, index]) => pick(await findBlock(backend, ref), index),
    ),
    eth_getTransactionByBlockHashAndIndex: method(
      [hash, quantity(64)],
      async ([blockHash, index]) => pick(await backend.blockByHash(blockHash), index),
    ),
    eth_getRawTransactionByHash: method([hash], async ([id]) => {
      const tx = await backend.transaction(id)
      return tx?.raw ?? null
    }),
  }
}

function pick(block: BlockView | undefined, index: bigint) {
  const tx = block?.transactions.at(Number(index))
  return tx === undefined ? null : formatTransaction(tx)
}

/** The transaction that a call brings, if it looks like one. */
function rawOf(params: unknown): readonly Uint8Array[] {
  const hex = Array.isArray(params) ? params[0] : undefined
  const isSmall = typeof hex === 'string' && hex.length <= 2 * limits.poolTxSizeMax + 2
  return isSmall && hex.startsWith('0x') ? [new Uint8Array(Buffer.from(hex.slice(2), 'hex'))] : []
}

/** The bytes behind a hex string. */
export function toBytes(hex: Hex): Uint8Array {
  return new Uint8Array(Buffer.from(hex.slice(2), 'hex'))
}
