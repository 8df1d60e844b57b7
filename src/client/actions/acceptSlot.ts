import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type AcceptSlotParameters = {
  readonly taskId: bigint
  readonly slot: number
}

export type AcceptSlotReturnType = Included

/** Takes a slot of an open task. Locks the worker's collateral; the last one starts the task. */
export function acceptSlot(
  client: PocaClient,
  { taskId, slot }: AcceptSlotParameters,
): Promise<AcceptSlotReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'accept', args: [taskId, slot] }),
  })
}
