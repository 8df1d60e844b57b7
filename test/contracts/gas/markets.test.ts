// A scenario that is measured, see scripts/gasReport.ts: what comes after a task (disputes, repair,
// declined offers, rewards), leases, prices and votes. Times are fixed, so gas is too.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { network } from 'hardhat'
import { parseEther, zeroAddress, zeroHash } from 'viem'
import { accountOf } from '../../../src/hardhat/accounts.ts'
import type { Crew, Poca } from '../../../src/hardhat/index.ts'

/** 2030-01-01T00:00:00Z. */
const start = 1_893_456_000n

describe('gas of what comes after a task', () => {
  let poca: Poca
  let crew: Crew
  before(async () => {
    poca = (await network.create('pocaSim')).poca
    await poca.warp({ to: start })
    crew = await poca.crew({ workers: [10n, 10n, 10n, 10n] })
  })

  it('an offer that is declined', async () => {
    const taskId = await poca.task.order({ slots: 1 })
    await poca.task.reach(taskId, 'assigned')
    await poca.worker.decline(taskId, 0)
  })

  it('a slot that is repaired', async () => {
    const taskId = await poca.task.order({ slots: 2, maxSlotLoss: 1 })
    await poca.task.start(taskId)
    const { worker } = await poca.contracts.taskMarket.read.slotOf([taskId, 0])
    const { taskMarket } = poca.contractsAs(accountOf(worker))
    await taskMarket.write.checkpoint([taskId, 0, zeroHash, 20])
    await taskMarket.write.abort([taskId, 0])
    const { state } = await poca.oracle.complete(taskId)
    assert.equal(state, 'completed')
  })

  it('a dispute that a jury decides', async () => {
    const taskId = await poca.task.order({ slots: 1 })
    await poca.task.reach(taskId, 'challenge')
    const disputeId = await poca.dispute.open(taskId, 0)
    await poca.dispute.vote(disputeId, false)
    const { isFaulty } = await poca.dispute.close(disputeId)
    assert.equal(isFaulty, false)
    const [opener] = poca.accounts.holders
    assert.ok(opener !== undefined)
  })

  it('the rewards of a node', async () => {
    const [worker] = crew.workers
    assert.ok(worker !== undefined)
    await poca.warp(86_400)
    await poca.warp(86_400)
    const { capabilityChallenge, onlineReward } = poca.contractsAs(worker)
    await capabilityChallenge.write.claim([worker.address])
    await onlineReward.write.draw([0, worker.address])
  })
})

describe('gas of leases and prices', () => {
  let poca: Poca
  let crew: Crew
  before(async () => {
    poca = (await network.create('pocaSim')).poca
    await poca.warp({ to: start })
    crew = await poca.crew({ workers: [10n] })
  })

  it('a price of the coin', async () => {
    for (const oracle of crew.oracles) {
      await poca.contractsAs(oracle).priceBook.write.post([1_000_000_000n])
    }
  })

  it('a lease from its offer to its end', async () => {
    const [worker] = crew.workers
    assert.ok(worker !== undefined)
    const client = poca.contractsAs(crew.client).leaseMarket
    const spec = {
      worker: zeroAddress,
      ratePerSecond: parseEther('0.001'),
      isQuoted: false,
      computeUnits: 0,
      storageGiB: 0,
      minPower: 0n,
      minSeconds: 60,
      maxSeconds: 86_400,
      noticeSeconds: 60,
      sessionHash: zeroHash,
    }
    await client.write.open([spec], { value: parseEther('1') })
    const leaseId = await client.read.leaseCount()
    await poca.contractsAs(worker).leaseMarket.write.take([leaseId])
    await client.write.deposit([leaseId], { value: parseEther('1') })
    await poca.warp(300)
    await client.write.checkpoint([leaseId])
    await poca.warp(300)
    await client.write.close([leaseId])
    await client.write.refund([leaseId, 0n])
    await poca.contractsAs(worker).leaseMarket.write.withdraw()
  })
})

describe('gas of votes', () => {
  it('a proposal and a vote with locked coin', async () => {
    const { poca } = await network.create('pocaSim')
    await poca.warp({ to: start })
    const [holder] = poca.accounts.holders
    assert.ok(holder !== undefined)
    const { votingPower, pocaGovernor } = poca.contractsAs(holder)
    await votingPower.write.lock({ value: parseEther('1000') })
    await poca.warp(60)
    await pocaGovernor.write.propose([[poca.addresses.treasury], [0n], ['0x'], 'nothing'])
    const id = await pocaGovernor.read.lastProposalOf([holder.address])
    await poca.warp((await pocaGovernor.read.votingDelay()) + 60n)
    await pocaGovernor.write.castVote([id, 1])
  })
})
