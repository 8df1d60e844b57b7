import { encodeFunctionData } from 'viem'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type OpenProductsParameters = {
  /** One for each place that `getSamples` names, in its order. */
  readonly openings: readonly {
    /** 64 entries, int32 big endian. */
    readonly entries: Hex
    /** From the leaf to the root. */
    readonly path: readonly Hash[]
  }[]
}

export type OpenProductsReturnType = Included

/** Shows the sampled entries of a worker's products; it then has the power it claimed. */
export function openProducts(
  client: PocaClient,
  { openings }: OpenProductsParameters,
): Promise<OpenProductsReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'openProducts',
      args: [openings],
    }),
  })
}
