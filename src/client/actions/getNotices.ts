import { z } from 'zod'
import type { Hash, Hex } from '../../../chain/primitives/hex.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetNoticesParameters = {
  readonly topic: Hash
}

export type GetNoticesReturnType = readonly Hex[]

/** The notices under a topic. Anyone may have posted them. */
export async function getNotices(
  client: PocaClient,
  { topic }: GetNoticesParameters,
): Promise<GetNoticesReturnType> {
  // viem types the methods of Ethereum only.
  const request = { method: 'poca_notices', params: [topic] } as never
  return noticesSchema.parse(await translateErrors<unknown>(() => client.request(request)))
}

const noticesSchema = z.array(z.templateLiteral(['0x', z.string().regex(/^([0-9a-f]{2})*$/)]))
