import { encodeFunctionData } from 'viem'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

/** How to vote. */
export type VoteSupport = 'against' | 'for' | 'abstain'

export type CastVoteParameters = {
  readonly proposalId: bigint
  readonly support: VoteSupport
  readonly reason?: string
}

export type CastVoteReturnType = Included

/** Votes with all the votes the account had when the vote began. */
export function castVote(
  client: PocaClient,
  { proposalId, support, reason = '' }: CastVoteParameters,
): Promise<CastVoteReturnType> {
  return send(client, {
    to: predeploys.pocaGovernor,
    data: encodeFunctionData({
      abi: pocaGovernorAbi,
      functionName: 'castVoteWithReason',
      args: [proposalId, supportNumbers[support], reason],
    }),
  })
}

/** How the governor writes it. */
export const supportNumbers = { against: 0, for: 1, abstain: 2 } as const
