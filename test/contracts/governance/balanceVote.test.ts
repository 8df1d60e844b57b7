// Shows that Hardhat's simulated network has Merkle proofs and headers that satisfy BalanceProofs:
// several voters, a transfer in between, votes when the block is long out of reach. The network
// does not write EIP-2935's history, so here a block is known for 256 blocks, by its opcode.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { createWalletClient, custom, encodeFunctionData, parseEther } from 'viem'
import { abis } from '../../../chain/system/abis.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { castVoteWithBalanceProof } from '../../../src/client/actions/castVoteWithBalanceProof.ts'
import { getBalanceProof } from '../../../src/client/actions/getBalanceProof.ts'
import { lockVotes } from '../../../src/client/actions/lockVotes.ts'
import { propose } from '../../../src/client/actions/propose.ts'
import { pocaDev } from '../../../src/client/chain.ts'
import { isRevert } from '../../../src/client/errors.ts'
import { type PocaClient, send } from '../../../src/client/transactions.ts'
import { pocaSim } from '../support/pocaSim.ts'

type Sim = Awaited<ReturnType<typeof pocaSim>>

describe('castVoteWithBalanceProof', () => {
  let sim: Sim
  let proposalId: bigint
  let snapshot: bigint

  const accountOf = (index: number) => {
    const account = sim.poca.accounts.all[index]
    assert.ok(account)
    return account
  }
  const clientOf = (index: number): PocaClient =>
    createWalletClient({
      account: accountOf(index),
      chain: pocaDev,
      transport: custom(sim.provider),
      pollingInterval: 10,
    })
  const addressOf = (index: number) => accountOf(index).address
  const governor = () => sim.contract('pocaGovernor')

  before(async () => {
    sim = await pocaSim()
    await lockVotes(clientOf(11), { amount: parseEther('150') })
    await sim.networkHelpers.mine(1)
    const data = encodeFunctionData({ abi: abis.votingPower, functionName: 'lock' })
    const calls = [{ to: predeploys.votingPower, data }]
    proposalId = (await propose(clientOf(11), { calls, description: 'on EDR' })).proposalId
    snapshot = await governor().read.proposalSnapshot([proposalId])
    await sim.networkHelpers.time.increaseTo(snapshot + 5n)
    for (let blocks = 0; blocks < 3; blocks += 1) await sim.networkHelpers.mine(1)
  })

  it('counts what several voters held, whatever they do later', async () => {
    await send(clientOf(12), { to: addressOf(13), data: '0x', value: parseEther('4000') })
    for (const index of [12, 13]) {
      const vote = { proposalId, support: 'for' } as const
      const { balance } = await castVoteWithBalanceProof(clientOf(index), vote)
      assert.equal(balance, parseEther('10000'))
    }
    const [, yes] = await governor().read.proposalVotes([proposalId])
    assert.equal(yes, parseEther('20000'))
  })

  it('refuses the same coin again, and another’s proof', async () => {
    const again = castVoteWithBalanceProof(clientOf(12), { proposalId, support: 'for' })
    await assert.rejects(again, (error) => isRevert(error, 'PocaGovernorBalanceCounted'))
    const { accountProof } = await getBalanceProof(clientOf(14), {
      account: addressOf(12),
      timepoint: snapshot,
    })
    const data = encodeFunctionData({
      abi: abis.pocaGovernor,
      functionName: 'castVoteWithBalanceProof',
      args: [proposalId, 1, [], accountProof],
    })
    const others = send(clientOf(14), { to: predeploys.pocaGovernor, data })
    await assert.rejects(others, (error) => isRevert(error, 'BalanceProofsInvalid'))
  })

  it('takes votes, but no new anchor, when the block is out of reach', async () => {
    const timepoint = snapshot - 1n
    const proof = await getBalanceProof(clientOf(14), { account: addressOf(14), timepoint })
    assert.equal(proof.headers.length, 2)
    await sim.networkHelpers.mine(300)
    const data = encodeFunctionData({
      abi: abis.balanceProofs,
      functionName: 'anchor',
      args: [Number(timepoint), proof.headers],
    })
    const late = send(clientOf(14), { to: predeploys.balanceProofs, data })
    await assert.rejects(late, (error) => isRevert(error, 'BalanceProofsUnknownHeader'))
    // The proposal's own snapshot is anchored for good.
    const { balance } = await castVoteWithBalanceProof(clientOf(14), {
      proposalId,
      support: 'against',
    })
    assert.equal(balance, parseEther('10000'))
  })
})
