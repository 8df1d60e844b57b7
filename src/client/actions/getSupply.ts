import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import { supplyMeterAbi } from '../../../chain/system/abi/supplyMeter.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetSupplyReturnType = ContractFunctionReturnType<
  typeof supplyMeterAbi,
  'view',
  'supply'
>

/** How much coin there is, in wei. */
export function getSupply(client: PocaClient): Promise<GetSupplyReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.supplyMeter,
      abi: supplyMeterAbi,
      functionName: 'supply',
    }),
  )
}
