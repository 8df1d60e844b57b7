import { readContract } from 'viem/actions'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetKindsParameters = {
  readonly worker: Address
}

export type GetKindsReturnType = readonly Hex[]

/** The kinds of task that a worker said it does. */
export function getKinds(
  client: PocaClient,
  { worker }: GetKindsParameters,
): Promise<GetKindsReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: 'kindsOf',
      args: [worker],
    }),
  )
}
