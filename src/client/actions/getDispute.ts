import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetDisputeParameters = {
  readonly disputeId: bigint
}

export type GetDisputeReturnType = ContractFunctionReturnType<
  typeof disputeCourtAbi,
  'view',
  'disputeOf'
>

/** A dispute as it stands before the court. */
export function getDispute(
  client: PocaClient,
  { disputeId }: GetDisputeParameters,
): Promise<GetDisputeReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.disputeCourt,
      abi: disputeCourtAbi,
      functionName: 'disputeOf',
      args: [disputeId],
    }),
  )
}
