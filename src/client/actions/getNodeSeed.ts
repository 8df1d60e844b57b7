import { readContract } from 'viem/actions'
import type { Address, Hash } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetNodeSeedParameters = {
  readonly worker: Address
}

export type GetNodeSeedReturnType = Hash

/** Seed of a worker's challenge. */
export function getNodeSeed(
  client: PocaClient,
  { worker }: GetNodeSeedParameters,
): Promise<GetNodeSeedReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: 'seedOf',
      args: [worker],
    }),
  )
}
