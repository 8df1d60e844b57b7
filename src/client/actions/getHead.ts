import { getBlock } from 'viem/actions'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

/** What a follower of the chain needs to know of a block. */
export type GetHeadReturnType = {
  readonly height: bigint
  readonly hash: Hash
  /** Seconds. */
  readonly timestamp: bigint
}

/** The newest block, which is final, or the one at a height. */
export function getHead(
  client: PocaClient,
  { height }: { readonly height?: bigint } = {},
): Promise<GetHeadReturnType> {
  return translateErrors(async () => {
    const block = await getBlock(client, height === undefined ? {} : { blockNumber: height })
    return { height: block.number, hash: block.hash, timestamp: block.timestamp }
  })
}
