// Shows what an oracle says of tasks that nobody can judge: it refuses them, as its silence would
// be punished, and computes nothing. The chain is a fake that answers calls.
import {
  type Abi,
  type AbiEvent,
  createClient,
  custom,
  encodeAbiParameters,
  encodeEventTopics,
  encodeFunctionResult,
  getAbiItem,
  type Hex,
  keccak256,
  numberToHex,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import { describe, expect, it } from 'vitest'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { GetTaskReturnType } from '../../../src/client/actions/getTask.ts'
import { verdicts } from '../../../src/client/states.ts'
import { digitsManifest, encodeDigitsManifest } from '../../../src/compute/digitsManifest.ts'
import { ComputeError } from '../../../src/compute/errors.ts'
import type { OracleEvent } from '../../../src/oracle/events.ts'
import { type ReviewContext, reviewSlots } from '../../../src/oracle/slotReview.ts'

const taskId = 3n
const digits = stringToHex('digits', { size: 32 })
const known = encodeDigitsManifest(digitsManifest)

const spec = {
  kind: digits,
  manifestHash: zeroHash,
  sliceRoot: zeroHash,
  price: 1n,
  units: 64,
  expectedSeconds: 120,
  slotCount: 1,
  maxSlotLoss: 0,
  replicas: 1,
  isQuoted: false,
  computeUnits: 0,
  storageGiB: 0,
  minPower: 1n,
  sponsor: zeroAddress,
} as const

/** An event of the market as a node gives it. */
function log(eventName: 'TaskCreated' | 'ResultRevealed', args: object, data: readonly unknown[]) {
  const { inputs } = getAbiItem({ abi: taskMarketAbi as Abi, name: eventName }) as AbiEvent
  const plain = inputs.filter(({ indexed }) => !indexed)
  return {
    address: predeploys.taskMarket,
    topics: encodeEventTopics({ abi: taskMarketAbi, eventName, args } as never),
    data: encodeAbiParameters(plain, data),
    blockNumber: '0x5',
    blockHash: zeroHash,
    transactionHash: zeroHash,
    transactionIndex: '0x0',
    logIndex: '0x0',
    removed: false,
  }
}

/** Reviews a task of one slot that was revealed as nonsense. */
async function review(given: { readonly kind?: Hex; readonly manifest: Hex; units?: number }) {
  const kind = given.kind ?? digits
  const created = log('TaskCreated', { taskId, client: zeroAddress, kind }, [
    spec,
    1n,
    1n,
    given.manifest,
  ])
  const revealed = log('ResultRevealed', { taskId, slot: 0, worker: zeroAddress }, [
    keccak256('0x02'),
    64n,
    '0x01',
  ])
  const isOf = (topics: unknown, one: typeof created) =>
    JSON.stringify(topics).includes(String(one.topics[0]))
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    const [call] = (params ?? []) as readonly { data?: Hex; topics?: unknown }[] // JSON-RPC
    if (method === 'eth_getLogs') {
      return [created, revealed].filter((one) => isOf(call?.topics, one))
    }
    if (method === 'eth_chainId') return '0x1'
    const functionName = call?.data?.startsWith(countSelector) ? 'taskCount' : 'sliceOf'
    const result = functionName === 'taskCount' ? 3n : [0, 64]
    return encodeFunctionResult({ abi: taskMarketAbi, functionName, result } as never)
  }
  const told: OracleEvent[] = []
  const context = {
    client: createClient({ transport: custom({ request }) }),
    emit: (event: OracleEvent) => told.push(event),
    compute: async () => {
      throw new ComputeError({ code: 'COMPUTE_KERNEL_FAULT', row: 1 }, 'The machine errs.')
    },
    // The parts that are not asked for are left out.
  } as unknown as ReviewContext
  const task = { kind, units: given.units ?? 64 } as GetTaskReturnType
  const wish = { taskId, task, height: 9n, rowsOf: () => [0] }
  const found = await reviewSlots(context, wish, new AbortController().signal)
  return { review: found?.get(0), told }
}

const countSelector = keccak256(stringToHex('taskCount()')).slice(0, 10)
const refused = {
  verdict: verdicts.invalid,
  finding: 'unknownWork',
  sampleCount: 0,
  evidenceRoot: keccak256(numberToHex(5, { size: 1 })),
}

describe('reviewSlots', () => {
  it('refuses work of an unknown kind', async () => {
    const kind = stringToHex('riddle', { size: 32 })
    expect((await review({ kind, manifest: known })).review).toEqual(refused)
  })

  it('refuses what its manifest does not say', async () => {
    expect((await review({ manifest: '0x1234' })).review).toEqual(refused)
    expect((await review({ manifest: known, units: 1_001 })).review).toEqual(refused)
    const dataset = { ...digitsManifest.dataset, sha256: zeroHash }
    const manifest = encodeDigitsManifest({ ...digitsManifest, dataset })
    expect((await review({ manifest })).review).toEqual(refused)
  })

  it('says nothing when the machine cannot do the work', async () => {
    const { review: found, told } = await review({ manifest: known })
    expect(found).toBeUndefined()
    expect(told.map(({ type }) => type)).toEqual(['abstained'])
  })
})
