import { readContract } from 'viem/actions'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetBondForParameters = {
  readonly taskId: bigint
}

/** Wei. */
export type GetBondForReturnType = bigint

/** What opening a dispute about a task puts at stake. */
export function getBondFor(
  client: PocaClient,
  { taskId }: GetBondForParameters,
): Promise<GetBondForReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.disputeCourt,
      abi: disputeCourtAbi,
      functionName: 'bondFor',
      args: [taskId],
    }),
  )
}
