import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type WithdrawLeaseCreditReturnType = Included

/** Pays out what leases owe the account: refunds, and a worker's pay. */
export function withdrawLeaseCredit(client: PocaClient): Promise<WithdrawLeaseCreditReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({ abi: leaseMarketAbi, functionName: 'withdraw' }),
  })
}
