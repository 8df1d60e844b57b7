import { depositCollateral } from '../client/actions/depositCollateral.ts'
import { getCollateral } from '../client/actions/getCollateral.ts'
import { ClientError } from '../client/errors.ts'
import type { PocaClient } from '../client/transactions.ts'
import { CliError } from './errors.ts'
import { coin } from './ui/amounts.ts'

/**
 * Sees to it that the account has so much free collateral: pays in what is missing when it was told
 * to, else says how.
 */
export async function ensureCollateral(
  client: PocaClient,
  wanted: bigint,
  mayDeposit: boolean,
): Promise<void> {
  const { account } = client
  if (!account) throw new ClientError({ code: 'CLIENT_NO_ACCOUNT' }, 'This needs an account.')
  const { free } = await getCollateral(client, { account: account.address })
  if (free >= wanted) return
  if (mayDeposit) {
    await depositCollateral(client, { amount: wanted - free })
    return
  }
  throw new CliError(
    { code: 'CLI_COLLATERAL_MISSING', wanted, free },
    `This puts ${coin(wanted)} of free collateral at stake and ${account.address} has ` +
      `${coin(free)}; add --deposit to pay in what is missing.`,
  )
}
