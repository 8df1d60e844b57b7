import { readContract } from 'viem/actions'
import { priceBookAbi } from '../../chain/system/abi/priceBook.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { postCoinPrice } from '../client/actions/postCoinPrice.ts'
import { translateErrors } from '../client/errors.ts'
import { type PollLoop, startPollLoop } from '../client/pollLoop.ts'
import type { OracleContext } from './ballot.ts'
import type { OracleOptions } from './options.ts'
import type { PriceSource } from './priceSource.ts'

/** Keeps the coin's price on the chain as the oracle's source has it. */
export type PriceDuty = {
  /** Posts the price when that is due. */
  perform(head: GetHeadReturnType): Promise<void>
  /** Ends the looks at the source. */
  stop(): Promise<void>
}

/** A price is posted anew after this part of the time for which it counts. */
const renewalShare = 2n

const bps = 10_000n
const contract = { address: predeploys.priceBook, abi: priceBookAbi } as const

/**
 * Begins to look at a source, beside all other work, so that one that hangs holds nothing up. While
 * the source fails nothing is posted: what was posted before counts until it is too old.
 */
export function startPriceDuty(
  { client, account, emit }: OracleContext,
  source: PriceSource,
  options: Pick<OracleOptions, 'priceIntervalMs' | 'priceDeviationBps'>,
): PriceDuty {
  let seen: bigint | undefined
  let isFailing = false
  let freshSeconds: bigint | undefined
  const loop: PollLoop = startPollLoop({
    intervalMs: options.priceIntervalMs,
    async step(signal) {
      seen = await source.read(signal)
      isFailing = false
    },
    onError(error) {
      seen = undefined
      const reason = error instanceof Error ? error.message : String(error)
      if (!isFailing) emit({ type: 'priceUnknown', source: source.name, reason })
      isFailing = true
    },
  })
  return {
    async perform({ timestamp }) {
      if (seen === undefined) return
      const price = seen
      const [posted, observedAt] = await translateErrors(() =>
        readContract(client, {
          ...contract,
          functionName: 'observationOf',
          args: [account.address],
        }),
      )
      freshSeconds ??= await translateErrors(() =>
        readContract(client, { ...contract, functionName: 'FRESH_SECONDS' }),
      )
      const isOld = timestamp >= BigInt(observedAt) + freshSeconds / renewalShare
      if (!isOld && !deviates(price, posted, options.priceDeviationBps)) return
      const { hash } = await postCoinPrice(client, { coinPrice: price })
      emit({ type: 'pricePosted', coinPrice: price, source: source.name, hash })
    },
    stop: () => loop.stop(),
  }
}

/** Whether two prices differ by more than that part of the one that was posted. */
export function deviates(price: bigint, posted: bigint, deviationBps: bigint): boolean {
  const difference = price > posted ? price - posted : posted - price
  return difference * bps > posted * deviationBps
}
