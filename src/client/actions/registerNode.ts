import { encodeFunctionData } from 'viem'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type RegisterNodeParameters = {
  /** Million exact multiply-adds per second. */
  readonly claimedPower: bigint
}

export type RegisterNodeReturnType = Included

/** Registers the account as a worker with the power it claims. */
export function registerNode(
  client: PocaClient,
  { claimedPower }: RegisterNodeParameters,
): Promise<RegisterNodeReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'register',
      args: [claimedPower],
    }),
  })
}
