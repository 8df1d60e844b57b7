// Carries a proposal of one holder through the whole of governance on a development chain.
import type { Address, Hex } from 'viem'
import { parseEther } from 'viem'
import { dev } from '../../chain/params/specs.ts'
import type { World } from './world.ts'

/** Has the holders' vote carry out calls; the chain's clock moves on by the time that takes. */
export async function voteFor(
  world: World,
  calls: readonly { readonly to: Address; readonly data: Hex }[],
): Promise<void> {
  const holder = world.clientOf(6)
  const { votingDelay, votingPeriod, lateQuorumExtension, timelockDelay } = dev.governance
  await holder.lockVotes({ amount: parseEther('5000') })
  await world.pass(1)
  const proposal = { calls, description: 'what the test needs' }
  const { proposalId } = await holder.propose(proposal)
  await world.pass(votingDelay + 1)
  await holder.castVote({ proposalId, support: 'for', reason: '' })
  await world.pass(votingPeriod + lateQuorumExtension + 1)
  await holder.queueProposal(proposal)
  await world.pass(timelockDelay + 1)
  await holder.executeProposal(proposal)
}
