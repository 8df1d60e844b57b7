import { zeroHash } from 'viem'
import type { Hash } from '../../chain/primitives/hex.ts'
import { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { closeDispute } from '../client/actions/closeDispute.ts'
import { decideDispute } from '../client/actions/decideDispute.ts'
import { getCommittee } from '../client/actions/getCommittee.ts'
import { type GetDisputeReturnType, getDispute } from '../client/actions/getDispute.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getTask } from '../client/actions/getTask.ts'
import { payJuror } from '../client/actions/payJuror.ts'
import { voteOnDispute } from '../client/actions/voteOnDispute.ts'
import { isRevert } from '../client/errors.ts'
import { getEvents, numberTopic } from '../client/events.ts'
import { disputeStates, verdicts } from '../client/states.ts'
import type { Jobs } from '../compute/jobs.ts'
import type { RevealedSlot, Review } from './review.ts'
import type { Committee } from './signatures.ts'
import { isDrawn, type ReviewContext, reviewSlots } from './slotReview.ts'

/** A round of a dispute for which a jury of oracles is drawn. */
export type JuryDuty = {
  readonly type: 'jury'
  readonly disputeId: bigint
  readonly round: number
  readonly juryKey: Hash
  readonly height: bigint
  /** Filled here, so that the work is done once; undefined when this machine cannot do it. */
  readonly reviews: Map<number, Review | undefined>
  /** Height since which a step that any juror may take was seen to be due, by its name. */
  readonly dueHeights: Map<string, bigint>
}

/** What judging disputes needs beside the oracle's context. */
export type JuryContext = ReviewContext & {
  /** Where the work of a slot is executed again, beside all other duties. */
  readonly jobs: Jobs
}

/**
 * Executes all of a disputed slot's work again and votes on it, when this oracle is drawn for the
 * round; then sees to it that the dispute is decided and closed. Whether there is more to do later.
 *
 * A vote is open and counts once, and the chain remembers it: an oracle that was stopped at any
 * point looks there for what it has done.
 */
export async function judgeDispute(
  context: JuryContext,
  duty: JuryDuty,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, account, emit } = context
  const { disputeId, juryKey } = duty
  const dispute = await getDispute(client, { disputeId })
  if (dispute.state === disputeStates.closed) {
    await collectPay(context, disputeId)
    return false
  }
  // An appeal has opened another round, with a jury of its own.
  if (dispute.round !== duty.round) return false
  const jury = await findJury(context, juryKey)
  if (!jury) return true
  if (!isDrawn(jury, account.address)) return false
  const isOver = head.timestamp > BigInt(dispute.deadline)
  const isMine = (step: string) => isTurn(context, { duty, step, members: jury.members }, head)
  if (dispute.state === disputeStates.appealable) {
    if (!isOver || !isMine('close')) return true
    const { hash } = await closeDispute(client, { disputeId })
    emit({ type: 'disputeClosed', disputeId, isFaulty: dispute.isFaulty, hash })
    return true
  }
  const isClear = Math.max(dispute.forCount, dispute.againstCount) > dispute.jurySize >> 1
  if (isClear || isOver) {
    if (isMine('decide')) {
      const { hash } = await decideDispute(client, { disputeId })
      emit({ type: 'disputeDecided', disputeId, hash })
    }
    return true
  }
  await voteOnce(context, duty, { dispute, head })
  return true
}

/** Undefined before the draw; without members when nobody looked while it could be known. */
async function findJury({ client }: JuryContext, juryKey: Hash): Promise<Committee | undefined> {
  try {
    // A jury's key reads as a number.
    return await getCommittee(client, { taskId: BigInt(juryKey) })
  } catch (error) {
    if (isRevert(error, 'OracleHubSeedLost')) return { digest: zeroHash, members: [], quorum: 0 }
    throw error
  }
}

async function voteOnce(
  context: JuryContext,
  duty: JuryDuty,
  { dispute, head }: { readonly dispute: GetDisputeReturnType; readonly head: GetHeadReturnType },
): Promise<void> {
  const { client, emit } = context
  const { disputeId, round } = duty
  const { slot } = dispute
  if (await hasVoted(context, duty, head)) return
  if (!duty.reviews.has(slot)) {
    context.jobs.start(`dispute ${disputeId} ${round}`, async (signal) => {
      duty.reviews.set(slot, await executeAgain(context, duty, dispute, signal))
    })
    return
  }
  const review = duty.reviews.get(slot)
  // Who cannot do the work leaves the vote to others.
  if (!review) return
  const { finding } = review
  const isFaulty = review.verdict !== verdicts.valid
  const { hash } = await voteOnDispute(client, { disputeId, isFaulty })
  emit({ type: 'voted', disputeId, round, isFaulty, finding, hash })
}

async function executeAgain(
  context: JuryContext,
  { height }: JuryDuty,
  { taskId, slot }: GetDisputeReturnType,
  signal: AbortSignal,
): Promise<Review | undefined> {
  const task = await getTask(context.client, { taskId })
  const found = await reviewSlots(context, { taskId, task, height, slot, rowsOf: allRows }, signal)
  return found?.get(slot)
}

function allRows({ slice: { from, to } }: RevealedSlot): readonly number[] {
  return Array.from({ length: to - from }, (_, i) => from + i)
}

async function hasVoted(
  { client, account }: JuryContext,
  { disputeId, round, height }: JuryDuty,
  head: GetHeadReturnType,
): Promise<boolean> {
  const votes = await getEvents(client, {
    address: predeploys.disputeCourt,
    abi: disputeCourtAbi,
    eventNames: ['JurorVoted'],
    topics: [numberTopic(disputeId), numberTopic(BigInt(round))],
    fromBlock: height,
    toBlock: head.height,
  })
  return votes.some(({ args }) => args.juror.toLowerCase() === account.address.toLowerCase())
}

/** Whether a step that one juror has to take is this one's; the turn passes on as with reports. */
function isTurn(
  { account, backupBlocks }: JuryContext,
  of: {
    readonly duty: JuryDuty
    readonly step: string
    readonly members: readonly string[]
  },
  head: GetHeadReturnType,
): boolean {
  const { duty, step, members } = of
  const own = members.findIndex((one) => one.toLowerCase() === account.address.toLowerCase())
  const count = BigInt(members.length)
  const rank = (BigInt(own) - (duty.disputeId % count) + count) % count
  const since = duty.dueHeights.get(step) ?? head.height
  duty.dueHeights.set(step, since)
  return head.height >= since + rank * backupBlocks
}

async function collectPay(
  { client, account, emit }: JuryContext,
  disputeId: bigint,
): Promise<void> {
  try {
    const { hash } = await payJuror(client, { disputeId, juror: account.address })
    emit({ type: 'jurorPaid', disputeId, hash })
  } catch (error) {
    // Nothing was forfeited, or this one voted otherwise, or it was paid before a restart.
    if (!isRevert(error, 'DisputeCourtNothingDue')) throw error
  }
}
