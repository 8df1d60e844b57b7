import { encodeFunctionData } from 'viem'
import { priceBookAbi } from '../../../chain/system/abi/priceBook.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type PostCoinPriceParameters = {
  /** Pico-USD per coin. */
  readonly coinPrice: bigint
}

export type PostCoinPriceReturnType = Included

/** Posts what the coin is worth, as an active oracle sees it. */
export function postCoinPrice(
  client: PocaClient,
  { coinPrice }: PostCoinPriceParameters,
): Promise<PostCoinPriceReturnType> {
  return send(client, {
    to: predeploys.priceBook,
    data: encodeFunctionData({ abi: priceBookAbi, functionName: 'post', args: [coinPrice] }),
  })
}
