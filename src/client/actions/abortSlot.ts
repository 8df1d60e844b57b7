import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type AbortSlotParameters = {
  readonly taskId: bigint
  readonly slot: number
}

export type AbortSlotReturnType = Included

/** Gives a slot up: the worker loses its collateral and three days of comment. */
export function abortSlot(
  client: PocaClient,
  { taskId, slot }: AbortSlotParameters,
): Promise<AbortSlotReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'abort', args: [taskId, slot] }),
  })
}
