// Shows what ending a block costs with the five modules of genesis and nothing due, and that the
// proposer gets that back. Real transactions, so that every slot is as cold as on the chain.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseEventLogs } from 'viem'
import { abis } from '../../../chain/system/abis.ts'
import { pocaSim } from '../support/pocaSim.ts'

/** Gas of the system transaction once every slot has been written before. */
const quietBlockGas = 205_000n

describe('endBlock', () => {
  it('uses the same small amount of gas in every quiet block', async () => {
    const sim = await pocaSim()
    await sim.endBlock()
    await sim.endBlock()
    const { gasUsed } = await sim.endBlock()
    assert.ok(gasUsed <= quietBlockGas, `${gasUsed} gas`)
    assert.equal((await sim.endBlock()).gasUsed, gasUsed)
  })

  it('refunds the proposer at least its gas and at most a tenth more', async () => {
    const sim = await pocaSim()
    // The first block of a chain fills slots for good, which costs more.
    await sim.endBlock()
    await sim.endBlock()
    for (let blocks = 0; blocks < 3; blocks += 1) {
      const receipt = await sim.endBlock()
      const cost = receipt.gasUsed * receipt.effectiveGasPrice
      const [refund] = parseEventLogs({
        abi: abis.rewardDistributor,
        eventName: 'GasRefunded',
        logs: receipt.logs,
      })
      assert.ok(refund !== undefined)
      const { amount } = refund.args
      assert.ok(amount >= cost && amount * 10n <= cost * 11n, `${amount} for ${cost}`)
    }
  })
})
