// Shows that a task can be played to every end with verbs alone, that what is paid is what the
// formula says, and that an assertion that fails prints the formula with its numbers.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { network } from 'hardhat'
import { parseEther } from 'viem'
import type { Poca } from '../../../src/hardhat/index.ts'

/** Three workers whose powers make round numbers of a price of 10. */
async function threeWorkers() {
  const { poca, networkHelpers } = await network.create('pocaSim')
  const crew = await poca.crew({ workers: [30n, 30n, 40n] })
  return { poca, networkHelpers, ...crew }
}

async function slotOf(poca: Poca, taskId: bigint, worker: string): Promise<number> {
  for (const slot of [0, 1, 2]) {
    const held = await poca.contracts.taskMarket.read.slotOf([taskId, slot])
    if (held.worker === worker) return slot
  }
  throw new Error(`${worker} holds no slot`)
}

describe('poca.oracle.complete', () => {
  it('plays a task to its end and pays by the formula', async () => {
    const { poca, workers } = await threeWorkers()
    const taskId = await poca.task.order({ price: '100 HPC', expectedSeconds: 600 })
    const { state, receipt } = await poca.oracle.complete(taskId, { seconds: 490 })
    assert.equal(state, 'completed')
    const [worker] = workers
    assert.ok(worker !== undefined)
    const slot = await slotOf(poca, taskId, worker.address)
    const paid = await poca.assert.paid(receipt, slot, {
      worker: worker.address,
      price: '100 HPC',
      power: 30n,
      of: 100n,
      gross: '36 HPC',
      speed: 1.2,
      comment: 1,
    })
    assert.equal(paid.net, paid.gross - paid.fee)
    await poca.assert.event(receipt, 'taskMarket', 'TaskCompleted', { taskId })
  })

  it('rejects what the oracles call invalid', async () => {
    const { poca } = await threeWorkers()
    const taskId = await poca.task.order()
    const { state } = await poca.oracle.complete(taskId, { verdict: 'invalid' })
    assert.equal(state, 'rejected')
  })

  it('pays the others when the oracles call one invalid', async () => {
    const { poca } = await threeWorkers()
    const taskId = await poca.task.order()
    const verdict = ['valid', 'invalid', 'valid'] as const
    const { state, receipt } = await poca.oracle.complete(taskId, { verdict })
    assert.equal(state, 'completed')
    await poca.assert.paid(receipt, 0)
    await assert.rejects(poca.assert.paid(receipt, 1), { message: /^slot 1 was not paid/ })
  })

  it('plays replicas, which have the same result', async () => {
    const { poca } = await threeWorkers()
    const taskId = await poca.task.order({ price: '90 HPC', replicas: 3 })
    const { state, receipt } = await poca.oracle.complete(taskId, { seconds: 490 })
    assert.equal(state, 'completed')
    for (const slot of [0, 1, 2]) {
      assert.deepEqual(await poca.contracts.taskMarket.read.sliceOf([taskId, slot]), [0, 100])
    }
    await poca.assert.paid(receipt, 2, { power: 300n, of: 900n, gross: '36 HPC' })
  })
})

describe('poca.assert.paid', () => {
  it('prints the formula with its numbers when the pay is another', async () => {
    const { poca, workers } = await threeWorkers()
    const taskId = await poca.task.order({ price: '100 HPC' })
    await poca.task.start(taskId)
    const slot = await slotOf(poca, taskId, workers[0]?.address ?? '')
    // Workers commit one after the other; this one on time to the second.
    const seconds = [590, 590, 590].map((early, index) => (index === slot ? 600 : early))
    const { receipt } = await poca.oracle.complete(taskId, { seconds })
    await assert.rejects(poca.assert.paid(receipt, slot, { gross: '36 HPC' }), {
      name: 'AssertionError',
      message:
        `slot ${slot} of task ${taskId}: expected gross 36 HPC, but gross = ` +
        'price 100 HPC × power 30/100 × speed 1.0 × comment 1.0 = 30 HPC, ' +
        'fee 0.75 HPC, net 29.25 HPC',
    })
    await assert.rejects(poca.assert.paid(receipt, slot, { speed: 1.2 }), {
      message:
        `slot ${slot} of task ${taskId}: gross = ` +
        'price 100 HPC × power 30/100 × speed 1.2 × comment 1.0 = 36 HPC, got 30 HPC',
    })
    await assert.rejects(poca.assert.paid(receipt, 9), { message: /^slot 9 was not paid/ })
  })
})

describe('poca.worker', () => {
  it('abort costs the collateral and gives the client its money back', async () => {
    const { poca, client } = await threeWorkers()
    const taskId = await poca.task.order({ price: '10 HPC', client })
    const { state, receipt, slot } = await poca.worker.abort(taskId, 1)
    assert.equal(state, 'aborted')
    await poca.assert.event(receipt, 'taskMarket', 'SlotFaulted', { taskId, slot })
    const credit = await poca.contracts.taskEscrow.read.creditOf([client.address])
    assert.ok(credit >= parseEther('10'))
  })

  it('late ends the task once the time has run out', async () => {
    const { poca } = await threeWorkers()
    const taskId = await poca.task.order()
    const { state, receipt } = await poca.worker.late(taskId, 2)
    assert.equal(state, 'late')
    await poca.assert.event(receipt, 'taskMarket', 'SlotFaulted', { taskId, slot: 2 })
  })
})

describe('poca.worker.decline', () => {
  it('leaves the slot to another worker', async () => {
    const { poca, workers } = await threeWorkers()
    const taskId = await poca.task.order({ slots: 1 })
    await poca.task.reach(taskId, 'assigned')
    const { worker } = await poca.contracts.taskMarket.read.slotOf([taskId, 0])
    const receipt = await poca.worker.decline(taskId, 0)
    await poca.assert.event(receipt, 'taskMarket', 'SlotDeclined', { taskId, slot: 0, worker })
    const { state } = await poca.oracle.complete(taskId)
    assert.equal(state, 'completed')
    const { worker: taker } = await poca.contracts.taskMarket.read.slotOf([taskId, 0])
    assert.notEqual(taker, worker)
    assert.ok(workers.some(({ address }) => address === taker))
  })

  it('says so when the slot is no longer offered', async () => {
    const { poca } = await threeWorkers()
    const taskId = await poca.task.order({ slots: 1 })
    await poca.task.start(taskId)
    await assert.rejects(poca.worker.decline(taskId, 0), { code: 'HARDHAT_STUCK' })
  })
})

describe('poca.dispute', () => {
  it('overturns what a jury finds faulty, and the opener has the bond back', async () => {
    const { poca, client } = await threeWorkers()
    const [, opener] = poca.accounts.holders
    assert.ok(opener !== undefined)
    const taskId = await poca.task.order({ price: '10 HPC', slots: 1, client })
    await poca.task.reach(taskId, 'challenge')
    const disputeId = await poca.dispute.open(taskId, 0, { opener })
    const { collateralVault } = poca.contracts
    assert.equal(await collateralVault.read.lockedOf([opener.address]), parseEther('5'))
    await poca.dispute.vote(disputeId, true)
    const { isFaulty, receipt } = await poca.dispute.close(disputeId)
    assert.equal(isFaulty, true)
    await poca.assert.event(receipt, 'disputeCourt', 'DisputeClosed', { disputeId, isFaulty })
    await poca.assert.event(receipt, 'taskMarket', 'SlotFaulted', { taskId, slot: 0 })
    assert.equal(await collateralVault.read.freeOf([opener.address]), parseEther('5'))
  })

  it('costs the bond when the jury upholds the result, which is then paid', async () => {
    const { poca } = await threeWorkers()
    const taskId = await poca.task.order({ price: '10 HPC', slots: 1 })
    await poca.task.reach(taskId, 'challenge')
    const disputeId = await poca.dispute.open(taskId, 0)
    await poca.dispute.vote(disputeId, false)
    const { receipt } = await poca.dispute.close(disputeId)
    const [opener] = poca.accounts.holders
    assert.ok(opener !== undefined)
    await poca.assert.event(receipt, 'disputeCourt', 'BondForfeited', {
      payer: opener.address,
      amount: parseEther('5'),
    })
    const { state } = await poca.oracle.complete(taskId)
    assert.equal(state, 'completed')
  })
})

describe('other assertions', () => {
  it('name the error that came in place of the one that was expected', async () => {
    const { poca } = await network.create('pocaSim')
    const call = () => poca.contracts.taskMarket.write.finalize([7n])
    await poca.assert.reverts(call(), 'TaskMarketUnknownTask', { taskId: 7n })
    await assert.rejects(poca.assert.reverts(call(), 'TaskMarketUnknownSlot'), {
      message: /^expected TaskMarketUnknownSlot\{\}, got TaskMarketUnknownTask\{"taskId":"7"\}/,
    })
    await assert.rejects(poca.assert.reverts(Promise.resolve(), 'TaskMarketUnknownTask'), {
      message: /but the call went through$/,
    })
  })

  it('say what a block without its end is, and what a contract did say', async () => {
    const { poca } = await network.create('pocaSim')
    const hash = await poca.contracts.votingPower.write.lock({ value: 5n })
    await assert.rejects(poca.assert.ended(hash), { message: /did not end its block$/ })
    await poca.assert.event(hash, 'votingPower', 'VotesLocked', { amount: 5n })
    await assert.rejects(poca.assert.event(hash, 'votingPower', 'VotesUnlocked'), {
      message: /did not say VotesUnlocked\{\}; it said .*VotesLocked/,
    })
    await assert.rejects(poca.assert.emitted(1n), { message: /s after the start, in era 0 at/ })
  })
})
