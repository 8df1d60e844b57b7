import { encodeFunctionData } from 'viem'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type DecideDisputeParameters = {
  readonly disputeId: bigint
}

export type DecideDisputeReturnType = Included

/** Counts the votes of a round that is over or clear. Anyone may. */
export function decideDispute(
  client: PocaClient,
  { disputeId }: DecideDisputeParameters,
): Promise<DecideDisputeReturnType> {
  return send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'decide',
      args: [disputeId],
    }),
  })
}
