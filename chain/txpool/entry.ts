import type { Address, Hash } from '../primitives/hex.ts'

/** A transaction that waits, with what ordering and building a block need to know of it. */
export type PoolEntry = {
  readonly hash: Hash
  /** The signed bytes. */
  readonly raw: Uint8Array
  readonly type: 0 | 1 | 2 | 4
  readonly sender: Address
  /** Null: creates a contract. */
  readonly to: Address | null
  readonly nonce: bigint
  readonly gas: bigint
  readonly value: bigint
  readonly maxFee: bigint
  readonly maxTip: bigint
  /** Most that it can take from the sender: gas * maxFee + value. */
  readonly cost: bigint
  /** Counts admissions; earlier wins among equal tips. */
  readonly arrival: number
}

/** What the head state says of a sender. */
export type SenderState = {
  readonly nonce: bigint
  readonly balance: bigint
  /** Contracts cannot send (EIP-3607); accounts that delegate to one can (EIP-7702). */
  readonly hasContractCode: boolean
}

/** Tip per gas that the proposer gets at `baseFee`; negative when the fee cap is too low. */
export function effectiveTip(entry: PoolEntry, baseFee: bigint): bigint {
  const room = entry.maxFee - baseFee
  return room < entry.maxTip ? room : entry.maxTip
}
