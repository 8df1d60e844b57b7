import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import { getCommittee } from '../client/actions/getCommittee.ts'
import { type GetHeadReturnType, getHead } from '../client/actions/getHead.ts'
import { getNode } from '../client/actions/getNode.ts'
import { submitPowerReport } from '../client/actions/submitPowerReport.ts'
import { hashPowerAttestation } from '../client/attestations.ts'
import { nodeStates } from '../client/states.ts'
import { isChallengeAnswer } from '../compute/kernelChallenge.ts'
import { castBallot, type OracleContext } from './ballot.ts'

/** Seconds from the block of an answer during which oracles may report on it. */
export const powerReportSeconds = 3_600

/** A worker's answer to its challenge, which wants to be checked. */
export type PowerDuty = {
  readonly type: 'power'
  readonly worker: Address
  readonly seed: Hash
  readonly product: Hex
  readonly height: bigint
  /** Height at which a quorum was first seen, by what was signed. */
  readonly quorumHeights: Map<Hash, bigint>
}

/**
 * Checks a worker's answer and attests its power: what it claims when the product is right, else 0.
 * Whether there is more to do about it later.
 */
export async function attestPower(
  context: OracleContext,
  duty: PowerDuty,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, chainId, emit } = context
  const { worker, seed } = duty
  const block = await getHead(client, { height: duty.height })
  const validUntil = Number(block.timestamp) + powerReportSeconds
  const node = await getNode(client, { worker })
  if (node.state !== nodeStates.answered || head.timestamp > BigInt(validUntil)) return false
  const committee = await getCommittee(client)
  if (!committee) return true
  const power = isChallengeAnswer(seed, duty.product) ? node.claimedPower : 0n
  const attestation = { configDigest: committee.digest, worker, seed, power, validUntil }
  const ballot = {
    digest: hashPowerAttestation(chainId, attestation),
    committee,
    turn: BigInt(seed),
    quorumHeights: duty.quorumHeights,
    onSigned: () => emit({ type: 'powerSigned', worker, power }),
    submit: async (quorum: { readonly bitmap: number; readonly signatures: Hex }) => {
      const { hash } = await submitPowerReport(client, { attestation, ...quorum })
      emit({ type: 'powerSubmitted', worker, hash })
    },
  }
  await castBallot(context, ballot, head)
  return true
}
