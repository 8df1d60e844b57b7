import { encodeFunctionData, parseEther, stringToHex } from 'viem'
import { readContract } from 'viem/actions'
import { dev } from '../../../chain/params/specs.ts'
import { protocolParamsAbi } from '../../../chain/system/abi/protocolParams.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { isRevert } from '../../client/errors.ts'
import { coin, percent } from '../ui/amounts.ts'
import type { Narrator } from '../ui/narrator.ts'
import type { Actor, Cast } from './cast.ts'
import { letPass } from './time.ts'

const feeKey = stringToHex('task.feeBps', { size: 32 })

/** A holder proposes a lower platform fee, votes, and the Timelock carries it out. */
export async function vote({ holder, client }: Cast, narrator: Narrator): Promise<void> {
  narrator.chapter('5  Vote: a holder changes a parameter')
  const before = await readFee(client)
  const wanted = before - 50n
  const stake = parseEther('5000')
  const lock = await holder.client.lockVotes({ amount: stake })
  narrator.say(`${holder.name} locks ${coin(stake)} as votes`, lock.hash)

  const proposal = {
    calls: [{ to: predeploys.protocolParams, data: setFee(wanted) }],
    description: `Lower the platform fee from ${percent(before)} to ${percent(wanted)}`,
  }
  await letPass(holder, 1)
  const { proposalId, hash } = await holder.client.propose(proposal)
  narrator.say(`proposal ${proposalId}: "${proposal.description}"`, hash)
  await letPass(holder, dev.governance.votingDelay + 1)
  const cast = await holder.client.castVote({ proposalId, support: 'for', reason: 'more work' })
  narrator.say(`${holder.name} votes for it`, cast.hash)
  await letPass(holder, dev.governance.votingPeriod + dev.governance.lateQuorumExtension + 1)
  await holder.client.queueProposal(proposal)
  await letPass(holder, dev.governance.timelockDelay + 1)
  const executed = await holder.client.executeProposal(proposal)
  narrator.say(`the Timelock executes it`, executed.hash)

  const after = await readFee(client)
  narrator.fact('task.feeBps', `${before} → ${after}`)
  narrator.check(
    `the vote changed the platform fee from ${percent(before)} to ${percent(wanted)}`,
    after === wanted,
  )

  const refusal = await holder.client
    .executeProposal({ ...proposal, description: 'never proposed' })
    .then(() => undefined)
    .catch((error: unknown) => error)
  const refused = isRevert(refusal, 'GovernorNonexistentProposal')
  narrator.check('what was never voted on cannot be executed', refused)
}

function setFee(bps: bigint) {
  return encodeFunctionData({ abi: protocolParamsAbi, functionName: 'set', args: [feeKey, bps] })
}

function readFee(actor: Actor): Promise<bigint> {
  return readContract(actor.client, {
    address: predeploys.protocolParams,
    abi: protocolParamsAbi,
    functionName: 'get',
    args: [feeKey],
  })
}
