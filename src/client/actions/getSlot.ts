import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetSlotParameters = {
  readonly taskId: bigint
  readonly slot: number
}

export type GetSlotReturnType = ContractFunctionReturnType<typeof taskMarketAbi, 'view', 'slotOf'>

/** A slot of a task as it stands on the chain. */
export function getSlot(
  client: PocaClient,
  { taskId, slot }: GetSlotParameters,
): Promise<GetSlotReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      functionName: 'slotOf',
      args: [taskId, slot],
    }),
  )
}
