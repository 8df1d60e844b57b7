import { encodeFunctionData, keccak256, stringToBytes } from 'viem'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'
import { type Proposal, splitCalls } from './propose.ts'

export type ExecuteProposalReturnType = Included

/** Carries out a queued proposal whose delay has passed. Anyone may. */
export function executeProposal(
  client: PocaClient,
  { calls, description }: Proposal,
): Promise<ExecuteProposalReturnType> {
  return send(client, {
    to: predeploys.pocaGovernor,
    data: encodeFunctionData({
      abi: pocaGovernorAbi,
      functionName: 'execute',
      args: [...splitCalls(calls), keccak256(stringToBytes(description))],
    }),
  })
}
