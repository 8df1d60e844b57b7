import { readContract } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import { type TaskOrder, taskSpecOf } from '../taskSpec.ts'
import type { PocaClient } from '../transactions.ts'

export type QuoteTaskParameters = TaskOrder

export type QuoteTaskReturnType = {
  /** Wei, for work in time. */
  readonly price: bigint
  /** Wei to send along; what is not spent comes back. */
  readonly collateral: bigint
}

/** What a task costs now. */
export async function quoteTask(
  client: PocaClient,
  order: QuoteTaskParameters,
): Promise<QuoteTaskReturnType> {
  const [price, collateral] = await translateErrors(() =>
    readContract(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      functionName: 'quoteTask',
      args: [taskSpecOf(order)],
    }),
  )
  return { price, collateral }
}
