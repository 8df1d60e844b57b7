import { limits } from '../primitives/limits.ts'

/** How much the pool holds. */
export type PoolOptions = {
  /** Bytes of all entries together, each counted with `entryOverheadSize`. */
  readonly sizeMax: number
  /** Bytes of one raw transaction. */
  readonly txSizeMax: number
  /** Transactions one sender may have waiting. */
  readonly senderTxsMax: number
  /** How far above the sender's next nonce a transaction may be. */
  readonly nonceGapMax: number
  /** Bytes that an entry takes besides its raw transaction. */
  readonly entryOverheadSize: number
}

/** The pool as a node runs it. */
export const defaultPoolOptions: PoolOptions = {
  sizeMax: limits.poolSizeMax,
  txSizeMax: limits.poolTxSizeMax,
  senderTxsMax: limits.poolSenderTxsMax,
  nonceGapMax: limits.poolNonceGapMax,
  entryOverheadSize: limits.poolEntryOverheadSize,
}
