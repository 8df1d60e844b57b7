import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type PostNoticeParameters = {
  readonly topic: Hash
  /** At most 512 bytes. */
  readonly data: Hex
}

/** Puts a short notice on the node's notice board, where others find it by its topic. */
export async function postNotice(
  client: PocaClient,
  { topic, data }: PostNoticeParameters,
): Promise<void> {
  // viem types the methods of Ethereum only.
  const request = { method: 'poca_postNotice', params: [topic, data] } as never
  await translateErrors(() => client.request(request))
}
