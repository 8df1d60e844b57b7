import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { taskEscrowAbi } from '../../../chain/system/abi/taskEscrow.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetCreditParameters = {
  readonly account: Address
}

export type GetCreditReturnType = bigint

/** What tasks have credited to an account and it has not withdrawn, in wei. */
export function getCredit(
  client: PocaClient,
  { account }: GetCreditParameters,
): Promise<GetCreditReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.taskEscrow,
      abi: taskEscrowAbi,
      functionName: 'creditOf',
      args: [account],
    }),
  )
}
