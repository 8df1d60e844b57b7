import type { Hash } from '../../chain/primitives/hex.ts'
import { type GetHeadReturnType, getHead } from '../client/actions/getHead.ts'
import { getRecheck } from '../client/actions/getRecheck.ts'
import { getSlot } from '../client/actions/getSlot.ts'
import { getTask } from '../client/actions/getTask.ts'
import { submitRecheck } from '../client/actions/submitRecheck.ts'
import { hashTaskAttestation } from '../client/attestations.ts'
import { isRevert } from '../client/errors.ts'
import { isTerminal } from '../client/states.ts'
import { castBallot } from './ballot.ts'
import { drawSample, type Review } from './review.ts'
import type { Quorum } from './signatures.ts'
import { isDrawn, type ReviewContext, reviewSlots } from './slotReview.ts'

/**
 * Seconds from the block of a report during which the second committee may contradict it: longer
 * than attesting and the challenge window can last together.
 */
export const recheckSeconds = 172_800

/** A slot that was attested as valid, and that chance may have marked. */
export type RecheckDuty = {
  readonly type: 'recheck'
  readonly taskId: bigint
  readonly slot: number
  /** Of the first report; the hash of the next block decides. */
  readonly height: bigint
  /** Filled here, so that the work is done once; undefined when this machine cannot do it. */
  readonly reviews: Map<number, Review | undefined>
  /** Height at which a quorum was first seen, by what was signed. */
  readonly quorumHeights: Map<Hash, bigint>
}

/**
 * Checks a slot once more, on other rows than the first committee, when this oracle is drawn for
 * that. Whether there is more to do about it later.
 *
 * The rows follow from the hash of the block after the first report, which its signers did not
 * know.
 */
export async function recheckSlot(
  context: ReviewContext,
  duty: RecheckDuty,
  head: GetHeadReturnType,
  signal: AbortSignal,
): Promise<boolean> {
  const { client, chainId, account, emit } = context
  const { taskId, slot, height } = duty
  const seedHeight = height + 1n
  if (head.height < seedHeight) return true
  const task = await getTask(client, { taskId })
  const isTooLate = task.challengeBy > 0 && head.timestamp > BigInt(task.challengeBy)
  if (isTerminal(task.state) || isTooLate) return false
  const committee = await getRecheck(client, { taskId, slot })
  if (!committee) return true
  if (!isDrawn(committee, account.address)) return false
  if (!duty.reviews.has(slot)) {
    const { hash } = await getHead(client, { height: seedHeight })
    const rowsOf = (revealed: Parameters<typeof drawSample>[2]) =>
      drawSample(hash, taskId, revealed)
    const found = await reviewSlots(context, { taskId, task, height, slot, rowsOf }, signal)
    duty.reviews.set(slot, found?.get(slot))
  }
  const review = duty.reviews.get(slot)
  if (!review) return false
  const facts = await getSlot(client, { taskId, slot })
  const reported = await getHead(client, { height })
  const { verdict, evidenceRoot } = review
  const attestation = {
    configDigest: committee.digest,
    taskId,
    slot,
    attempt: facts.attempt,
    verdict,
    resultRoot: facts.resultRoot,
    inputRoot: task.manifestHash,
    workUnits: facts.doneUnits,
    evidenceRoot,
    validUntil: Number(reported.timestamp) + recheckSeconds,
  }
  const ballot = {
    digest: hashTaskAttestation(chainId, attestation),
    committee,
    turn: taskId,
    quorumHeights: duty.quorumHeights,
    onSigned: () => emit({ type: 'recheckSigned', taskId, slot, verdict, finding: review.finding }),
    submit: async (quorum: Quorum) => {
      const { hash } = await submitRecheck(client, { attestation, ...quorum })
      emit({ type: 'recheckSubmitted', taskId, slot, hash })
    },
  }
  try {
    await castBallot(context, ballot, head)
    return true
  } catch (error) {
    // Another member was faster.
    if (isRevert(error, 'OracleHubAlreadyAttested')) return false
    throw error
  }
}
