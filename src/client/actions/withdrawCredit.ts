import { encodeFunctionData } from 'viem'
import { taskEscrowAbi } from '../../../chain/system/abi/taskEscrow.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type WithdrawCreditReturnType = Included

/** Pays out what tasks have credited to the account. */
export function withdrawCredit(client: PocaClient): Promise<WithdrawCreditReturnType> {
  return send(client, {
    to: predeploys.taskEscrow,
    data: encodeFunctionData({ abi: taskEscrowAbi, functionName: 'withdraw' }),
  })
}
