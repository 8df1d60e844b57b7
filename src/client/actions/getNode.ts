import type { ContractFunctionReturnType } from 'viem'
import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetNodeParameters = {
  readonly worker: Address
}

export type GetNodeReturnType = ContractFunctionReturnType<typeof nodeRegistryAbi, 'view', 'nodeOf'>

/** A worker as it stands in the registry. */
export function getNode(
  client: PocaClient,
  { worker }: GetNodeParameters,
): Promise<GetNodeReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: 'nodeOf',
      args: [worker],
    }),
  )
}
