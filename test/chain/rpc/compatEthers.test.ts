// Shows that ethers 6 works against a real node with the real genesis, as it comes: no fake below
// the
// port.
import { ContractFactory, ethers, JsonRpcProvider, WebSocketProvider } from 'ethers'
import { stringToHex } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { compileProbe, startDevNode } from './devNode.ts'

const topic = stringToHex('hello', { size: 32 })
const { abi, bytecode } = compileProbe()

let dev: Awaited<ReturnType<typeof startDevNode>>

beforeAll(async () => {
  dev = await startDevNode()
})

afterAll(async () => {
  const { bugs } = dev
  await dev.stop()
  expect(bugs, 'nothing failed inside the node').toEqual([])
})

describe('ethers', () => {
  const provider = () =>
    new JsonRpcProvider(dev.server.url, 18512, { pollingInterval: 20, cacheTimeout: -1 })
  const walletFor = (index: number, on: ethers.Provider) => {
    const held = dev.accounts[index]
    if (held === undefined) throw new RangeError(`no account ${index}`)
    return new ethers.Wallet(held.privateKey, on)
  }
  const deploy = async (on: ethers.Provider) => {
    const factory = new ContractFactory(abi as ethers.InterfaceAbi, bytecode, walletFor(8, on))
    const contract = await factory.deploy(5n)
    await contract.waitForDeployment()
    return contract as unknown as ethers.Contract
  }

  it('deploys, calls, sends and reads its events', async () => {
    const on = provider()
    const contract = await deploy(on)
    expect(await contract.getFunction('count')()).toBe(5n)
    const sent = await contract.getFunction('say')(topic, 3n)
    const receipt = await sent.wait()
    expect(receipt.status).toBe(1)
    expect(receipt.logs[0].fragment.name).toBe('Said')
    const events = await contract.queryFilter(contract.filters.Said?.() ?? '*', 0)
    expect(events).toHaveLength(1)
    on.destroy()
  })

  it('decodes custom errors and reasons', async () => {
    const on = provider()
    const contract = await deploy(on)
    const custom = await contract
      .getFunction('failCustom')
      .staticCall()
      .catch((e: unknown) => e)
    expect(custom).toMatchObject({ code: 'CALL_EXCEPTION', revert: { name: 'TooLate' } })
    const reason = await contract
      .getFunction('fail')
      .send()
      .catch((e: unknown) => e)
    expect(reason).toMatchObject({ code: 'CALL_EXCEPTION', reason: 'it is late' })
    on.destroy()
  })

  it('knows insufficient funds and used nonces by name', async () => {
    const on = provider()
    const poor = ethers.Wallet.createRandom(on)
    const broke = poor.sendTransaction({ to: poor.address, value: 1n, gasLimit: 21_000n })
    await expect(broke).rejects.toMatchObject({ code: 'INSUFFICIENT_FUNDS' })
    const wallet = walletFor(9, on)
    await (await wallet.sendTransaction({ to: wallet.address })).wait()
    const again = wallet.sendTransaction({ to: wallet.address, nonce: 0 })
    await expect(again).rejects.toMatchObject({ code: 'NONCE_EXPIRED' })
    on.destroy()
  })

  it('listens over WebSocket', async () => {
    const on = new WebSocketProvider(dev.server.url.replace('http', 'ws'), 18512, {
      cacheTimeout: -1, // else ethers answers itself with a nonce that is 250 ms old
    })
    const contract = await deploy(on)
    const heard = new Promise<bigint>((resolve) => {
      void contract.on('Said', (_by, _topic, value: bigint) => resolve(value))
    })
    const block = new Promise<number>((resolve) => {
      void on.once('block', resolve)
    })
    await on.send('eth_chainId', [])
    await (await contract.getFunction('say')(topic, 11n)).wait()
    expect(await heard).toBe(11n)
    expect(await block).toBeGreaterThan(0)
    await on.destroy()
  })
})
