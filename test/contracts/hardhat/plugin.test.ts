// Shows what a user of the plugin gets: the networks, the chain on them, time that passes by verbs,
// snapshots that work as on any network, and errors that say what to do.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { network } from 'hardhat'
import { createHardhatRuntimeEnvironment } from 'hardhat/hre'
import type { HardhatUserConfig } from 'hardhat/types/config'
import { HardhatPocaError, hardhatPoca, type Poca } from '../../../src/hardhat/index.ts'

type Connection = Awaited<ReturnType<typeof network.create>>

/** Four years of 365.25 days. */
const eraSeconds = 126_230_400n

describe('hardhatPoca', () => {
  it('adds both networks to a configuration that names none', async () => {
    const { config } = await createHardhatRuntimeEnvironment({ plugins: [hardhatPoca] })
    assert.equal(config.networks.pocaSim?.chainId, 18_512)
    assert.equal(config.networks.pocaLocal?.type, 'http')
  })

  it('makes the chain of any simulated network that says so', async () => {
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [hardhatPoca],
      networks: { mine: { type: 'edr-simulated', chainId: 7, poca: true } },
    })
    const { poca, networkConfig } = await hre.network.create('mine')
    assert.equal(networkConfig.chainId, 7)
    assert.equal(await poca.contracts.emissionReserve.read.cap(), 210_000_000n * 10n ** 18n)
  })

  it('refuses a setting that it does not understand', async () => {
    // What a user without a type checker may write.
    const config = {
      plugins: [hardhatPoca],
      networks: { mine: { type: 'edr-simulated', poca: 'dev' } },
    } as unknown as HardhatUserConfig
    await assert.rejects(createHardhatRuntimeEnvironment(config), /genesis.*geth-format/)
  })

  it('says which genesis file is missing', async () => {
    const hre = await createHardhatRuntimeEnvironment({
      plugins: [hardhatPoca],
      networks: { mine: { type: 'edr-simulated', poca: { genesis: 'none.json' } } },
    })
    await assert.rejects(hre.network.create('mine'), isError('HARDHAT_NO_GENESIS'))
  })

  it('refuses to play on a network that does not hold the chain', async () => {
    const plain = await network.create('default')
    assert.throws(() => plain.poca, isError('HARDHAT_NOT_POCA'))
  })
})

describe('connection.poca', () => {
  let connection: Connection
  let poca: Poca
  before(async () => {
    connection = await network.create('pocaSim')
    poca = connection.poca
  })

  it('advance ends that many blocks, one second apart', async () => {
    const [height, time] = [await poca.client.getBlockNumber(), await poca.now()]
    const receipt = await poca.advance(3)
    assert.equal(receipt.blockNumber, height + 3n)
    assert.equal(await poca.contracts.systemHub.read.lastBlock(), height + 3n)
    assert.equal(await poca.now(), time + 3n)
    await poca.assert.ended(receipt)
  })

  it('warp lets time pass in one block', async () => {
    const [height, time] = [await poca.client.getBlockNumber(), await poca.now()]
    await poca.warp(86_400)
    assert.equal(await poca.now(), time + 86_400n)
    await poca.warp({ to: time + 86_401n })
    assert.equal(await poca.now(), time + 86_401n)
    await poca.warp({ to: new Date(Number(time + 90_000n) * 1_000) })
    assert.equal(await poca.now(), time + 90_000n)
    assert.equal(await poca.client.getBlockNumber(), height + 3n)
  })

  it('warp never goes back', async () => {
    const now = await poca.now()
    await assert.rejects(poca.warp({ to: now }), isError('HARDHAT_TIME_PAST'))
    await assert.rejects(poca.warp(0), isError('HARDHAT_TIME_PAST'))
  })

  it('toHalving goes to the second in which the rate is half', async () => {
    const start = await poca.contracts.emissionReserve.read.startTime()
    await poca.toHalving(1)
    assert.equal(await poca.now(), start + eraSeconds)
    await poca.assert.emitted('105000000 HPC')
    await poca.toHalving(2)
    await poca.assert.emitted('157500000')
    await poca.assert.supplyHolds()
  })

  it('counts that are no counts are refused', async () => {
    await assert.rejects(poca.advance(0), isError('HARDHAT_BAD_COUNT'))
    await assert.rejects(poca.advance(1.5), isError('HARDHAT_BAD_COUNT'))
    await assert.rejects(poca.toHalving(-1), isError('HARDHAT_BAD_COUNT'))
  })

  it('contracts write for the account that was asked for', async () => {
    const [first, second] = poca.accounts.holders
    assert.ok(first !== undefined && second !== undefined)
    await poca.contractsAs(first).votingPower.write.lock({ value: 5n })
    await poca.contractsAs(second.address).votingPower.write.lock({ value: 7n })
    const { read } = poca.contracts.votingPower
    assert.equal(await read.lockedOf([first.address]), 5n)
    assert.equal(await read.lockedOf([second.address]), 7n)
  })

  it('is as it was after a snapshot is restored', async () => {
    const { networkHelpers } = connection
    const height = async () => ({
      blocks: await poca.client.getBlockNumber(),
      ended: await poca.contracts.systemHub.read.lastBlock(),
      time: await poca.now(),
    })
    const fixture = async () => {
      await poca.advance(2)
      return height()
    }
    const first = await networkHelpers.loadFixture(fixture)
    await poca.warp(1_000)
    assert.deepEqual(await networkHelpers.loadFixture(fixture), first)
    assert.deepEqual(await height(), first)
    await poca.assert.ended(await poca.endBlock())
  })
})

function isError(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HardhatPocaError && error.code === code
}
