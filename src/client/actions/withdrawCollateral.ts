import { encodeFunctionData } from 'viem'
import { collateralVaultAbi } from '../../../chain/system/abi/collateralVault.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
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
