import { encodeFunctionData } from 'viem'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type AppealDisputeParameters = {
  readonly disputeId: bigint
}

export type AppealDisputeReturnType = Included

/**
 * Takes a decided dispute to the next round. Locks twice the last round's bond of the account's
 * free collateral.
 */
export function appealDispute(
  client: PocaClient,
  { disputeId }: AppealDisputeParameters,
): Promise<AppealDisputeReturnType> {
  return send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'appeal',
      args: [disputeId],
    }),
  })
}
