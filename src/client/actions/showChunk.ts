import { encodeFunctionData } from 'viem'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ShowChunkParameters = {
  readonly disputeId: bigint
  /** The leaf's bytes; they begin with its index. */
  readonly leaf: Hex
  /** The siblings up to the slot's result root. */
  readonly path: readonly Hash[]
}

export type ShowChunkReturnType = Included

/** Shows the leaf of a result that somebody asked for. Anyone who has it may. */
export function showChunk(
  client: PocaClient,
  { disputeId, leaf, path }: ShowChunkParameters,
): Promise<ShowChunkReturnType> {
  return send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'showChunk',
      args: [disputeId, leaf, path],
    }),
  })
}
