import { encodeFunctionData, keccak256, stringToBytes } from 'viem'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'
import { type Proposal, splitCalls } from './propose.ts'

export type QueueProposalReturnType = Included

/** Puts a proposal that was accepted into the timelock. */
export function queueProposal(
  client: PocaClient,
  { calls, description }: Proposal,
): Promise<QueueProposalReturnType> {
  return send(client, {
    to: predeploys.pocaGovernor,
    data: encodeFunctionData({
      abi: pocaGovernorAbi,
      functionName: 'queue',
      args: [...splitCalls(calls), keccak256(stringToBytes(description))],
    }),
  })
}
