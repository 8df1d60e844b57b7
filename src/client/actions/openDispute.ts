import { encodeFunctionData, parseEventLogs } from 'viem'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { firstEvent, type Included, type PocaClient, send } from '../transactions.ts'

export type OpenDisputeParameters = {
  readonly taskId: bigint
  readonly slot: number
}

export type OpenDisputeReturnType = Included & {
  readonly disputeId: bigint
  /** What is at stake, wei. */
  readonly bond: bigint
}

/**
 * Has a slot in its challenge window executed again by a jury of oracles. Locks a bond of the
 * account's free collateral, which is lost when the jury says what the oracles said.
 */
export async function openDispute(
  client: PocaClient,
  { taskId, slot }: OpenDisputeParameters,
): Promise<OpenDisputeReturnType> {
  const included = await send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'openDispute',
      args: [taskId, slot],
    }),
  })
  const { logs } = included.receipt
  const events = parseEventLogs({ abi: disputeCourtAbi, logs, eventName: 'DisputeOpened' })
  const { disputeId, bond } = firstEvent(events, 'DisputeOpened', included).args
  return { ...included, disputeId, bond }
}
