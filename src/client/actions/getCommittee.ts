import { readContract } from 'viem/actions'
import type { Address, Hash } from '../../../chain/primitives/hex.ts'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { isRevert, translateErrors } from '../errors.ts'
import { getEvents } from '../events.ts'
import type { PocaClient } from '../transactions.ts'
import { getHead } from './getHead.ts'

const contract = { address: predeploys.oracleHub, abi: oracleHubAbi } as const

export type GetCommitteeParameters = {
  /** Whose committee; all active oracles when left out. */
  readonly taskId?: bigint
}

export type GetCommitteeReturnType = {
  readonly digest: Hash
  readonly members: readonly Address[]
  readonly quorum: number
}

/**
 * The oracles that judge a task, or that are active now, and how many of them must sign. Undefined
 * when they are not drawn yet: the hash of the block after the last reveal decides.
 */
export async function getCommittee(
  client: PocaClient,
  { taskId }: GetCommitteeParameters = {},
): Promise<GetCommitteeReturnType | undefined> {
  if (taskId !== undefined) return getTaskCommittee(client, taskId)
  const digest = await translateErrors(() =>
    readContract(client, { ...contract, functionName: 'configDigest' }),
  )
  const { height } = await getHead(client)
  const events = await getEvents(client, {
    ...contract,
    eventNames: ['ConfigChanged'],
    topics: [digest],
    fromBlock: 0n,
    toBlock: height,
  })
  const args = events[0]?.args
  return args ? { digest, members: args.members, quorum: args.quorum } : undefined
}

async function getTaskCommittee(
  client: PocaClient,
  taskId: bigint,
): Promise<GetCommitteeReturnType | undefined> {
  try {
    const [members, digest, quorum] = await translateErrors(() =>
      readContract(client, { ...contract, functionName: 'committeeOf', args: [taskId] }),
    )
    return { digest, members, quorum }
  } catch (error) {
    if (isRevert(error, 'OracleHubSeedNotReady')) return undefined
    throw error
  }
}
