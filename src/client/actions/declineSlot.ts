import { encodeFunctionData } from 'viem'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type DeclineSlotParameters = {
  readonly taskId: bigint
  readonly slot: number
}

export type DeclineSlotReturnType = Included

/** Gives an offered slot back; another worker is drawn. */
export function declineSlot(
  client: PocaClient,
  { taskId, slot }: DeclineSlotParameters,
): Promise<DeclineSlotReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({ abi: taskMarketAbi, functionName: 'decline', args: [taskId, slot] }),
  })
}
