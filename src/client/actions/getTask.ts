import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetTaskParameters = {
  readonly taskId: bigint
}

export type GetTaskReturnType = ContractFunctionReturnType<typeof taskMarketAbi, 'view', 'taskOf'>

/** A task as it stands on the chain. */
export function getTask(
  client: PocaClient,
  { taskId }: GetTaskParameters,
): Promise<GetTaskReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      functionName: 'taskOf',
      args: [taskId],
    }),
  )
}
