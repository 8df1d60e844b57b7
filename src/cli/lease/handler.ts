import { cancelLease } from '../../client/actions/cancelLease.ts'
import { closeLease } from '../../client/actions/closeLease.ts'
import { createLease } from '../../client/actions/createLease.ts'
import { extendLease } from '../../client/actions/extendLease.ts'
import { type GetLeaseReturnType, getLease } from '../../client/actions/getLease.ts'
import { refundLease } from '../../client/actions/refundLease.ts'
import { takeLease } from '../../client/actions/takeLease.ts'
import { withdrawLeaseCredit } from '../../client/actions/withdrawLeaseCredit.ts'
import { isRevert } from '../../client/errors.ts'
import { leaseStates, nameState } from '../../client/states.ts'
import type { PocaClient } from '../../client/transactions.ts'
import { type ActOptions, act, type Fact } from '../act.ts'
import { ensureCollateral } from '../collateral.ts'
import { coin } from '../ui/amounts.ts'
import { moment } from '../ui/times.ts'
import type { CreateOptions, ExtendOptions, TakeOptions } from './options.ts'
import { remedies } from './remedies.ts'

/** Offers a lease. */
export function create(options: CreateOptions): Promise<void> {
  const { rate: ratePerSecond, minSeconds, maxSeconds, noticeSeconds, worker, units } = options
  // A lease without a minimum term still pays for a second.
  const term = ratePerSecond * BigInt(Math.max(minSeconds, 1))
  return act(options, remedies, async (client) => {
    const { leaseId, offerBy, hash } = await createLease(client, {
      ratePerSecond,
      deposit: options.deposit ?? term,
      minSeconds,
      maxSeconds,
      noticeSeconds,
      ...(worker === undefined ? {} : { worker }),
      ...(units === undefined ? {} : { quoted: { computeUnits: units, storageGiB: 0 } }),
    })
    const facts = factsOf(leaseId, await getLease(client, { leaseId }))
    return [...facts, ['offerBy', offerBy, moment(offerBy)], ['transaction', hash]]
  })
}

/** Pays for more time. */
export function extend(leaseId: bigint, options: ExtendOptions): Promise<void> {
  return act(options, remedies, async (client) => {
    const { hash } = await extendLease(client, { leaseId, amount: options.deposit })
    return [...factsOf(leaseId, await getLease(client, { leaseId })), ['transaction', hash]]
  })
}

/** Takes an offered lease. */
export function take(leaseId: bigint, options: TakeOptions): Promise<void> {
  return act(options, remedies, async (client) => {
    const { rate, minSeconds, minerBps } = await getLease(client, { leaseId })
    const term = rate * BigInt(minSeconds) * BigInt(minerBps)
    // Rounded up, as the chain does.
    await ensureCollateral(client, (term + 9_999n) / 10_000n, options.deposit)
    const { hash } = await takeLease(client, { leaseId })
    return [...factsOf(leaseId, await getLease(client, { leaseId })), ['transaction', hash]]
  })
}

/** Ends a lease, or withdraws its offer, and pays out what the account gets back. */
export function close(leaseId: bigint, options: ActOptions): Promise<void> {
  return act(options, remedies, async (client) => {
    const { state } = await getLease(client, { leaseId })
    if (state < leaseStates.closed) {
      const isOffer = state === leaseStates.offered || state === leaseStates.lapsed
      await (isOffer ? cancelLease : closeLease)(client, { leaseId })
    }
    const lease = await getLease(client, { leaseId })
    for (let index = 0; index < lease.depositCount; index += 1) {
      await refundOne(client, leaseId, index)
    }
    await withdraw(client)
    return factsOf(leaseId, await getLease(client, { leaseId }))
  })
}

/** Tells how a lease stands. */
export function show(leaseId: bigint, options: ActOptions): Promise<void> {
  return act(options, remedies, async (client) =>
    factsOf(leaseId, await getLease(client, { leaseId })),
  )
}

async function refundOne(client: PocaClient, leaseId: bigint, index: number): Promise<void> {
  try {
    await refundLease(client, { leaseId, index })
  } catch (error) {
    // It was spent, or refunded before.
    if (!isRevert(error, 'LeaseMarketNothingToRefund')) throw error
  }
}

async function withdraw(client: PocaClient): Promise<void> {
  try {
    await withdrawLeaseCredit(client)
  } catch (error) {
    // All was others' money, or nothing is left.
    if (!isRevert(error, 'LeaseMarketNoCredit')) throw error
  }
}

function factsOf(leaseId: bigint, lease: GetLeaseReturnType): readonly Fact[] {
  const { state, client, worker, rate, deposited, refunded, collateral } = lease
  const { startedAt, paidUntil, fundedUntil, due, balance } = lease
  return [
    ['lease', leaseId],
    ['state', nameState(leaseStates, state)],
    ['client', client],
    ['worker', worker],
    ['rate', rate, `${coin(rate)} a second`],
    ['deposited', deposited, coin(deposited)],
    ['balance', balance, coin(balance)],
    ['due', due, coin(due)],
    ['refunded', refunded, coin(refunded)],
    ['collateral', collateral, coin(collateral)],
    ['startedAt', startedAt, moment(startedAt)],
    ['paidUntil', paidUntil, moment(paidUntil)],
    ['fundedUntil', Number(fundedUntil), moment(fundedUntil)],
  ]
}
