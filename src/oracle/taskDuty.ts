import type { Hash } from '../../chain/primitives/hex.ts'
import { getCommittee } from '../client/actions/getCommittee.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getSlot } from '../client/actions/getSlot.ts'
import { getTask } from '../client/actions/getTask.ts'
import { submitReport } from '../client/actions/submitReport.ts'
import { hashTaskAttestation, type TaskAttestation } from '../client/attestations.ts'
import { slotStates, taskStates } from '../client/states.ts'
import { castBallot } from './ballot.ts'
import { castHiddenVerdict, isTaskHidden } from './hiddenVerdict.ts'
import { drawSample, type RevealedSlot } from './review.ts'
import type { Quorum } from './signatures.ts'
import { isDrawn, type ReviewContext, type Reviews, reviewSlots } from './slotReview.ts'

/** A task whose results want to be judged. */
export type TaskDuty = {
  readonly type: 'task'
  readonly taskId: bigint
  readonly height: bigint
  /** Hash of the block in which attesting was opened. */
  readonly blockHash: Hash
  readonly attestBy: number
  /** Height at which a quorum was first seen, by what was signed. */
  readonly quorumHeights: Map<Hash, bigint>
}

/** What judging tasks needs beside the oracle's context. */
export type TaskDutyContext = ReviewContext & {
  /** Finished reviews, kept while their task is judged; filled here. */
  readonly reviews: Map<bigint, Reviews>
}

/**
 * Judges the results of a task and attests each slot, when this oracle is drawn for it. Whether
 * there is more to do about it later.
 *
 * Every field of an attestation follows from the chain: `validUntil` is the end of the attesting
 * window and `evidenceRoot` that of `reviewSlot`, so all honest oracles sign the same bytes.
 */
export async function attestTask(
  context: TaskDutyContext,
  duty: TaskDuty,
  head: GetHeadReturnType,
  signal: AbortSignal,
): Promise<boolean> {
  const { client, chainId, emit, reviews } = context
  const { taskId } = duty
  const rowsOf = (revealed: RevealedSlot) => drawSample(duty.blockHash, taskId, revealed)
  const task = await getTask(client, { taskId })
  const isHidden = await isTaskHidden(client, taskId)
  // Whoever committed to a hidden verdict reveals it even when others have decided.
  const isWanted = task.state === taskStates.attesting || isHidden
  const isOpen = isWanted && head.timestamp <= BigInt(duty.attestBy)
  const committee = isOpen ? await getCommittee(client, { taskId }) : undefined
  if (isOpen && !isDrawn(committee, context.account.address)) return true
  const done = committee
    ? (reviews.get(taskId) ??
      (await reviewSlots(context, { taskId, task, height: duty.height, rowsOf }, signal)))
    : undefined
  if (!committee || !done) {
    reviews.delete(taskId)
    return false
  }
  reviews.set(taskId, done)
  for (const [slot, review] of done) {
    const facts = await getSlot(client, { taskId, slot })
    const { verdict, finding, sampleCount } = review
    const onSigned = () => emit({ type: 'signed', taskId, slot, verdict, finding, sampleCount })
    if (isHidden) {
      const { attempt, resultRoot, doneUnits: workUnits } = facts
      const found = { taskId, slot, attempt, verdict, resultRoot, workUnits }
      if (await castHiddenVerdict(context, found, head)) onSigned()
      continue
    }
    if (facts.state !== slotStates.revealed) continue
    const attestation: TaskAttestation = {
      configDigest: committee.digest,
      taskId,
      slot,
      attempt: facts.attempt,
      verdict,
      resultRoot: facts.resultRoot,
      inputRoot: task.manifestHash,
      workUnits: facts.doneUnits,
      evidenceRoot: review.evidenceRoot,
      validUntil: duty.attestBy,
    }
    const ballot = {
      digest: hashTaskAttestation(chainId, attestation),
      committee,
      turn: taskId,
      quorumHeights: duty.quorumHeights,
      onSigned,
      submit: async (quorum: Quorum) => {
        const { hash } = await submitReport(client, { attestation, ...quorum })
        emit({ type: 'submitted', taskId, slot, hash })
      },
    }
    await castBallot(context, ballot, head)
  }
  return true
}
