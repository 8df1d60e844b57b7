import { encodeFunctionData } from 'viem'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type RevealResultParameters = {
  readonly taskId: bigint
  readonly slot: number
  readonly resultRoot: Hash
  readonly units: bigint
  readonly salt: Hash
  readonly result: Hex
}

export type RevealResultReturnType = Included

/** Reveals a slot's result once all slots are committed. */
export function revealResult(
  client: PocaClient,
  { taskId, slot, resultRoot, units, salt, result }: RevealResultParameters,
): Promise<RevealResultReturnType> {
  return send(client, {
    to: predeploys.taskMarket,
    data: encodeFunctionData({
      abi: taskMarketAbi,
      functionName: 'revealResult',
      args: [taskId, slot, resultRoot, units, salt, result],
    }),
  })
}
