import { encodeFunctionData, parseEventLogs } from 'viem'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { firstEvent, type Included, type PocaClient, send } from '../transactions.ts'

/** A call that a vote decides on. */
export type ProposalCall = {
  readonly to: Address
  readonly data: Hex
  /** Wei; none when left out. */
  readonly value?: bigint
}

/** What a vote is about. The three steps propose, queue and execute take the same one. */
export type Proposal = {
  readonly calls: readonly ProposalCall[]
  readonly description: string
}

export type ProposeReturnType = Included & {
  readonly proposalId: bigint
}

/** Puts a proposal to the vote. */
export async function propose(
  client: PocaClient,
  { calls, description }: Proposal,
): Promise<ProposeReturnType> {
  const included = await send(client, {
    to: predeploys.pocaGovernor,
    data: encodeFunctionData({
      abi: pocaGovernorAbi,
      functionName: 'propose',
      args: [...splitCalls(calls), description],
    }),
  })
  const { logs } = included.receipt
  const events = parseEventLogs({ abi: pocaGovernorAbi, logs, eventName: 'ProposalCreated' })
  const { proposalId } = firstEvent(events, 'ProposalCreated', included).args
  return { ...included, proposalId }
}

/** Calls in the form the governor takes them: targets, values, data. */
export function splitCalls(
  calls: readonly ProposalCall[],
): readonly [readonly Address[], readonly bigint[], readonly Hex[]] {
  return [
    calls.map(({ to }) => to),
    calls.map(({ value = 0n }) => value),
    calls.map(({ data }) => data),
  ]
}
