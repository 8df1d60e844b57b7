import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetSamplesParameters = {
  readonly worker: Address
}

/** Places among the entries of all products: (product * size + row) * size + column. */
export type GetSamplesReturnType = readonly bigint[]

/** Which entries a worker that has committed to its products must open. */
export function getSamples(
  client: PocaClient,
  { worker }: GetSamplesParameters,
): Promise<GetSamplesReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: 'samplesOf',
      args: [worker],
    }),
  )
}
