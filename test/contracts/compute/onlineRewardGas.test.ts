// Shows that the block which ends an epoch stays under OnlineReward's gas cap and far under a
// million, with units in all three services. Real transactions, so that every slot is cold.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { parseEventLogs } from 'viem'
import { abis } from '../../../chain/system/abis.ts'
import { pocaSim } from '../support/pocaSim.ts'

/** All modules together, in a block that ends an epoch and nothing else. */
const epochBlockGas = 700_000n

describe('onEndBlock of OnlineReward', () => {
  it('ends an epoch within its gas cap', async () => {
    const sim = await pocaSim()
    await sim.endBlock()
    for (let epochs = 0; epochs < 3; epochs += 1) {
      const { gasUsed, logs } = await sim.poca.warp(86_400)
      const closed = parseEventLogs({ abi: abis.onlineReward, eventName: 'EpochClosed', logs })
      const failed = parseEventLogs({ abi: abis.systemHub, eventName: 'ModuleFailed', logs })
      assert.equal(closed.length, 3)
      assert.equal(failed.length, 0)
      assert.ok(gasUsed <= epochBlockGas, `${gasUsed} gas`)
    }
  })
})
