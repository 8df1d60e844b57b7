import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { getCommittee } from '../client/actions/getCommittee.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getOrder } from '../client/actions/getOrder.ts'
import { getSlice } from '../client/actions/getSlice.ts'
import { getSlot } from '../client/actions/getSlot.ts'
import { type GetTaskReturnType, getTask } from '../client/actions/getTask.ts'
import { submitReport } from '../client/actions/submitReport.ts'
import { hashTaskAttestation, type TaskAttestation } from '../client/attestations.ts'
import { getEvents, numberTopic } from '../client/events.ts'
import { slotStates, taskStates } from '../client/states.ts'
import type { computeRows } from '../compute/computeRows.ts'
import { type DigitsManifest, parseDigitsManifest } from '../compute/digitsManifest.ts'
import { isKnownKind } from '../compute/digitsOrder.ts'
import { ComputeError } from '../compute/errors.ts'
import { castBallot, type OracleContext } from './ballot.ts'
import { castHiddenVerdict, isTaskHidden } from './hiddenVerdict.ts'
import { drawSample, type RevealedSlot, type Review, reviewSlot } from './review.ts'
import type { Committee, Quorum } from './signatures.ts'

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

/** Finished reviews by slot, kept while their task is judged. */
export type Reviews = ReadonlyMap<number, Review>

/** What judging tasks needs beside the oracle's context. */
export type TaskDutyContext = OracleContext & {
  readonly compute: typeof computeRows
  /** Filled here, so that the work is done once. */
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
  const task = await getTask(client, { taskId })
  const isHidden = await isTaskHidden(client, taskId)
  // Whoever committed to a hidden verdict reveals it even when others have decided.
  const isWanted = task.state === taskStates.attesting || isHidden
  const isOpen = isWanted && head.timestamp <= BigInt(duty.attestBy)
  const committee = isOpen ? await getCommittee(client, { taskId }) : undefined
  if (isOpen && !isDrawn(committee, context.account.address)) return true
  const done = committee
    ? (reviews.get(taskId) ?? (await reviewTask(context, duty, task, signal)))
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

/** Whether the oracle is of the task's committee; nobody is before the draw. */
function isDrawn(committee: Committee | undefined, account: Address): boolean {
  return committee?.members.some((one) => one.toLowerCase() === account.toLowerCase()) ?? false
}

/** Computes the sampled rows of all slots again. Undefined when the task itself is no good. */
async function reviewTask(
  context: TaskDutyContext,
  duty: TaskDuty,
  task: GetTaskReturnType,
  signal: AbortSignal,
): Promise<Reviews | undefined> {
  const { emit } = context
  const { taskId } = duty
  const order = await getOrder(context.client, { taskId, toBlock: duty.height })
  const manifest = readManifest(context, { taskId, task, bytes: order?.manifest })
  if (!order || !manifest) return undefined
  const slots = await readRevealed(context, duty, order.height)
  const samples = new Map(slots.map((one) => [one.slot, drawSample(duty.blockHash, taskId, one)]))
  const rows = [...new Set([...samples.values()].flat())]
  try {
    const onProgress = (done: number, total: number) =>
      emit({ type: 'reviewing', taskId, done, total })
    const computed = await context.compute({ manifest, rows }, { signal, onProgress })
    return new Map(
      slots.map((one) => {
        const sample = samples.get(one.slot) ?? []
        return [
          one.slot,
          reviewSlot(
            one,
            computed.filter(({ row }) => sample.includes(row)),
          ),
        ]
      }),
    )
  } catch (error) {
    // Whoever has other data, or a machine that errs, accuses nobody.
    if (!(error instanceof ComputeError) || signal.aborted) throw error
    emit({ type: 'abstained', taskId, reason: error.message })
    return undefined
  }
}

function readManifest(
  { emit }: TaskDutyContext,
  given: {
    readonly taskId: bigint
    readonly task: GetTaskReturnType
    readonly bytes: Hex | undefined
  },
): DigitsManifest | undefined {
  const { taskId, task, bytes } = given
  const abstain = (reason: string) => {
    emit({ type: 'abstained', taskId, reason })
    return undefined
  }
  if (!bytes || !isKnownKind(task.kind)) return abstain('The kind of the task is not known here.')
  try {
    const manifest = parseDigitsManifest(bytes)
    if (task.units <= manifest.split.testCount) return manifest
    return abstain('The task has more units than its manifest has rows.')
  } catch (error) {
    if (error instanceof ComputeError) return abstain(error.message)
    throw error
  }
}

async function readRevealed(
  { client }: TaskDutyContext,
  { taskId, height }: TaskDuty,
  fromBlock: bigint,
): Promise<readonly RevealedSlot[]> {
  const events = await getEvents(client, {
    address: predeploys.taskMarket,
    abi: taskMarketAbi,
    eventNames: ['ResultRevealed'],
    topics: [numberTopic(taskId)],
    fromBlock,
    toBlock: height,
  })
  return Promise.all(
    events.map(async ({ args: { slot, resultRoot, result } }) => {
      const slice = await getSlice(client, { taskId, slot })
      return { slot, slice, resultRoot, result }
    }),
  )
}
