import { readContract } from 'viem/actions'
import type { Address, Hash } from '../../../chain/primitives/hex.ts'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import { getEvents } from '../events.ts'
import type { PocaClient } from '../transactions.ts'
import { getHead } from './getHead.ts'

export type GetCommitteeParameters = {
  /** Which configuration; the current one when left out. */
  readonly digest?: Hash
}

export type GetCommitteeReturnType = {
  readonly digest: Hash
  readonly members: readonly Address[]
  readonly quorum: number
}

/** The oracles of a configuration and how many of them must sign. Undefined when unknown. */
export async function getCommittee(
  client: PocaClient,
  { digest }: GetCommitteeParameters = {},
): Promise<GetCommitteeReturnType | undefined> {
  const contract = { address: predeploys.oracleHub, abi: oracleHubAbi } as const
  const wanted =
    digest ??
    (await translateErrors(() =>
      readContract(client, { ...contract, functionName: 'configDigest' }),
    ))
  const { height } = await getHead(client)
  const events = await getEvents(client, {
    ...contract,
    eventNames: ['ConfigChanged'],
    topics: [wanted],
    fromBlock: 0n,
    toBlock: height,
  })
  const args = events[0]?.args
  return args ? { digest: wanted, members: args.members, quorum: args.quorum } : undefined
}
