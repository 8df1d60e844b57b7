// A scenario that is measured, see scripts/gasReport.ts: blocks in which nothing is due, the
// subsidy's way to the producer, and what holders do. Times are fixed, so gas is too.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { network } from 'hardhat'
import { parseEther } from 'viem'
import type { Poca } from '../../../src/hardhat/index.ts'

/** 2030-01-01T00:00:00Z. */
const start = 1_893_456_000n

describe('gas of blocks', () => {
  let poca: Poca
  before(async () => {
    poca = (await network.create('pocaSim')).poca
    await poca.warp({ to: start })
  })

  it('the end of quiet blocks', async () => {
    await poca.advance(5)
  })

  it('the end of a block four years later', async () => {
    await poca.toHalving(2)
    await poca.advance(2)
  })

  it('the claim of a reward', async () => {
    const { signer, client } = poca.accounts
    const { rewardDistributor } = poca.contractsAs(client)
    await rewardDistributor.write.claimFor([signer.address])
    assert.equal(await rewardDistributor.read.creditOf([signer.address]), 0n)
  })
})

describe('gas of holders', () => {
  let poca: Poca
  before(async () => {
    poca = (await network.create('pocaSim')).poca
    await poca.warp({ to: start })
  })

  it('the lock and unlock of votes', async () => {
    const { votingPower } = poca.contracts
    await votingPower.write.lock({ value: parseEther('100') })
    await votingPower.write.lock({ value: parseEther('50') })
    await votingPower.write.unlock([parseEther('150')])
  })

  it('the deposit and withdrawal of collateral', async () => {
    const { collateralVault } = poca.contracts
    await collateralVault.write.deposit({ value: parseEther('10') })
    await collateralVault.write.deposit({ value: parseEther('10') })
    await collateralVault.write.withdraw([parseEther('20')])
  })

  it('the wrapped coin', async () => {
    const { whpc } = poca.contracts
    const [holder] = poca.accounts.holders
    assert.ok(holder !== undefined)
    await whpc.write.deposit({ value: 3n })
    await whpc.write.transfer([holder.address, 1n])
    await whpc.write.withdraw([2n])
  })
})
