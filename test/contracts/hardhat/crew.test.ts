// Shows that the people of a test become what they are as on the chain: oracles by collateral,
// workers by a matrix product that oracles attest with real signatures; and that the time of a
// simulated chain is that of its blocks.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { network } from 'hardhat'
import { parseEther } from 'viem'
import { type Crew, HardhatPocaError, type Poca } from '../../../src/hardhat/index.ts'

describe('poca.crew', () => {
  let poca: Poca
  let crew: Crew
  before(async () => {
    poca = (await network.create('pocaSim')).poca
    crew = await poca.crew({ workers: [20n, 30n], collateral: '50 HPC' })
  })

  it('makes all three oracles active', async () => {
    const members = await poca.contracts.oracleHub.read.members()
    assert.deepEqual(
      members,
      crew.oracles.map(({ address }) => address),
    )
  })

  it('proves the powers that were asked for', async () => {
    assert.equal(crew.workers.length, 2)
    const { powerOf } = poca.contracts.nodeRegistry.read
    const powers = await Promise.all(crew.workers.map(({ address }) => powerOf([address])))
    assert.deepEqual(powers, [20n, 30n])
  })

  it('leaves the workers their collateral', async () => {
    const { collateralVault } = poca.contracts
    for (const { address } of crew.workers) {
      const [free, locked] = await Promise.all([
        collateralVault.read.freeOf([address]),
        collateralVault.read.lockedOf([address]),
      ])
      assert.equal(free + locked, parseEther('50'))
    }
  })

  it('refuses a crew that nobody could be', async () => {
    const isBadCount = (error: unknown) =>
      error instanceof HardhatPocaError && error.code === 'HARDHAT_BAD_COUNT'
    await assert.rejects(poca.crew({ workers: 0 }), isBadCount)
    await assert.rejects(poca.crew({ workers: 6 }), isBadCount)
  })
})

describe('the clock', () => {
  it('moves a second with each transaction, whatever the clock on the wall does', async () => {
    const { poca, networkHelpers } = await network.create('pocaSim')
    const started = await poca.now()
    assert.equal(started, poca.genesis.timestamp)
    const { votingPower } = poca.contracts
    await votingPower.write.lock({ value: 1n })
    await votingPower.write.lock({ value: 1n })
    assert.equal(await poca.now(), started + 2n)
    await networkHelpers.time.setNextBlockTimestamp(started + 100n)
    await votingPower.write.lock({ value: 1n })
    assert.equal(await poca.now(), started + 100n)
    await poca.endBlock()
    assert.equal(await poca.now(), started + 101n)
  })
})
