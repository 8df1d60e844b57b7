import { readContract } from 'viem/actions'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type QuoteTaskParameters = {
  /** Wei. */
  readonly price: bigint
}

export type QuoteTaskReturnType = bigint

/** What a client must send along with a task of that price, in wei. */
export function quoteTask(
  client: PocaClient,
  { price }: QuoteTaskParameters,
): Promise<QuoteTaskReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      functionName: 'collateralFor',
      args: [price],
    }),
  )
}
