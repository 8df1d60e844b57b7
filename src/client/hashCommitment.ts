import { encodeAbiParameters, keccak256, parseAbiParameters, stringToBytes } from 'viem'
import type { Address, Hash } from '../../chain/primitives/hex.ts'

/** What a worker commits to before it reveals. */
export type Commitment = {
  readonly taskId: bigint
  readonly slot: number
  readonly attempt: number
  readonly worker: Address
  readonly resultRoot: Hash
  readonly units: bigint
  /** 32 random bytes, secret until the reveal. */
  readonly salt: Hash
}

/** The commitment that `TaskMarket.commitmentOf` computes; here, so that the salt stays here. */
export function hashCommitment(commitment: Commitment): Hash {
  const { taskId, slot, attempt, worker, resultRoot, units, salt } = commitment
  return keccak256(
    encodeAbiParameters(fields, [typeHash, taskId, slot, attempt, worker, resultRoot, units, salt]),
  )
}

const typeHash = keccak256(
  stringToBytes(
    'TaskCommit(uint256 taskId,uint8 slot,uint32 attempt,address worker,' +
      'bytes32 resultRoot,uint64 units,bytes32 salt)',
  ),
)

const fields = parseAbiParameters(
  'bytes32, uint256, uint8, uint32, address, bytes32, uint64, bytes32',
)
