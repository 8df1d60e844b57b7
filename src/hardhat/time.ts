import { numberToHex, type TransactionReceipt } from 'viem'
import type { Hex } from '../../chain/primitives/hex.ts'
import { publicClientOf } from './contracts.ts'
import { type EndBlockOptions, endBlock } from './endBlock.ts'
import { HardhatPocaError } from './errors.ts'
import type { RPCProvider } from './loadGenesis.ts'

/** What the passing of time needs. */
export type TimeOptions = {
  readonly provider: RPCProvider
  readonly systemTxGas: bigint
  /** Seconds between blocks of `advance`. */
  readonly blockSeconds: bigint
}

/** A length of time in seconds, or the moment to be reached. */
export type Span = number | bigint | { readonly to: number | bigint | Date }

/** Seconds since 1970 of the latest block. */
export async function latestTime(provider: RPCProvider): Promise<bigint> {
  const params = ['latest', false]
  // The shape is that of the JSON-RPC specification.
  const block = (await provider.request({ method: 'eth_getBlockByNumber', params })) as {
    readonly timestamp: Hex
  }
  return BigInt(block.timestamp)
}

/** Ends a block as its proposer does. */
export async function endOne(
  { provider, systemTxGas }: TimeOptions,
  input: EndBlockOptions['input'] = {},
): Promise<TransactionReceipt> {
  const hash = await endBlock(provider, { systemTxGas, input })
  return publicClientOf(provider).getTransactionReceipt({ hash })
}

/** Ends `blocks` blocks, each the chain's own interval after the one before. */
export async function advance(options: TimeOptions, blocks: number): Promise<TransactionReceipt> {
  if (!Number.isSafeInteger(blocks) || blocks < 1) throw badCount('blocks', blocks)
  let time = await latestTime(options.provider)
  for (let left = blocks; left > 1; left -= 1) {
    time += options.blockSeconds
    await setNextTime(options.provider, time)
    await endBlock(options.provider, options)
  }
  await setNextTime(options.provider, time + options.blockSeconds)
  return endOne(options)
}

/** Ends one block after a length of time, or at a moment. */
export async function warp(options: TimeOptions, span: Span): Promise<TransactionReceipt> {
  const now = await latestTime(options.provider)
  const to = typeof span === 'object' ? secondsOf(span.to) : now + BigInt(span)
  if (to <= now) {
    throw new HardhatPocaError(
      { code: 'HARDHAT_TIME_PAST', to, now },
      `The chain is at ${now} and cannot go to ${to}; name a later second.`,
    )
  }
  await setNextTime(options.provider, to)
  return endOne(options)
}

export function badCount(name: string, value: number | bigint): HardhatPocaError {
  return new HardhatPocaError(
    { code: 'HARDHAT_BAD_COUNT', name, value },
    `The number of ${name} is ${value}; give a whole number from 1 up.`,
  )
}

/** Sets the time of the next block. */
export async function setNextTime(provider: RPCProvider, time: bigint): Promise<void> {
  await provider.request({ method: 'evm_setNextBlockTimestamp', params: [numberToHex(time)] })
}

function secondsOf(moment: number | bigint | Date): bigint {
  return moment instanceof Date ? BigInt(Math.ceil(moment.getTime() / 1_000)) : BigInt(moment)
}
