import { encodeFunctionData } from 'viem'
import { rewardDistributorAbi } from '../../../chain/system/abi/rewardDistributor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ClaimRewardReturnType = Included

/** Pays out what the distributor has credited to the account. */
export function claimReward(client: PocaClient): Promise<ClaimRewardReturnType> {
  return send(client, {
    to: predeploys.rewardDistributor,
    data: encodeFunctionData({ abi: rewardDistributorAbi, functionName: 'claim' }),
  })
}
