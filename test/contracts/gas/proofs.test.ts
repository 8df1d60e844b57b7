// A scenario that is measured, see scripts/gasReport.ts: how a worker proves its power, with small
// matrices and large ones. A proof has to fit into a block beside much else.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { network } from 'hardhat'
import { computeProducts, type Workload } from '../../../src/compute/kernelChallenge.ts'
import type { Poca, RoleAccount } from '../../../src/hardhat/index.ts'

describe('gas of proofs', () => {
  let poca: Poca
  before(async () => {
    poca = (await network.create('pocaSim')).poca
  })

  /** Gas of the opening. */
  async function prove(worker: RoleAccount, workload: Workload): Promise<bigint> {
    const { nodeRegistry } = poca.contractsAs(worker)
    await poca.warp({ to: (await nodeRegistry.read.challengeRound())[1] })
    await nodeRegistry.write.register([workload.size, workload.products])
    await poca.endBlock()
    const seed = await nodeRegistry.read.seedOf([worker.address])
    const { root, open } = await computeProducts({ seed, ...workload })
    await nodeRegistry.write.commitProducts([root])
    await poca.endBlock()
    const places = await nodeRegistry.read.samplesOf([worker.address])
    const hash = await nodeRegistry.write.openProducts([places.map(open)])
    const power = await nodeRegistry.read.powerFor([workload.size, workload.products])
    assert.equal(await nodeRegistry.read.powerOf([worker.address]), power)
    return (await poca.client.getTransactionReceipt({ hash })).gasUsed
  }

  it('a proof by 64 products of 256 x 256 costs less than 1.5 million', async () => {
    const [worker] = poca.accounts.workers
    assert.ok(worker !== undefined)
    const gas = await prove(worker, { size: 256, products: 64 })
    assert.ok(gas < 1_500_000n, `${gas}`)
  })

  it('a proof by one product of 1,024 x 1,024 costs less than 2.5 million', async () => {
    const [, worker] = poca.accounts.workers
    assert.ok(worker !== undefined)
    const gas = await prove(worker, { size: 1_024, products: 1 })
    assert.ok(gas < 2_500_000n, `${gas}`)
  })
})
