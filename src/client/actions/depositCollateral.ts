import { encodeFunctionData } from 'viem'
import { collateralVaultAbi } from '../../../chain/system/abi/collateralVault.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type DepositCollateralParameters = {
  /** Wei. */
  readonly amount: bigint
}

export type DepositCollateralReturnType = Included

/** Adds coin to the account's free collateral. */
export function depositCollateral(
  client: PocaClient,
  { amount }: DepositCollateralParameters,
): Promise<DepositCollateralReturnType> {
  return send(client, {
    to: predeploys.collateralVault,
    data: encodeFunctionData({ abi: collateralVaultAbi, functionName: 'deposit' }),
    value: amount,
  })
}
