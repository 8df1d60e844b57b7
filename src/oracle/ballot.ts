import type { LocalAccount } from 'viem'
import type { Hash } from '../../chain/primitives/hex.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { getNotices } from '../client/actions/getNotices.ts'
import { postNotice } from '../client/actions/postNotice.ts'
import type { PocaClient } from '../client/transactions.ts'
import { OracleError } from './errors.ts'
import type { OracleEvent } from './events.ts'
import {
  type Committee,
  compactSignature,
  findSignatures,
  type Quorum,
  takeQuorum,
} from './signatures.ts'

/** What an oracle's duties need of it. */
export type OracleContext = {
  readonly client: PocaClient
  readonly chainId: number
  readonly account: LocalAccount
  readonly backupBlocks: bigint
  readonly emit: (event: OracleEvent) => void
}

/** Something that members agree on by signing it. */
export type Ballot = {
  /** EIP-712 digest of what is signed; also the topic on the notice board. */
  readonly digest: Hash
  readonly committee: Committee
  /** Decides who submits: the member at this number modulo their count comes first. */
  readonly turn: bigint
  /** Height at which a quorum was first seen, by digest; filled here. */
  readonly quorumHeights: Map<Hash, bigint>
  readonly onSigned: () => void
  readonly submit: (quorum: Quorum) => Promise<void>
}

/**
 * Signs a ballot unless that is done, and submits it when a quorum has signed and it is this
 * member's turn. The turn passes on every `backupBlocks` blocks after the quorum was seen.
 */
export async function castBallot(
  { client, account, backupBlocks }: OracleContext,
  ballot: Ballot,
  head: GetHeadReturnType,
): Promise<void> {
  const { digest, committee } = ballot
  const { members } = committee
  const own = members.findIndex((one) => one.toLowerCase() === account.address.toLowerCase())
  if (own < 0) return
  const notices = await getNotices(client, { topic: digest })
  const found = new Map(await findSignatures(notices, digest, committee))
  if (!found.has(own)) {
    const signature = await signDigest(account, digest)
    await postNotice(client, { topic: digest, data: signature })
    found.set(own, signature)
    ballot.onSigned()
  }
  const quorum = takeQuorum(found, committee)
  if (!quorum) return
  const since = ballot.quorumHeights.get(digest) ?? head.height
  ballot.quorumHeights.set(digest, since)
  const count = BigInt(members.length)
  const rank = (BigInt(own) - (ballot.turn % count) + count) % count
  if (head.height >= since + rank * backupBlocks) await ballot.submit(quorum)
}

async function signDigest(account: LocalAccount, hash: Hash) {
  if (account.sign) return compactSignature(await account.sign({ hash }))
  throw new OracleError(
    { code: 'ORACLE_NO_LOCAL_KEY', oracle: account.address },
    'An oracle signs by itself; give it an account whose key it holds.',
  )
}
