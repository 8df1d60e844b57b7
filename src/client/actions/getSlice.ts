import { readContract } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetSliceParameters = {
  readonly taskId: bigint
  readonly slot: number
}

/** Units `[from, to)`. */
export type GetSliceReturnType = {
  readonly from: number
  readonly to: number
}

/** The piece of a task's work that is a slot's. Known once the task runs. */
export function getSlice(
  client: PocaClient,
  { taskId, slot }: GetSliceParameters,
): Promise<GetSliceReturnType> {
  return translateErrors(async () => {
    const [from, to] = await readContract(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      functionName: 'sliceOf',
      args: [taskId, slot],
    })
    return { from, to }
  })
}
