import { encodeFunctionData } from 'viem'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type VoteOnDisputeParameters = {
  readonly disputeId: bigint
  readonly isFaulty: boolean
}

export type VoteOnDisputeReturnType = Included

/** Votes on a result as a juror of the round, once the work was executed again. */
export function voteOnDispute(
  client: PocaClient,
  { disputeId, isFaulty }: VoteOnDisputeParameters,
): Promise<VoteOnDisputeReturnType> {
  return send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'vote',
      args: [disputeId, isFaulty],
    }),
  })
}
