import type { Hex } from '../../../chain/primitives/hex.ts'
import type { PocaClient } from '../transactions.ts'
import { getOrder } from './getOrder.ts'

export type GetManifestParameters = {
  readonly taskId: bigint
  /** As for `getOrder`. */
  readonly toBlock?: bigint
}

/** Undefined when there is no such task. */
export type GetManifestReturnType = Hex | undefined

/** The manifest a task was created with; the chain keeps its hash only, the rest is in the log. */
export async function getManifest(
  client: PocaClient,
  parameters: GetManifestParameters,
): Promise<GetManifestReturnType> {
  return (await getOrder(client, parameters))?.manifest
}
