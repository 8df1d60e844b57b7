import { readContract } from 'viem/actions'
import { nodeRegistryAbi } from '../../../chain/system/abi/nodeRegistry.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetChallengeRoundReturnType = {
  /** When registering becomes possible, seconds. */
  readonly startsAt: bigint
  /** The last second in which products may be committed to. */
  readonly commitBy: bigint
}

/** The round of challenges that runs, or else the next. */
export async function getChallengeRound(client: PocaClient): Promise<GetChallengeRoundReturnType> {
  const [startsAt, commitBy] = await translateErrors(() =>
    readContract(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      functionName: 'challengeRound',
    }),
  )
  return { startsAt, commitBy }
}
