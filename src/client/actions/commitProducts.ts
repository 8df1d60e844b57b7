import { encodeFunctionData } from 'viem'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type CommitProductsParameters = {
  /** Root of the tree over all entries of all products. */
  readonly root: Hash
}

export type CommitProductsReturnType = Included

/** Commits a registered worker to the products of its challenge. */
export function commitProducts(
  client: PocaClient,
  { root }: CommitProductsParameters,
): Promise<CommitProductsReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'commitProducts',
      args: [root],
    }),
  })
}
