import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import { priceBookAbi } from '../../../chain/system/abi/priceBook.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetPriceFeedReturnType = ContractFunctionReturnType<typeof priceBookAbi, 'view', 'feed'>

/** The price of the coin as the oracles have it, and until when it counts. */
export function getPriceFeed(client: PocaClient): Promise<GetPriceFeedReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.priceBook,
      abi: priceBookAbi,
      functionName: 'feed',
    }),
  )
}
