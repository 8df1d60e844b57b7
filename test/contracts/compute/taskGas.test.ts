// Shows what tasks cost the block that looks after them, with real transactions, so that every slot
// is as cold as on the chain: small tasks are drawn, ended and paid by the block itself, large ones
// are left to others, and the system transaction stays under a million gas whatever is due.
import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import {
  type ContractFunctionArgs,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  numberToHex,
  stringToHex,
} from 'viem'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { abis } from '../../../chain/system/abis.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { nodeStates, taskStates, verdicts } from '../../../src/client/states.ts'
import { pocaSim } from '../support/pocaSim.ts'

const blockGasMax = 1_000_000n
const workerCount = 18
const price = 100n * 10n ** 18n
const manifest = stringToHex('gas')
const usualKind = stringToHex('gas', { size: 32 })
const rareKind = stringToHex('rare', { size: 32 })
const root = keccak256(manifest)
const zero = `0x${'00'.repeat(32)}` as const
/** `layout at erc7201("poca.storage.NodeRegistry")`. */
const registryBase = 0xb53af6a08bffe5abc73bb624be57a7ba2bb8274042ca68c0e879dbebe0e74900n
const client: Address = '0x00000000000000000000000000000000000c11e4'
const stranger: Address = '0x0000000000000000000000000000000000057a46'

type Sim = Awaited<ReturnType<typeof pocaSim>>
type Abis = typeof abis

let sim: Sim

async function call<name extends 'taskMarket' | 'nodeRegistry' | 'collateralVault'>(
  from: Address,
  name: name,
  functionName: string,
  args: readonly unknown[] = [],
  value = 0n,
): Promise<bigint> {
  // The names and arguments are literals below; a wrong one makes the encoding throw.
  const data = encodeFunctionData({
    abi: abis[name] as Abis['taskMarket'],
    functionName,
    args,
  } as never)
  const hash = (await sim.provider.request({
    method: 'eth_sendTransaction',
    params: [
      { from, to: predeploys[name], data, gas: '0x989680', value: `0x${value.toString(16)}` },
    ],
  })) as Hex
  const receipt = await sim.poca.client.getTransactionReceipt({ hash })
  assert.equal(receipt.status, 'success', `${functionName} of ${name}`)
  return receipt.gasUsed
}

async function become(account: Address): Promise<void> {
  await sim.provider.request({ method: 'hardhat_impersonateAccount', params: [account] })
  await sim.provider.request({
    method: 'hardhat_setBalance',
    params: [account, `0x${(10n ** 24n).toString(16)}`],
  })
}

const worker = (i: number): Address => `0x${(0x3000 + i).toString(16).padStart(40, '0')}`

function read<name extends 'taskOf' | 'slotOf' | 'sliceOf' | 'commitmentOf'>(
  functionName: name,
  args: ContractFunctionArgs<Abis['taskMarket'], 'view' | 'pure', name>,
) {
  return sim.poca.client.readContract({
    address: predeploys.taskMarket,
    abi: abis.taskMarket,
    functionName,
    args,
  } as never)
}

async function stateOf(taskId: bigint): Promise<number> {
  return ((await read('taskOf', [taskId])) as { readonly state: number }).state
}

/** Writes into the registry what a proof leaves there: state, power and time. */
async function grantPower(account: Address, power: bigint): Promise<void> {
  const now = BigInt(await sim.networkHelpers.time.latest())
  const word = BigInt(nodeStates.proved) | (power << 8n) | (now << 72n)
  const types = [{ type: 'address' }, { type: 'uint256' }] as const
  const slot = keccak256(encodeAbiParameters(types, [account, registryBase]))
  const value = numberToHex(word, { size: 32 })
  await sim.networkHelpers.setStorageAt(predeploys.nodeRegistry, slot, value)
  await call(stranger, 'nodeRegistry', 'refresh', [account])
}

async function create(slotCount: number, kind: Hex = usualKind): Promise<bigint> {
  const spec = {
    kind,
    manifestHash: keccak256(manifest),
    sliceRoot: zero,
    price,
    units: 160,
    expectedSeconds: 1_000,
    slotCount,
    maxSlotLoss: 0,
    replicas: 1,
    isQuoted: false,
    computeUnits: 0,
    storageGiB: 0,
    minPower: 0n,
    sponsor: client,
  }
  await call(client, 'taskMarket', 'createTask', [spec, manifest], (price * 3n) / 2n)
  return sim.poca.client.readContract({
    address: predeploys.taskMarket,
    abi: abis.taskMarket,
    functionName: 'taskCount',
  })
}

async function workerOf(taskId: bigint, slot: number): Promise<Address> {
  const its = (await read('slotOf', [taskId, slot])) as { worker: Address; state: number }
  return its.worker
}

/** Accepts every slot; draws first what the block did not. */
async function start(slotCount: number): Promise<bigint> {
  const taskId = await create(slotCount)
  await sim.networkHelpers.mine(3)
  await call(stranger, 'taskMarket', 'assign', [taskId])
  for (let slot = 0; slot < slotCount; slot += 1) {
    await call(await workerOf(taskId, slot), 'taskMarket', 'accept', [taskId, slot])
  }
  assert.equal(await stateOf(taskId), taskStates.running)
  return taskId
}

/** Every slot from `attested` on is refused. */
async function runToChallenge(slotCount: number, attested = slotCount): Promise<bigint> {
  const taskId = await start(slotCount)
  for (let slot = 0; slot < slotCount; slot += 1) {
    const own = await workerOf(taskId, slot)
    const [from, to] = (await read('sliceOf', [taskId, slot])) as [number, number]
    const args = [taskId, slot, 0, own, root, BigInt(to - from), zero] as const
    const commitment = await read('commitmentOf', args)
    await call(own, 'taskMarket', 'commitResult', [taskId, slot, commitment])
  }
  for (let slot = 0; slot < slotCount; slot += 1) {
    const own = await workerOf(taskId, slot)
    const [from, to] = (await read('sliceOf', [taskId, slot])) as [number, number]
    const args = [taskId, slot, root, BigInt(to - from), zero, '0x']
    await call(own, 'taskMarket', 'revealResult', args)
  }
  for (let slot = 0; slot < slotCount; slot += 1) {
    const verdict = slot < attested ? verdicts.valid : verdicts.invalid
    const args = [taskId, slot, 0, root, verdict]
    await call(predeploys.oracleHub, 'taskMarket', 'onAttested', args)
  }
  assert.equal(await stateOf(taskId), taskStates.challenge)
  return taskId
}

/** Ends so many blocks, each within the limit. */
async function endBlocks(count: number): Promise<void> {
  for (let i = 0; i < count; i += 1) {
    const { gasUsed } = await sim.endBlock()
    assert.ok(gasUsed < blockGasMax, `${gasUsed} gas`)
  }
}

describe('the market at the end of a block', () => {
  before(async () => {
    sim = await pocaSim()
    for (const account of [client, stranger, predeploys.oracleHub]) await become(account)
    for (let i = 0; i < workerCount; i += 1) {
      await become(worker(i))
      await call(worker(i), 'collateralVault', 'deposit', [], 10n ** 22n)
      await grantPower(worker(i), 1_000n * BigInt(i + 1))
      await call(worker(i), 'nodeRegistry', 'declareKinds', [[usualKind]])
    }
    await endBlocks(3)
  })

  it('draws small tasks by itself', async () => {
    for (const slotCount of [1, 2, 3, 4]) {
      const taskId = await create(slotCount)
      await endBlocks(4)
      assert.equal(await stateOf(taskId), taskStates.assigned, `${slotCount} slots`)
    }
  })

  it('passes over those who do other kinds', async () => {
    // What was drawn before is cancelled, so that it does not stand in front.
    await sim.networkHelpers.time.increase(100)
    await endBlocks(4)
    const last = worker(workerCount - 1)
    await call(last, 'nodeRegistry', 'declareKinds', [[usualKind, rareKind]])
    for (let round = 0; round < 3; round += 1) {
      const taskId = await create(1, rareKind)
      await endBlocks(3)
      // What is not found at first is looked for again half a minute later; an offer would lapse.
      if ((await stateOf(taskId)) === taskStates.open) {
        await sim.networkHelpers.time.increase(31)
        await endBlocks(2)
      }
      assert.equal(await stateOf(taskId), taskStates.assigned)
      assert.equal((await workerOf(taskId, 0)).toLowerCase(), last)
      await call(last, 'taskMarket', 'decline', [taskId, 0])
    }
    await sim.networkHelpers.time.increase(100)
    await endBlocks(3)
  })

  it('leaves large draws to others, and cancels what nobody drew', async () => {
    const taskId = await create(16)
    await endBlocks(4)
    assert.equal(await stateOf(taskId), taskStates.open)
    await sim.networkHelpers.time.increase(61)
    await endBlocks(3)
    assert.equal(await stateOf(taskId), taskStates.cancelled)
  })

  it('ends and pays tasks of one and two slots by itself', async () => {
    for (const slotCount of [1, 2]) {
      const late = await start(slotCount)
      await sim.networkHelpers.time.increase(1_300)
      await endBlocks(3)
      assert.equal(await stateOf(late), taskStates.late, `${slotCount} late slots`)
      const paid = await runToChallenge(slotCount)
      await sim.networkHelpers.time.increase(700)
      await endBlocks(3)
      assert.equal(await stateOf(paid), taskStates.completed, `${slotCount} paid slots`)
      const refused = await runToChallenge(slotCount, slotCount - 1)
      await sim.networkHelpers.time.increase(700)
      await endBlocks(3)
      const state = slotCount === 1 ? taskStates.rejected : taskStates.completed
      assert.equal(await stateOf(refused), state, `${slotCount} slots, one of them refused`)
    }
  })

  it('leaves large tasks to anyone, within the gas of a transaction', async () => {
    const paid = await runToChallenge(12)
    await sim.networkHelpers.time.increase(700)
    await endBlocks(3)
    assert.equal(await stateOf(paid), taskStates.challenge)
    const payGas = await call(stranger, 'taskMarket', 'finalize', [paid])
    assert.equal(await stateOf(paid), taskStates.completed)
    const refused = await runToChallenge(12, 1)
    await sim.networkHelpers.time.increase(700)
    await endBlocks(3)
    const refusedGas = await call(stranger, 'taskMarket', 'finalize', [refused])
    assert.equal(await stateOf(refused), taskStates.completed)
    assert.ok(refusedGas < payGas, `${refusedGas} gas, ${payGas} when all are paid`)
    const late = await start(12)
    await sim.networkHelpers.time.increase(1_300)
    await endBlocks(3)
    const lateGas = await call(stranger, 'taskMarket', 'expire', [late])
    assert.equal(await stateOf(late), taskStates.late)
    assert.ok(payGas < 2_500_000n && lateGas < 2_500_000n, `${payGas} and ${lateGas} gas`)
  })

  it('stays within its gas when ten tasks are due at once', async () => {
    const tasks: bigint[] = []
    for (let i = 0; i < 10; i += 1) tasks.push(await create(16))
    tasks.push(await runToChallenge(1), await create(2))
    await sim.networkHelpers.time.increase(1_300)
    await endBlocks(12)
    for (const taskId of tasks) {
      const state = await stateOf(taskId)
      assert.ok(state === taskStates.cancelled || state === taskStates.completed, `state ${state}`)
    }
  })
})
