// Shows that an oracle signs only with a key it holds: a node's account cannot stand in for it.
import { createClient, custom } from 'viem'
import { privateKeyToAccount, toAccount } from 'viem/accounts'
import { expect, it } from 'vitest'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { type Ballot, castBallot } from '../../../src/oracle/ballot.ts'

const digest: Hash = `0x${'07'.repeat(32)}`
const { address } = privateKeyToAccount(`0x${'01'.repeat(32)}`)

it('refuses to vote for an account without its key, and posts nothing', async () => {
  const posted: unknown[] = []
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    if (method === 'poca_postNotice') posted.push(params)
    return []
  }
  const refuse = () => Promise.reject(new Error('no key here'))
  const account = toAccount({
    address,
    signMessage: refuse,
    signTransaction: refuse,
    signTypedData: refuse,
  })
  const context = {
    client: createClient({ transport: custom({ request }) }),
    chainId: 18_512,
    account,
    backupBlocks: 1n,
    emit: () => undefined,
  }
  const ballot: Ballot = {
    digest,
    committee: { digest, members: [address], quorum: 1 },
    turn: 0n,
    quorumHeights: new Map(),
    onSigned: () => undefined,
    submit: async () => undefined,
  }
  const head = { height: 1n, timestamp: 1n, hash: digest }
  await expect(castBallot(context, ballot, head)).rejects.toMatchObject({
    facts: { code: 'ORACLE_NO_LOCAL_KEY', oracle: address },
  })
  expect(posted).toEqual([])
})
