import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { collateralVaultAbi } from '../abis.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetFreeCollateralParameters = {
  readonly account: Address
}

export type GetFreeCollateralReturnType = bigint

/** Collateral of an account that nothing locks, in wei. */
export function getFreeCollateral(
  client: PocaClient,
  { account }: GetFreeCollateralParameters,
): Promise<GetFreeCollateralReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.collateralVault,
      abi: collateralVaultAbi,
      functionName: 'freeOf',
      args: [account],
    }),
  )
}
