import { encodeFunctionData } from 'viem'
import type { Address } from '../../../chain/primitives/hex.ts'
import { rewardDistributorAbi } from '../../../chain/system/abi/rewardDistributor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ClaimRewardParameters = {
  /**
   * Whose credit is paid out, to that account; by default the caller's. A block producer lets
   * another account send this: its own next nonce belongs to the system transaction.
   */
  readonly account?: Address
}

export type ClaimRewardReturnType = Included

/** Pays out what the distributor has credited to an account. */
export function claimReward(
  client: PocaClient,
  { account }: ClaimRewardParameters = {},
): Promise<ClaimRewardReturnType> {
  const abi = rewardDistributorAbi
  return send(client, {
    to: predeploys.rewardDistributor,
    data: account
      ? encodeFunctionData({ abi, functionName: 'claimFor', args: [account] })
      : encodeFunctionData({ abi, functionName: 'claim' }),
  })
}
