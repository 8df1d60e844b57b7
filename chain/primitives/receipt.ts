import type { Address, Hash, Hex } from './hex.ts'

/** One event that a contract emitted. */
export type Log = {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Hex
}

/** What a transaction did; what the store keeps of it beside the block. */
export type Receipt = {
  readonly type: number
  readonly status: 0 | 1
  readonly from: Address
  readonly to: Address | null
  /** Set when the transaction created a contract. */
  readonly contractAddress: Address | null
  readonly gasUsed: bigint
  readonly cumulativeGasUsed: bigint
  /** Wei per gas. */
  readonly effectiveGasPrice: bigint
  readonly logs: readonly Log[]
}
