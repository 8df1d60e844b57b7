import { encodeFunctionData } from 'viem'
import { leaseMarketAbi } from '../../../chain/system/abi/leaseMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type TakeLeaseParameters = {
  readonly leaseId: bigint
}

export type TakeLeaseReturnType = Included

/** Takes an offered lease as its worker. Locks the account's free collateral; the clock starts. */
export function takeLease(
  client: PocaClient,
  { leaseId }: TakeLeaseParameters,
): Promise<TakeLeaseReturnType> {
  return send(client, {
    to: predeploys.leaseMarket,
    data: encodeFunctionData({
      abi: leaseMarketAbi,
      functionName: 'take',
      args: [leaseId],
    }),
  })
}
