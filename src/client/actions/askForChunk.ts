import { encodeFunctionData, parseEventLogs } from 'viem'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { firstEvent, type Included, type PocaClient, send } from '../transactions.ts'

export type AskForChunkParameters = {
  readonly taskId: bigint
  readonly slot: number
  /** Of the whole task: within the slot's slice. */
  readonly leafIndex: number
}

export type AskForChunkReturnType = Included & {
  readonly disputeId: bigint
}

/**
 * Asks the worker of a slot in its challenge window for one leaf of its result. Locks a bond of the
 * account's free collateral, `court.bondMin`.
 */
export async function askForChunk(
  client: PocaClient,
  { taskId, slot, leafIndex }: AskForChunkParameters,
): Promise<AskForChunkReturnType> {
  const included = await send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'askForChunk',
      args: [taskId, slot, leafIndex],
    }),
  })
  const { logs } = included.receipt
  const events = parseEventLogs({ abi: disputeCourtAbi, logs, eventName: 'DisputeOpened' })
  return { ...included, disputeId: firstEvent(events, 'DisputeOpened', included).args.disputeId }
}
