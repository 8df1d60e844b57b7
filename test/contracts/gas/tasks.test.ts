// A scenario that is measured, see scripts/gasReport.ts: how workers and oracles join, and every
// transition of a task that is paid, given up, missed or cancelled. Times are fixed, so gas is too.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { network } from 'hardhat'
import type { Crew, Poca } from '../../../src/hardhat/index.ts'

describe('gas of tasks', () => {
  let poca: Poca
  let crew: Crew
  before(async () => {
    poca = (await network.create('pocaSim')).poca
    crew = await poca.crew({ workers: [10n, 10n, 10n] })
  })

  it('a task of three that is paid', async () => {
    const taskId = await poca.task.order()
    const { state } = await poca.oracle.complete(taskId, { seconds: 500 })
    assert.equal(state, 'completed')
    const [worker] = crew.workers
    assert.ok(worker !== undefined)
    await poca.contractsAs(worker).taskEscrow.write.withdraw()
  })

  it('a task of one that the block pays', async () => {
    const { state } = await poca.oracle.complete(await poca.task.order({ slots: 1 }))
    assert.equal(state, 'completed')
  })

  it('a task that a worker gives up', async () => {
    const { state } = await poca.worker.abort(await poca.task.order(), 0)
    assert.equal(state, 'aborted')
  })

  it('a task whose worker is late', async () => {
    const { state } = await poca.worker.late(await poca.task.order(), 1)
    assert.equal(state, 'late')
  })

  it('a task that its client withdraws', async () => {
    const taskId = await poca.task.order()
    await poca.contractsAs(crew.client).taskMarket.write.cancel([taskId])
  })
})
