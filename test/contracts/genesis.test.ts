// Shows that Hardhat's simulated network and the chain's own engine are the same machine: both hold
// every account of deploy/genesis/dev.json, and the same system transaction in the same block uses
// the same gas, says the same and leaves the same storage on both.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { createBlock } from '@ethereumjs/block'
import { createFeeMarket1559Tx } from '@ethereumjs/tx'
import { bytesToHex, createAddressFromString, hexToBytes } from '@ethereumjs/util'
import { createVM, runBlock } from '@ethereumjs/vm'
import { commonOf } from '../../chain/params/common.ts'
import { devAccounts } from '../../chain/params/devAccounts.ts'
import { dev } from '../../chain/params/specs.ts'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'
import { preinstalls } from '../../chain/system/addresses.ts'
import { encodeEndBlock, systemTxTarget } from '../../chain/system/encoders.ts'
import { readEndBlockLogs } from '../../chain/system/endBlockLogs.ts'
import { genesisState } from '../../chain/system/genesis/loadGenesis.ts'
import { endBlock, inputAfter } from '../../src/hardhat/endBlock.ts'
import { loadGenesis } from '../../src/hardhat/loadGenesis.ts'
import { pocaSim, readDevGenesis } from './support/pocaSim.ts'

type Sim = Awaited<ReturnType<typeof pocaSim>>
type Rpc = (method: string, ...params: unknown[]) => Promise<unknown>

/** Block rules write here outside of transactions, each host in its own way. */
const ringBuffers: readonly Address[] = [preinstalls.beaconRoots, preinstalls.blockHashHistory]

describe('loadGenesis', () => {
  let sim: Sim
  let rpc: Rpc
  before(async () => {
    sim = await pocaSim()
    rpc = rpcOf(sim)
  })

  it('leaves every balance, nonce, code and slot as the file has it', async () => {
    for (const { address, balance, nonce, code, storage } of sim.genesis.accounts) {
      assert.equal(
        BigInt(await hexFrom(rpc('eth_getBalance', address, 'latest'))),
        balance,
        address,
      )
      assert.equal(
        BigInt(await hexFrom(rpc('eth_getTransactionCount', address, 'latest'))),
        nonce,
        address,
      )
      assert.equal(await rpc('eth_getCode', address, 'latest'), code, address)
      for (const [slot, value] of storage) {
        assert.equal(await rpc('eth_getStorageAt', address, slot, 'latest'), value, address)
      }
    }
  })

  it('leaves no slot besides, as the storage roots show', async () => {
    const { state } = await genesisState(sim.genesis.accounts, commonOf(dev))
    for (const { address } of sim.genesis.accounts.filter(
      (a) => !ringBuffers.includes(a.address),
    )) {
      const account = await state.getAccount(createAddressFromString(address))
      assert.equal(await storageRoot(rpc, address), rootOf(account), address)
    }
  })

  it('holds the code of EIP-4788 that the network itself holds', async () => {
    const { network } = await import('hardhat')
    const plain = await network.create('pocaSim')
    const params = [preinstalls.beaconRoots, 'latest']
    const code = await plain.provider.request({ method: 'eth_getCode', params })
    assert.equal(code, await rpc('eth_getCode', ...params))
  })
})

describe('loadGenesis of a chain that starts later', () => {
  it('sets the clock of the network to its first second', async () => {
    const { network } = await import('hardhat')
    const { provider } = await network.create('pocaSim')
    const late = { ...readDevGenesis(), timestamp: 4_000_000_000n }
    await loadGenesis(provider, late)
    await endBlock(provider, { systemTxGas: late.config.poca.systemTxGas })
    const params = ['latest', false]
    const block = await blockFrom(provider.request({ method: 'eth_getBlockByNumber', params }))
    assert.equal(BigInt(block.timestamp), 4_000_000_001n)
  })
})

describe('endBlock', () => {
  it('uses the same gas, logs and storage on the simulated network and on the chain', async () => {
    const sim = await pocaSim()
    const rpc = rpcOf(sim)
    const hosts = await startChain(sim)
    for (let blocks = 0; blocks < 3; blocks += 1) await compareBlock(sim, rpc, hosts)
  })

  it('runs every module without failure', async () => {
    const sim = await pocaSim()
    for (let blocks = 0; blocks < 3; blocks += 1) {
      const receipt = await sim.endBlock()
      const report = readEndBlockLogs(rawLogs(receipt.logs))
      assert.equal(receipt.status, 'success')
      assert.deepEqual(report.failures, [])
      assert.ok((report.gasUsed ?? 0n) > 0n)
    }
  })

  it('reports a module that has no code', async () => {
    const sim = await pocaSim()
    const target = await sim.contract('systemHub').read.moduleAt([2n])
    await rpcOf(sim)('hardhat_setCode', target.target, '0x')
    const report = readEndBlockLogs(rawLogs((await sim.endBlock()).logs))
    assert.deepEqual(
      report.failures.map(({ index }) => index),
      [2n],
    )
    assert.deepEqual(report.tripped, [])
  })
})

/** The chain's engine on the same accounts. */
async function startChain({ genesis }: Sim) {
  const common = commonOf(dev)
  const { state } = await genesisState(genesis.accounts, common)
  const touched = new Map<string, Set<Hash>>()
  const putStorage = state.putStorage.bind(state)
  state.putStorage = async (address, key, value) => {
    const slots = touched.get(address.toString()) ?? new Set<Hash>()
    touched.set(address.toString(), slots.add(bytesToHex(key)))
    await putStorage(address, key, value)
  }
  return { vm: await createVM({ common, stateManager: state }), touched, common }
}

/** Ends one block on both hosts and compares everything it leaves behind. */
async function compareBlock(sim: Sim, rpc: Rpc, chain: Awaited<ReturnType<typeof startChain>>) {
  const parent = await blockFrom(rpc('eth_getBlockByNumber', 'latest', false))
  const receipt = await sim.endBlock()
  const block = await blockFrom(rpc('eth_getBlockByNumber', 'latest', false))
  assert.equal(receipt.status, 'success')
  assert.equal(receipt.blockNumber, BigInt(block.number))

  const signer = devAccounts().find(({ address }) => address === block.miner)
  assert.ok(signer, 'the coinbase is a development account')
  const { common, vm, touched } = chain
  const at = createAddressFromString(signer.address)
  const tx = createFeeMarket1559Tx(
    {
      chainId: dev.chainId,
      nonce: (await vm.stateManager.getAccount(at))?.nonce ?? 0n,
      to: systemTxTarget,
      data: encodeEndBlock(inputAfter(parent)),
      gasLimit: dev.systemTxGas,
      maxFeePerGas: block.baseFeePerGas,
      maxPriorityFeePerGas: 0n,
    },
    { common },
  ).sign(hexToBytes(signer.privateKey))
  const header = {
    number: block.number,
    timestamp: block.timestamp,
    coinbase: block.miner,
    gasLimit: block.gasLimit,
    baseFeePerGas: block.baseFeePerGas,
    mixHash: block.mixHash,
    parentBeaconBlockRoot: block.parentBeaconBlockRoot,
  }
  const own = createBlock({ header, transactions: [tx], withdrawals: [] }, { common })
  const { results, gasUsed } = await runBlock(vm, {
    block: own,
    generate: true,
    skipBlockValidation: true,
  })

  assert.equal(gasUsed, receipt.gasUsed)
  const logs = results[0]?.receipt.logs.map(([address, topics, data]) => ({
    address: bytesToHex(address),
    topics: topics.map((topic) => bytesToHex(topic)),
    data: bytesToHex(data),
  }))
  assert.deepEqual(logs, rawLogs(receipt.logs))
  assert.ok(touched.size > ringBuffers.length, 'system contracts wrote storage')
  for (const { address } of sim.genesis.accounts) {
    if (ringBuffers.includes(address)) continue
    const account = await vm.stateManager.getAccount(createAddressFromString(address))
    assert.equal(BigInt(await hexFrom(rpc('eth_getBalance', address, 'latest'))), account?.balance)
    assert.equal(await storageRoot(rpc, address), rootOf(account), address)
  }
}

function rpcOf(sim: Sim): Rpc {
  return (method, ...params) => sim.provider.request({ method, params })
}

type RpcBlock = {
  readonly number: Hex
  readonly timestamp: Hex
  readonly miner: Address
  readonly gasLimit: Hex
  readonly gasUsed: Hex
  readonly baseFeePerGas: Hex
  readonly mixHash: Hash
  readonly parentBeaconBlockRoot: Hash
}

async function blockFrom(answer: Promise<unknown>): Promise<RpcBlock> {
  return (await answer) as RpcBlock // the shape of the JSON-RPC specification
}

async function hexFrom(answer: Promise<unknown>): Promise<Hex> {
  return (await answer) as Hex // these methods answer with hex
}

async function storageRoot(rpc: Rpc, address: Address): Promise<Hash> {
  const proof = await rpc('eth_getProof', address, [], 'latest')
  return (proof as { readonly storageHash: Hash }).storageHash // EIP-1186
}

function rootOf(account: { readonly storageRoot: Uint8Array } | undefined): Hash | undefined {
  return account && bytesToHex(account.storageRoot)
}

function rawLogs(logs: readonly { address: Hex; topics: readonly Hex[]; data: Hex }[]) {
  return logs.map(({ address, topics, data }) => {
    const lower: Address = `0x${address.slice(2).toLowerCase()}`
    return { address: lower, topics: [...topics], data }
  })
}
