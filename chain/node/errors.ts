import { PocaError } from '../primitives/errors.ts'
import type { Address, Hash } from '../primitives/hex.ts'

export type NodeErrorType =
  | {
      readonly code: 'NODE_TRANSACTION_DROPPED'
      readonly hash: Hash
      readonly reason: string
    }
  | { readonly code: 'NODE_TIME_NOT_LATER'; readonly timestamp: bigint; readonly head: bigint }
  | { readonly code: 'NODE_TIME_TOO_LATE'; readonly timestamp: bigint; readonly max: bigint }
  | { readonly code: 'NODE_NOT_PROPOSER'; readonly address: Address; readonly proposer: Address }
  | { readonly code: 'NODE_STOPPED'; readonly reason: string }
  | { readonly code: 'NODE_TOO_MANY_LOGS'; readonly max: number }
  | { readonly code: 'NODE_NOTICE_TOO_BIG'; readonly size: number; readonly sizeMax: number }
  | { readonly code: 'NODE_NOTICES_FULL'; readonly topic: Hash; readonly max: number }
  | { readonly code: 'NODE_DATA_DIR'; readonly path: string }

/** What a node refuses by itself, besides what its parts refuse. */
export class NodeError extends PocaError<NodeErrorType> {}
