import { encodeFunctionData } from 'viem'
import { predeploys } from '../../../chain/system/addresses.ts'
import { collateralVaultAbi } from '../abis.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type WithdrawCollateralParameters = {
  /** Wei. */
  readonly amount: bigint
}

export type WithdrawCollateralReturnType = Included

/** Takes free collateral back. */
export function withdrawCollateral(
  client: PocaClient,
  { amount }: WithdrawCollateralParameters,
): Promise<WithdrawCollateralReturnType> {
  return send(client, {
    to: predeploys.collateralVault,
    data: encodeFunctionData({
      abi: collateralVaultAbi,
      functionName: 'withdraw',
      args: [amount],
    }),
  })
}
