import { randomBytes } from 'node:crypto'
import { bytesToHex, keccak256, numberToHex } from 'viem'
import { abortSlot } from '../client/actions/abortSlot.ts'
import { advanceTask } from '../client/actions/advanceTask.ts'
import { commitResult } from '../client/actions/commitResult.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getManifest } from '../client/actions/getManifest.ts'
import { getSlice } from '../client/actions/getSlice.ts'
import { type GetSlotReturnType, getSlot } from '../client/actions/getSlot.ts'
import { type GetTaskReturnType, getTask } from '../client/actions/getTask.ts'
import { getTaskEvents } from '../client/actions/getTaskEvents.ts'
import { revealResult } from '../client/actions/revealResult.ts'
import { hashCommitment } from '../client/hashCommitment.ts'
import { isTerminal, slotStates, taskStates } from '../client/states.ts'
import type { DigitsRow } from '../compute/digits.ts'
import { parseDigitsManifest } from '../compute/digitsManifest.ts'
import { digitsResultRoot, encodeDigitsResult } from '../compute/digitsResult.ts'
import { showAskedLeaves } from './askedLeaves.ts'
import { contestRefusal } from './contestRefusal.ts'
import type { OfSlot } from './events.ts'
import type { HeldSlot, SlotContext } from './slotContext.ts'
import type { StoredResult } from './store.ts'

/** Takes the next step with a slot the worker holds. Whether there will be another one. */
export async function advanceSlot(
  context: SlotContext,
  held: HeldSlot,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, address, store, nudgeSeconds } = context
  const { since, ...id } = held
  const task = await getTask(client, { taskId: id.taskId })
  const slot = await getSlot(client, id)
  if (slot.worker.toLowerCase() !== address.toLowerCase()) return false
  if (slot.state === slotStates.faulted || isTerminal(task.state)) {
    context.jobs.stop(keyOf(id))
    await context.jobs.settled(keyOf(id))
    await reportEnd(context, held)
    await store.deleteResult({ ...id, attempt: slot.attempt })
    return false
  }
  if (head.timestamp > BigInt(task.deadline + nudgeSeconds)) {
    // The block producer does what is due; this is for when it does not.
    await advanceTask(client, { taskId: id.taskId })
  } else if (task.state === taskStates.running && slot.state === slotStates.accepted) {
    await workOnSlot(context, held, { task, slot, head })
  } else if (task.state === taskStates.revealing && slot.state === slotStates.committed) {
    await reveal(context, id, slot)
  } else if (slot.state === slotStates.refused) {
    await contestRefusal(context, held, { task, slot, head })
  } else if (task.state === taskStates.disputed) {
    await showAskedLeaves(context, held, { slot, head })
  }
  return true
}

async function workOnSlot(
  context: SlotContext,
  held: HeldSlot,
  facts: {
    readonly task: GetTaskReturnType
    readonly slot: GetSlotReturnType
    readonly head: GetHeadReturnType
  },
): Promise<void> {
  const { client, behaviour, emit } = context
  const { since, ...id } = held
  const { task, slot, head } = facts
  if (behaviour === 'late') return
  if (behaviour === 'aborts') {
    const { hash } = await abortSlot(client, id)
    emit({ type: 'aborted', ...id, hash })
    return
  }
  const stored = await context.store.readResult({ ...id, attempt: slot.attempt })
  if (stored) {
    // Too early for so much work: oracles could not call it valid.
    if (stored.units > maxUnits(slot, head.timestamp)) return
    const commitment = hashCommitment({ ...stored, worker: context.address })
    const { hash } = await commitResult(client, { ...id, commitment })
    emit({ type: 'committed', ...id, hash })
    return
  }
  context.jobs.start(keyOf(id), (signal) =>
    computeSlot(context, held, { attempt: slot.attempt, manifestHash: task.manifestHash }, signal),
  )
}

/**
 * Units that a slot's proved power can have done by then, with a tenth to spare.
 *
 * Mirrors `WorkLimit.maxUnits` in Solidity.
 *
 * @units `timestamp` in seconds, of the block before the commitment's or earlier.
 * @rounding Floored.
 */
export function maxUnits(
  slot: Pick<GetSlotReturnType, 'startedAt' | 'resumedUnits' | 'power'>,
  timestamp: bigint,
): bigint {
  const elapsed = timestamp - BigInt(slot.startedAt)
  return BigInt(slot.resumedUnits) + (slot.power * (elapsed > 1n ? elapsed : 1n) * 11n) / 10n
}

/** Does the work and stores it, together with its salt, before anything is committed to. */
async function computeSlot(
  { client, store, behaviour, compute, emit }: SlotContext,
  { since, ...id }: HeldSlot,
  facts: { readonly attempt: number; readonly manifestHash: string },
  signal: AbortSignal,
): Promise<void> {
  const bytes = await getManifest(client, { taskId: id.taskId, toBlock: since })
  // Checked when the slot was taken; a node that lies about it gets no work.
  if (!bytes || keccak256(bytes) !== facts.manifestHash) return
  const slice = await getSlice(client, id)
  const count = slice.to - slice.from
  const rows = Array.from({ length: count }, (_, i) => slice.from + i)
  const start = performance.now()
  const onProgress = (done: number, total: number) =>
    emit({ type: 'computing', ...id, done, total })
  const results =
    behaviour === 'wrong'
      ? rows.map(inventRow)
      : await compute({ manifest: parseDigitsManifest(bytes), rows }, { signal, onProgress })
  const stored: StoredResult = {
    ...id,
    attempt: facts.attempt,
    resultRoot: digitsResultRoot(results),
    units: BigInt(count),
    salt: bytesToHex(randomBytes(32)),
    result: encodeDigitsResult(results),
  }
  if (signal.aborted) return
  await store.writeResult(stored)
  const wallMs = Math.round(performance.now() - start)
  emit({ type: 'computed', ...id, resultRoot: stored.resultRoot, wallMs })
}

async function reveal(context: SlotContext, id: OfSlot, slot: GetSlotReturnType): Promise<void> {
  const stored = await context.store.readResult({ ...id, attempt: slot.attempt })
  // Without its salt a commitment cannot be opened: the slot is lost, which the chain will say.
  if (!stored) return
  const { hash } = await revealResult(context.client, stored)
  context.emit({ type: 'revealed', ...id, hash })
}

/** Tells how a slot ended, from the chain's own events. */
async function reportEnd({ client, emit }: SlotContext, { since, ...id }: HeldSlot): Promise<void> {
  for (const event of await getTaskEvents(client, { taskId: id.taskId, fromBlock: since })) {
    if (event.eventName === 'SlotPaid' && event.args.slot === id.slot) {
      const { gross, fee, power, speedBps, commentBps } = event.args
      emit({ type: 'settled', ...id, gross, fee, power, speedBps, commentBps })
    } else if (event.eventName === 'SlotFaulted' && event.args.slot === id.slot) {
      emit({ type: 'faulted', ...id, fault: event.args.fault, seized: event.args.seized })
    } else if (event.eventName === 'SlotCompensated' && event.args.slot === id.slot) {
      emit({ type: 'compensated', ...id, amount: event.args.amount })
    }
  }
  emit({ type: 'ended', ...id })
}

function keyOf({ taskId, slot }: OfSlot): string {
  return `${taskId}-${slot}`
}

/** A row as somebody writes it who did not do the work. */
function inventRow(row: number): DigitsRow {
  return { row, label: row % 10, productHash: keccak256(numberToHex(row, { size: 32 })) }
}
