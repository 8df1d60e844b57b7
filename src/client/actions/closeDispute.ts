import { encodeFunctionData } from 'viem'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CloseDisputeParameters = {
  readonly disputeId: bigint
}

export type CloseDisputeReturnType = Included

/** Carries out what was decided, or that a worker showed no leaf when asked. Anyone may. */
export function closeDispute(
  client: PocaClient,
  { disputeId }: CloseDisputeParameters,
): Promise<CloseDisputeReturnType> {
  return send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'close',
      args: [disputeId],
    }),
  })
}
