import { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { getBondFor } from '../client/actions/getBondFor.ts'
import { getCollateral } from '../client/actions/getCollateral.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import type { GetSlotReturnType } from '../client/actions/getSlot.ts'
import type { GetTaskReturnType } from '../client/actions/getTask.ts'
import { openDispute } from '../client/actions/openDispute.ts'
import { getEvents, numberTopic } from '../client/events.ts'
import { disputeKinds, taskStates } from '../client/states.ts'
import type { HeldSlot, SlotContext } from './slotContext.ts'

/**
 * Disputes that the oracles refused a slot, when the worker has computed what it revealed and its
 * free collateral covers the bond; once, however that ends. A jury that finds the result right
 * gives the bond back and has the slot paid.
 */
export async function contestRefusal(
  context: SlotContext,
  { since, ...id }: HeldSlot,
  facts: {
    readonly task: Pick<GetTaskReturnType, 'state' | 'challengeBy'>
    readonly slot: Pick<GetSlotReturnType, 'attempt' | 'resultRoot'>
    readonly head: GetHeadReturnType
  },
): Promise<void> {
  const { client, address, store, behaviour, contests, emit } = context
  const { task, slot, head } = facts
  // Before the challenge others of the task are still being judged.
  const isTime = task.state >= taskStates.challenge && head.timestamp <= BigInt(task.challengeBy)
  if (!contests || behaviour !== 'honest' || !isTime) return
  const stored = await store.readResult({ ...id, attempt: slot.attempt })
  if (stored?.resultRoot.toLowerCase() !== slot.resultRoot.toLowerCase()) return
  const opened = await getEvents(client, {
    address: predeploys.disputeCourt,
    abi: disputeCourtAbi,
    eventNames: ['DisputeOpened'],
    topics: [null, numberTopic(id.taskId), numberTopic(BigInt(id.slot))],
    fromBlock: since,
    toBlock: head.height,
  })
  // Somebody has asked already.
  if (opened.some(({ args }) => args.kind === disputeKinds.reexecute)) return
  const wanted = await getBondFor(client, { taskId: id.taskId })
  const { free } = await getCollateral(client, { account: address })
  if (free < wanted) return
  const { disputeId, bond, hash } = await openDispute(client, id)
  emit({ type: 'contested', ...id, disputeId, bond, hash })
}
