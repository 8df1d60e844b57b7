import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { collateralVaultAbi } from '../../../chain/system/abi/collateralVault.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetCollateralParameters = {
  readonly account: Address
}

/** Wei. */
export type GetCollateralReturnType = {
  /** May be withdrawn. */
  readonly free: bigint
  /** Held for tasks and duties. */
  readonly locked: bigint
}

/** The collateral of an account. */
export function getCollateral(
  client: PocaClient,
  { account }: GetCollateralParameters,
): Promise<GetCollateralReturnType> {
  const contract = { address: predeploys.collateralVault, abi: collateralVaultAbi } as const
  return translateErrors(async () => {
    const args = [account] as const
    const free = await readContract(client, { ...contract, functionName: 'freeOf', args })
    const locked = await readContract(client, { ...contract, functionName: 'lockedOf', args })
    return { free, locked }
  })
}
