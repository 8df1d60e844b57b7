import { readContract } from 'viem/actions'
import { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getSlice } from '../client/actions/getSlice.ts'
import type { GetSlotReturnType } from '../client/actions/getSlot.ts'
import { showChunk } from '../client/actions/showChunk.ts'
import { translateErrors } from '../client/errors.ts'
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
  { client, store, emit }: SlotContext,
  { since, ...id }: HeldSlot,
  { slot, head }: { readonly slot: GetSlotReturnType; readonly head: GetHeadReturnType },
): Promise<void> {
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
    const dispute = await translateErrors(() =>
      readContract(client, { ...contract, functionName: 'disputeOf', args: [disputeId] }),
    )
    if (dispute.state !== disputeStates.asked) continue
    const stored = await store.readResult({ ...id, attempt: slot.attempt })
    if (!stored) return
    const slice = await getSlice(client, id)
    const rows = decodeDigitsResult(stored.result, slice)
    const row = rows[dispute.leafIndex - slice.from]
    if (!row) continue
    const path = merkleProof(rows.map(digitsLeaf), dispute.leafIndex - slice.from)
    const { hash } = await showChunk(client, { disputeId, leaf: digitsLeafBytes(row), path })
    emit({ type: 'shown', ...id, leafIndex: dispute.leafIndex, hash })
  }
}
