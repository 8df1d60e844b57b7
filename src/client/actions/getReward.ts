import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { rewardDistributorAbi } from '../../../chain/system/abi/rewardDistributor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetRewardParameters = {
  readonly account: Address
}

export type GetRewardReturnType = bigint

/** What the distributor has credited to an account and it has not claimed, in wei. */
export function getReward(
  client: PocaClient,
  { account }: GetRewardParameters,
): Promise<GetRewardReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.rewardDistributor,
      abi: rewardDistributorAbi,
      functionName: 'creditOf',
      args: [account],
    }),
  )
}
