import { encodePacked, keccak256 } from 'viem'
import type { Hash } from '../primitives/hex.ts'

/** What a seat may sign about a height and round. */
export type ConsensusMessage =
  | {
      readonly kind: 'prevote' | 'proposal'
      readonly height: bigint
      readonly round: number
      /** Round in which `value` had a quorum of prevotes, -1 for none. */
      readonly validRound: number
      /** Block hash; zeros for nil. */
      readonly value: Hash
    }
  | {
      readonly kind: 'precommit'
      readonly height: bigint
      readonly round: number
      readonly value: Hash
    }

/**
 * What a seat signs to send `message`, as `contracts/libraries/ConsensusBytes.sol` computes it.
 *
 * test/vectors/consensusBytes.json binds the two.
 */
export function consensusDigest(message: ConsensusMessage, chainId: bigint): Hash {
  const { height, round, value } = message
  if (message.kind === 'precommit') {
    return keccak256(
      encodePacked(
        ['string', 'uint64', 'uint64', 'uint32', 'bytes32'],
        ['POCA commit v1', chainId, height, round, value],
      ),
    )
  }
  return keccak256(
    encodePacked(
      ['string', 'uint64', 'uint64', 'uint32', 'int32', 'bytes32'],
      [`POCA ${message.kind} v1`, chainId, height, round, message.validRound, value],
    ),
  )
}
