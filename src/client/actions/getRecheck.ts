import { zeroHash } from 'viem'
import { readContract } from 'viem/actions'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { isRevert, translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'
import type { GetCommitteeReturnType } from './getCommittee.ts'

export type GetRecheckParameters = {
  readonly taskId: bigint
  readonly slot: number
}

/** Undefined while the draw is not known yet. */
export type GetRecheckReturnType = GetCommitteeReturnType | undefined

/**
 * The oracles that check an attested slot once more. No members when chance has not marked it, when
 * too few other oracles were active, or when the slot is not attested as valid any more.
 */
export async function getRecheck(
  client: PocaClient,
  { taskId, slot }: GetRecheckParameters,
): Promise<GetRecheckReturnType> {
  try {
    const [members, digest, quorum] = await translateErrors(() =>
      readContract(client, {
        address: predeploys.oracleHub,
        abi: oracleHubAbi,
        functionName: 'recheckOf',
        args: [taskId, slot],
      }),
    )
    return { digest, members, quorum }
  } catch (error) {
    if (isRevert(error, 'OracleHubSeedNotReady')) return undefined
    const isOver = isRevert(error, 'OracleHubNotMarked') || isRevert(error, 'OracleHubSeedLost')
    if (isOver) return { digest: zeroHash, members: [], quorum: 0 }
    throw error
  }
}
