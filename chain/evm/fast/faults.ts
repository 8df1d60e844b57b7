/** Why a transaction cannot be in a block; what a verifier and a builder tell of it. */
export type FaultReason =
  | 'blob transactions are not accepted'
  | 'only the proposer may end a block'
  | 'gas above what the block has left'
  | 'gas below the intrinsic gas'
  | 'fee cap below the base fee'
  | 'sender is a contract'
  | 'sender cannot pay'
  | 'wrong nonce'
  | 'signature recovers to nobody'
  | 'it leaves the proposer without coin to end the block'
  | 'too long'
  | 'the EVM failed'

/** A transaction that no block may hold as things stand; nothing of it has happened. */
export class TransactionFault extends Error {
  override readonly name = 'TransactionFault'
  readonly reason: FaultReason

  constructor(reason: FaultReason, options?: { readonly cause?: unknown }) {
    super(reason, options)
    this.reason = reason
  }
}
