import {
  encodeFunctionData,
  keccak256,
  parseEventLogs,
  stringToHex,
  zeroAddress,
  zeroHash,
} from 'viem'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { firstEvent, type Included, type PocaClient, send } from '../transactions.ts'
import { quoteTask } from './quoteTask.ts'

export type CreateTaskParameters = {
  /** What a worker must know how to do, such as `digits`; at most 32 ASCII letters. */
  readonly kind: string
  /** What to do, in the form the kind defines; at most 4 KiB. */
  readonly manifest: Hex
  /** Wei, for work in time by workers of comment 10,000. */
  readonly price: bigint
  /** Pieces of work, sliced over the slots by power. */
  readonly units: number
  readonly expectedSeconds: number
  readonly slotCount: number
  /** Slots that may be lost before the task ends; none when left out. */
  readonly maxSlotLoss?: number
  /** Power each worker must have proved; none when left out. */
  readonly minPower?: bigint
  /** Gets refunds; the account when left out. */
  readonly sponsor?: Address
}

export type CreateTaskReturnType = Included & {
  readonly taskId: bigint
  /** Wei that were escrowed. */
  readonly collateral: bigint
}

/** Creates a task and escrows what it may cost at most. */
export async function createTask(
  client: PocaClient,
  parameters: CreateTaskParameters,
): Promise<CreateTaskReturnType> {
  const { kind, manifest, maxSlotLoss = 0, minPower = 0n, sponsor = zeroAddress } = parameters
  const { price, units, expectedSeconds, slotCount } = parameters
  const spec = {
    kind: stringToHex(kind, { size: 32 }),
    manifestHash: keccak256(manifest),
    price,
    units,
    expectedSeconds,
    slotCount,
    maxSlotLoss,
    minPower,
    sponsor,
    sliceRoot: zeroHash,
    isQuoted: false,
    computeUnits: 0,
    storageGiB: 0,
  }
  const included = await send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({
      abi: taskMarketAbi,
      functionName: 'createTask',
      args: [spec, manifest],
    }),
    value: await quoteTask(client, { price }),
  })
  const { logs } = included.receipt
  const events = parseEventLogs({ abi: taskMarketAbi, logs, eventName: 'TaskCreated' })
  const { taskId, collateral } = firstEvent(events, 'TaskCreated', included).args
  return { ...included, taskId, collateral }
}
