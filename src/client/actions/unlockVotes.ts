import { encodeFunctionData } from 'viem'
import { votingPowerAbi } from '../../../chain/system/abi/votingPower.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type UnlockVotesParameters = {
  /** Wei. */
  readonly amount: bigint
}

export type UnlockVotesReturnType = Included

/** Takes locked coin back. */
export function unlockVotes(
  client: PocaClient,
  { amount }: UnlockVotesParameters,
): Promise<UnlockVotesReturnType> {
  return send(client, {
    to: predeploys.votingPower,
    data: encodeFunctionData({ abi: votingPowerAbi, functionName: 'unlock', args: [amount] }),
  })
}
