import type { Hash } from '../../chain/primitives/hex.ts'
import { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { type GetDisputeReturnType, getDispute } from '../client/actions/getDispute.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getSlice } from '../client/actions/getSlice.ts'
import type { GetSlotReturnType } from '../client/actions/getSlot.ts'
import { showChunk } from '../client/actions/showChunk.ts'
import { getEvents, numberTopic } from '../client/events.ts'
import { disputeKinds, disputeStates } from '../client/states.ts'
import { decodeDigitsResult, digitsLeaf, digitsLeafBytes } from '../compute/digitsResult.ts'
import { merkleProof } from '../compute/merkle.ts'
import type { HeldSlot, SlotContext } from './slotContext.ts'

/**
 * Shows every leaf of the slot's result that somebody asked the court for. A leaf that is not shown
 * within a minute costs the slot's pay and a quarter of its collateral.
 */
export async function showAskedLeaves(
  context: SlotContext,
  { since, ...id }: HeldSlot,
  { slot, head }: { readonly slot: GetSlotReturnType; readonly head: GetHeadReturnType },
): Promise<void> {
  const { client, emit } = context
  const contract = { address: predeploys.disputeCourt, abi: disputeCourtAbi } as const
  const opened = await getEvents(client, {
    ...contract,
    eventNames: ['DisputeOpened'],
    topics: [null, numberTopic(id.taskId), numberTopic(BigInt(id.slot))],
    fromBlock: since,
    toBlock: head.height,
  })
  for (const { args } of opened) {
    if (args.kind !== disputeKinds.chunkMissing) continue
    const { disputeId } = args
    const dispute = await getDispute(client, { disputeId })
    if (dispute.state !== disputeStates.asked) continue
    const hash = await showLeaf(context, { disputeId, dispute, attempt: slot.attempt })
    if (!hash) continue
    emit({ type: 'shown', ...id, leafIndex: dispute.leafIndex, hash })
  }
}

/** Shows the leaf that a dispute asks for; undefined when the store does not hold its result. */
export async function showLeaf(
  { client, store }: Pick<SlotContext, 'client' | 'store'>,
  asked: {
    readonly disputeId: bigint
    readonly dispute: GetDisputeReturnType
    /** Of the slot. */
    readonly attempt: number
  },
): Promise<Hash | undefined> {
  const { disputeId, dispute, attempt } = asked
  const { taskId, slot, leafIndex } = dispute
  const stored = await store.readResult({ taskId, slot, attempt })
  if (!stored) return undefined
  const slice = await getSlice(client, { taskId, slot })
  const rows = decodeDigitsResult(stored.result, slice)
  const row = rows[leafIndex - slice.from]
  if (!row) return undefined
  const path = merkleProof(rows.map(digitsLeaf), leafIndex - slice.from)
  return (await showChunk(client, { disputeId, leaf: digitsLeafBytes(row), path })).hash
}
