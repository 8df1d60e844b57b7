import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type DeclareKindsParameters = {
  /** As in a task's specification, 32 bytes each; at most 16. */
  readonly kinds: readonly Hex[]
}

export type DeclareKindsReturnType = Included

/** Says which kinds of task the account does, instead of what it said before. */
export function declareKinds(
  client: PocaClient,
  { kinds }: DeclareKindsParameters,
): Promise<DeclareKindsReturnType> {
  return send(client, {
    to: predeploys.nodeRegistry,
    data: encodeFunctionData({
      abi: nodeRegistryAbi,
      functionName: 'declareKinds',
      args: [kinds],
    }),
  })
}
