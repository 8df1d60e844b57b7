import { encodeFunctionData } from 'viem'
import { votingPowerAbi } from '../../../chain/system/abi/votingPower.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type LockVotesParameters = {
  /** Wei; one vote each. */
  readonly amount: bigint
}

export type LockVotesReturnType = Included

/** Locks coin as votes. */
export function lockVotes(
  client: PocaClient,
  { amount }: LockVotesParameters,
): Promise<LockVotesReturnType> {
  return send(client, {
    to: predeploys.votingPower,
    data: encodeFunctionData({ abi: votingPowerAbi, functionName: 'lock' }),
    value: amount,
  })
}
