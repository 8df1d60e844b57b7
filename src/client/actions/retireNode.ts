import { encodeFunctionData } from 'viem'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type RetireNodeReturnType = Included

/** Leaves the registry; tasks already accepted are not affected. */
export function retireNode(client: PocaClient): Promise<RetireNodeReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({ abi: nodeRegistryAbi, functionName: 'retire' }),
  })
}
