import { encodeFunctionData, parseEventLogs, zeroAddress, zeroHash } from 'viem'
import type { Address, Hash } from '../../../chain/primitives/hex.ts'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { firstEvent, type Included, type PocaClient, send } from '../transactions.ts'

export type CreateLeaseParameters = {
  /** Wei; the highest acceptable one when `quoted`. */
  readonly ratePerSecond: bigint
  /** Has the PriceBook set the rate, in dollars. */
  readonly quoted?: {
    /** Billion multiply-adds per second. */
    readonly computeUnits: number
    readonly storageGiB: number
  }
  /** The first deposit, wei; pays for the minimum term at least. */
  readonly deposit: bigint
  /** The worker is bound so long. */
  readonly minSeconds: number
  readonly maxSeconds: number
  /** Between the worker's notice and its leaving; none when left out. */
  readonly noticeSeconds?: number
  /** Who may take it; anyone when left out. */
  readonly worker?: Address
  /** Power that the worker must have proved, million multiply-adds per second. */
  readonly minPower?: bigint
  /** Of what runs and who may connect, as agreed off the chain. */
  readonly sessionHash?: Hash
}

export type CreateLeaseReturnType = Included & {
  readonly leaseId: bigint
  /** Wei per second. */
  readonly rate: bigint
  /** Until when a worker may take it, seconds since 1970. */
  readonly offerBy: number
}

/** Offers a lease to one worker, or to any that is strong enough, with money for its start. */
export async function createLease(
  client: PocaClient,
  order: CreateLeaseParameters,
): Promise<CreateLeaseReturnType> {
  const { quoted, deposit: value, worker = zeroAddress, sessionHash = zeroHash } = order
  const { noticeSeconds = 0, minPower = 0n, ratePerSecond, minSeconds, maxSeconds } = order
  const spec = {
    worker,
    ratePerSecond,
    isQuoted: quoted !== undefined,
    computeUnits: quoted?.computeUnits ?? 0,
    storageGiB: quoted?.storageGiB ?? 0,
    minPower,
    minSeconds,
    maxSeconds,
    noticeSeconds,
    sessionHash,
  }
  const included = await send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({ abi: leaseMarketAbi, functionName: 'open', args: [spec] }),
    value,
  })
  const { logs } = included.receipt
  const events = parseEventLogs({ abi: leaseMarketAbi, logs, eventName: 'LeaseOffered' })
  const { leaseId, rate, offerBy } = firstEvent(events, 'LeaseOffered', included).args
  return { ...included, leaseId, rate, offerBy }
}
