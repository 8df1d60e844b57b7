// Shows when a worker disputes that the oracles refused its slot: once, in the challenge window,
// for a result that it has computed, with free collateral. The chain is a fake that answers calls.
import {
  createClient,
  custom,
  decodeFunctionData,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  type Hex,
  keccak256,
  numberToHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { collateralVaultAbi } from '../../../chain/system/abi/collateralVault.ts'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { disputeKinds, taskStates } from '../../../src/client/states.ts'
import { contestRefusal } from '../../../src/worker/contestRefusal.ts'
import type { WorkerEvent } from '../../../src/worker/events.ts'
import type { SlotContext } from '../../../src/worker/slotContext.ts'

const account = privateKeyToAccount(numberToHex(7, { size: 32 }))
const resultRoot: Hash = keccak256('0x02')
const hash: Hash = keccak256('0x03')
const bond = 5n * 10n ** 18n
const held = { taskId: 3n, slot: 1, since: 10n }

type World = {
  readonly free: bigint
  /** Kinds of disputes that were opened about the slot. */
  readonly opened: readonly number[]
  readonly stored: Hash | undefined
  readonly state: number
  readonly time: bigint
} & Partial<Pick<SlotContext, 'behaviour' | 'contests'>>

const usual: World = {
  free: bond,
  opened: [],
  stored: resultRoot,
  state: taskStates.challenge,
  time: 600n,
}

function openedLog(kind: number) {
  return {
    address: predeploys.disputeCourt,
    topics: encodeEventTopics({
      abi: disputeCourtAbi,
      eventName: 'DisputeOpened',
      args: { disputeId: 9n, taskId: held.taskId, slot: held.slot },
    }),
    data: encodeAbiParameters(
      [{ type: 'uint8' }, { type: 'address' }, { type: 'uint256' }],
      [kind, account.address, bond],
    ),
    blockNumber: '0xb',
    blockHash: hash,
    transactionHash: hash,
    transactionIndex: '0x0',
    logIndex: '0x0',
    removed: false,
  }
}

function answer(world: World, to: string, data: Hex): Hex {
  if (to.toLowerCase() === predeploys.collateralVault.toLowerCase()) {
    const { functionName } = decodeFunctionData({ abi: collateralVaultAbi, data })
    const result = functionName === 'freeOf' ? world.free : 0n
    return encodeFunctionResult({ abi: collateralVaultAbi, functionName, result } as never)
  }
  return encodeFunctionResult({ abi: disputeCourtAbi, functionName: 'bondFor', result: bond })
}

/** Lets the worker look once; gives what it sent and told. */
async function contest(world: World) {
  const sent: ReturnType<typeof decodeFunctionData<typeof disputeCourtAbi>>[] = []
  const told: WorkerEvent[] = []
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    const [call] = (params ?? []) as readonly { to: string; data: Hex }[] // JSON-RPC parameters
    switch (method) {
      case 'eth_call':
        return call ? answer(world, call.to, call.data) : '0x'
      case 'eth_getLogs':
        return world.opened.map(openedLog)
      case 'eth_estimateGas':
        return '0x5208'
      case 'eth_chainId':
      case 'eth_blockNumber':
        return '0x1'
      case 'eth_sendTransaction':
        if (call) sent.push(decodeFunctionData({ abi: disputeCourtAbi, data: call.data }))
        return hash
      case 'eth_getTransactionReceipt':
        return { status: '0x1', blockNumber: '0xb', logs: [openedLog(disputeKinds.reexecute)] }
      default:
        throw new Error(`unexpected ${method}`)
    }
  }
  const client = createClient({
    account: account.address,
    transport: custom({ request }),
    pollingInterval: 1,
  })
  const context = {
    client,
    address: account.address,
    store: { readResult: async () => world.stored && { resultRoot: world.stored } },
    behaviour: world.behaviour ?? 'honest',
    contests: world.contests ?? true,
    emit: (event: WorkerEvent) => told.push(event),
    // The parts that are not asked for are left out.
  } as unknown as SlotContext
  await contestRefusal(context, held, {
    task: { state: world.state, challengeBy: 600 },
    slot: { attempt: 0, resultRoot },
    head: { height: 20n, timestamp: world.time, hash },
  })
  return { sent, told }
}

describe('contestRefusal', () => {
  it('puts a bond at stake for a result that the worker has computed', async () => {
    const { sent, told } = await contest(usual)
    expect(sent).toEqual([{ functionName: 'openDispute', args: [3n, 1] }])
    expect(told).toEqual([{ type: 'contested', taskId: 3n, slot: 1, disputeId: 9n, bond, hash }])
  })

  it('waits until the whole task is judged, and not for too long', async () => {
    expect((await contest({ ...usual, state: taskStates.attesting })).sent).toEqual([])
    expect((await contest({ ...usual, time: 601n })).sent).toEqual([])
    expect((await contest({ ...usual, state: taskStates.disputed })).sent).toHaveLength(1)
  })

  it('asks no second time, and no matter who asked first', async () => {
    expect((await contest({ ...usual, opened: [disputeKinds.reexecute] })).sent).toEqual([])
    const { sent } = await contest({ ...usual, opened: [disputeKinds.chunkMissing] })
    expect(sent).toHaveLength(1)
  })

  it('leaves it when the bond is not free', async () => {
    expect((await contest({ ...usual, free: bond - 1n })).sent).toEqual([])
  })

  it('leaves results that are not its own, and what it was told to leave', async () => {
    expect((await contest({ ...usual, stored: undefined })).sent).toEqual([])
    expect((await contest({ ...usual, stored: keccak256('0x05') })).sent).toEqual([])
    expect((await contest({ ...usual, behaviour: 'wrong' })).sent).toEqual([])
    expect((await contest({ ...usual, contests: false })).sent).toEqual([])
  })
})
