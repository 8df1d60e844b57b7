import { encodeFunctionData } from 'viem'
import { COIN } from '../../../chain/params/chainSpec.ts'
import { abis } from '../../../chain/system/abis.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { taskSpecOf } from '../../../src/client/taskSpec.ts'
import type { Intent } from '../signIntent.ts'
import type { WorkloadContext } from '../workloads.ts'

const manifest = '0x706f63612062656e6368'
const order = {
  kind: 'bench',
  manifest,
  price: COIN,
  units: 100,
  expectedSeconds: 600,
  slotCount: 3,
} as const

const create = encodeFunctionData({
  abi: abis.taskMarket,
  functionName: 'createTask',
  args: [taskSpecOf(order), manifest],
})
const deposit = encodeFunctionData({ abi: abis.collateralVault, functionName: 'deposit' })
const withdraw = encodeFunctionData({
  abi: abis.collateralVault,
  functionName: 'withdraw',
  args: [COIN],
})

/** Steps of one client, in the order of its nonces. */
const STEPS = 4

/**
 * What a client and a worker send the system contracts: a task is created and its collateral put
 * into escrow, collateral of a worker is deposited and withdrawn, the task is cancelled. Of each
 * run of as many transactions as there are senders a quarter is of each step; the tasks have ids in
 * the order in which they were created.
 */
export function handleTasks(index: number, { accounts, blockTxs }: WorkloadContext): Intent {
  // Small groups, so that the four steps of a client are near each other and in order.
  const group = Math.min(accounts.senders.length, Math.max(1, Math.floor(blockTxs / STEPS)))
  const turn = Math.floor(index / (group * STEPS))
  const step = Math.floor(index / group) % STEPS
  const place = index % group
  const sender = (turn * group + place) % accounts.senders.length
  const taskId = BigInt(turn * group + place + 1)
  if (step === 0) {
    const to = predeploys.taskMarket
    return { sender, to, value: 10n * COIN, data: create, gas: 1_000_000n }
  }
  const vault = { sender, to: predeploys.collateralVault, gas: 120_000n } as const
  if (step === 1) return { ...vault, value: COIN, data: deposit }
  if (step === 2) return { ...vault, value: 0n, data: withdraw }
  const data = encodeFunctionData({
    abi: abis.taskMarket,
    functionName: 'cancel',
    args: [taskId],
  })
  return { sender, to: predeploys.taskMarket, value: 0n, data, gas: 500_000n }
}
