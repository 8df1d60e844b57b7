import type { Account } from 'viem'
import { getBalance } from 'viem/actions'
import { depositCollateral } from '../client/actions/depositCollateral.ts'
import { getCollateral } from '../client/actions/getCollateral.ts'
import { isRefusal, translateErrors } from '../client/errors.ts'
import type { PocaClient } from '../client/transactions.ts'
import type { WorkerEvent } from './events.ts'

/** Coin kept back for gas when collateral is paid in, wei. */
const gasReserve = 10n ** 18n

/** What paying collateral needs of the worker. */
export type CollateralContext = {
  readonly client: PocaClient
  readonly account: Account
  readonly emit: (event: WorkerEvent) => void
}

/**
 * Does something that takes free collateral. When the chain refuses because there is too little,
 * pays in what it asked for, as far as the balance reaches, and does it again.
 */
export async function withCollateral<T>(
  context: CollateralContext,
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const wanted = wantedBy(error)
    if (wanted === undefined) throw error
    const { client, account } = context
    const { free } = await getCollateral(client, { account: account.address })
    await payIn(context, wanted - free)
    return work()
  }
}

/** Pays collateral in until that much is there, counting what open tasks have locked. */
export async function fillCollateral(context: CollateralContext, wanted: bigint): Promise<void> {
  const { client, account } = context
  const { free, locked } = await getCollateral(client, { account: account.address })
  await payIn(context, wanted - free - locked)
}

async function payIn({ client, account, emit }: CollateralContext, missing: bigint): Promise<void> {
  if (missing <= 0n) return
  const { address } = account
  const spare = (await translateErrors(() => getBalance(client, { address }))) - gasReserve
  const amount = missing < spare ? missing : spare
  if (amount <= 0n) return
  await depositCollateral(client, { amount })
  emit({ type: 'deposited', amount })
}

/** The free collateral that a refusal asked for, if that was its reason. */
function wantedBy(error: unknown): bigint | undefined {
  if (!isRefusal(error) || error.facts.code !== 'CLIENT_CONTRACT_REVERTED') return undefined
  const field = wantedFields.get(error.facts.error)
  const wanted = field === undefined ? undefined : error.facts.args[field]
  return typeof wanted === 'bigint' ? wanted : undefined
}

/** Which argument of a contract's error says how much there must be. */
const wantedFields: ReadonlyMap<string, string> = new Map([
  ['CollateralVaultInsufficientFree', 'wanted'],
  ['TaskMarketCollateralNeeded', 'needed'],
])
