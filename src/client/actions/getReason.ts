import { readContract } from 'viem/actions'
import type { Address } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { readAsciiKey } from '../../../chain/system/asciiKey.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetReasonParameters = {
  readonly worker: Address
}

/** Empty when nothing does. */
export type GetReasonReturnType = string

/** What keeps a worker from being drawn for tasks, such as `stale`; see `INodeRegistry.reasonOf`. */
export async function getReason(
  client: PocaClient,
  { worker }: GetReasonParameters,
): Promise<GetReasonReturnType> {
  const reason = await translateErrors(() =>
    readContract(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: 'reasonOf',
      args: [worker],
    }),
  )
  return readAsciiKey(reason)
}
