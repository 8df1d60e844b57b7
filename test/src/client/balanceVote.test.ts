// Shows, on a real development chain with real Merkle proofs, that holders vote with the coin in
// their wallets: several voters, a ballot brought by another, and every way of cheating refused.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createWalletClient, encodeFunctionData, http, parseEther } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { getBlock, readContract, sendTransaction } from 'viem/actions'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { devAccounts } from '../../../chain/params/devAccounts.ts'
import { dev } from '../../../chain/params/specs.ts'
import { balanceProofsAbi } from '../../../chain/system/abi/balanceProofs.ts'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { protocolParamsAbi } from '../../../chain/system/abi/protocolParams.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { asciiKey } from '../../../chain/system/asciiKey.ts'
import { type DevChain, startDevChain } from '../../../src/cli/dev/devChain.ts'
import { pocaDev } from '../../../src/client/chain.ts'
import { pocaActions } from '../../../src/client/pocaActions.ts'
import { send } from '../../../src/client/transactions.ts'
import { engineOfTests } from '../../engineOfTests.ts'

let folder: string
let chain: DevChain
let proposalId: bigint
let snapshot: bigint

const clientOf = (index: number) =>
  createWalletClient({
    account: privateKeyToAccount(devAccounts()[index]?.privateKey ?? '0x'),
    chain: pocaDev,
    transport: http(chain.server.url),
    pollingInterval: 20,
  }).extend(pocaActions())

const [proposer, first, second, third, relay] = [11, 12, 13, 14, 15]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'poca-vote-'))
  const fail = (error: unknown) => {
    throw error
  }
  chain = await startDevChain({
    host: '127.0.0.1',
    port: 0,
    dataDir: join(folder, 'chain'),
    blockTimeMs: 0,
    engine: engineOfTests,
    now: () => Date.now() / 1_000,
    onFatal: fail,
    onProblem: fail,
  })
  const client = clientOf(proposer)
  await client.lockVotes({ amount: parseEther('150') })
  await pass(1)
  const data = encodeFunctionData({
    abi: protocolParamsAbi,
    functionName: 'set',
    args: [asciiKey('task.feeBps'), 300n],
  })
  const calls = [{ to: predeploys.protocolParams, data }]
  proposalId = (await client.propose({ calls, description: 'by proof' })).proposalId
  snapshot = await readContract(client, {
    address: predeploys.pocaGovernor,
    abi: pocaGovernorAbi,
    functionName: 'proposalSnapshot',
    args: [proposalId],
  })
})

afterAll(async () => {
  await chain.stop()
  await rm(folder, { recursive: true })
})

describe('castVoteWithBalanceProof', () => {
  it('waits for the block after the snapshot', async () => {
    await expect(
      clientOf(first).castVoteWithBalanceProof({ proposalId, support: 'for' }),
    ).rejects.toMatchObject({ facts: { code: 'CLIENT_SNAPSHOT_AHEAD', timepoint: snapshot } })
    await pass(dev.governance.votingDelay + 1)
    await pass(1)
  })

  it('counts the balance at the snapshot, which later transfers do not change', async () => {
    const voter = clientOf(first)
    await sendTransaction(voter, {
      to: clientOf(second).account.address,
      value: parseEther('5000'),
    })
    const { balance } = await voter.castVoteWithBalanceProof({ proposalId, support: 'for' })
    expect(balance).toBe(parseEther('10000'))
    const received = await clientOf(second).castVoteWithBalanceProof({
      proposalId,
      support: 'against',
    })
    expect(received.balance).toBe(parseEther('10000'))
    expect(await votes()).toEqual([parseEther('10000'), parseEther('10000'), 0n])
  })

  it('adds the proposer’s locked votes to what is left in its wallet', async () => {
    const client = clientOf(proposer)
    const { balance } = await client.castVoteWithBalanceProof({ proposalId, support: 'for' })
    expect(balance).toBeLessThan(parseEther('9850'))
    const [, yes] = await votes()
    expect(yes).toBe(parseEther('10150') + balance)
  })

  it('takes a signed ballot that another brings, once', async () => {
    const ballot = await clientOf(third).signBallot({ proposalId, support: 'abstain' })
    const brought = { proposalId, support: 'abstain', ballot } as const
    const { balance } = await clientOf(relay).castVoteWithBalanceProof(brought)
    expect(balance).toBe(parseEther('10000'))
    await expect(clientOf(relay).castVoteWithBalanceProof(brought)).rejects.toMatchObject({
      facts: { code: 'CLIENT_CONTRACT_REVERTED', error: 'GovernorInvalidSignature' },
    })
  })

  it('refuses a second vote with the same coin', async () => {
    await expect(
      clientOf(first).castVoteWithBalanceProof({ proposalId, support: 'for' }),
    ).rejects.toMatchObject({ facts: { error: 'PocaGovernorBalanceCounted' } })
  })

  it('refuses another account’s proof, and one of a later block', async () => {
    const client = clientOf(relay)
    const others = await client.getBalanceProof({
      account: clientOf(first).account.address,
      timepoint: snapshot,
    })
    expect(others.headers).toEqual([])
    await expect(cast(relay, others.accountProof)).rejects.toMatchObject({
      facts: { error: 'BalanceProofsInvalid' },
    })
    const { timestamp } = await getBlock(client)
    await pass(1)
    await pass(1)
    const late = await client.getBalanceProof({
      account: client.account.address,
      timepoint: timestamp,
    })
    await expect(cast(relay, late.accountProof)).rejects.toMatchObject({
      facts: { error: 'BalanceProofsInvalid' },
    })
  })

  it('refuses to anchor another second with the snapshot’s headers', async () => {
    const client = clientOf(relay)
    const { timestamp } = await getBlock(client)
    await pass(1)
    await pass(1)
    const { headers } = await client.getBalanceProof({
      account: client.account.address,
      timepoint: timestamp,
    })
    expect(headers).toHaveLength(2)
    const data = encodeFunctionData({
      abi: balanceProofsAbi,
      functionName: 'anchor',
      args: [Number(timestamp) - 30, headers],
    })
    await expect(send(client, { to: predeploys.balanceProofs, data })).rejects.toMatchObject({
      facts: { error: 'BalanceProofsWrongBlock' },
    })
  })

  it('carries the proposal into effect', async () => {
    await pass(dev.governance.votingPeriod + dev.governance.lateQuorumExtension + 1)
    const client = clientOf(proposer)
    const state = await readContract(client, {
      address: predeploys.pocaGovernor,
      abi: pocaGovernorAbi,
      functionName: 'state',
      args: [proposalId],
    })
    expect(state).toBe(4)
  })
})

/** Sends a proof as it is. */
function cast(index: number, accountProof: readonly `0x${string}`[]) {
  const data = encodeFunctionData({
    abi: pocaGovernorAbi,
    functionName: 'castVoteWithBalanceProof',
    args: [proposalId, 1, [], accountProof],
  })
  return send(clientOf(index), { to: predeploys.pocaGovernor, data })
}

function votes() {
  return readContract(clientOf(first), {
    address: predeploys.pocaGovernor,
    abi: pocaGovernorAbi,
    functionName: 'proposalVotes',
    args: [proposalId],
  })
}

/** Lets time pass and a block come. */
async function pass(seconds: number): Promise<void> {
  const client = clientOf(relay)
  await client.request<DevRequest>({ method: 'evm_increaseTime', params: [seconds] })
  await client.request<DevRequest>({ method: 'evm_mine', params: [] })
}

type DevRequest = { Method: string; Parameters: unknown; ReturnType: unknown }
