// Shows that an oracle commits once, reveals what it committed to and nothing else, at the right
// times, and finds its salt again without having kept it. The chain is a fake that answers calls.
import {
  createClient,
  custom,
  decodeFunctionData,
  encodeFunctionResult,
  type Hex,
  keccak256,
  numberToHex,
} from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { oracleBallotAbi } from '../../../chain/system/abi/oracleBallot.ts'
import { castHiddenVerdict } from '../../../src/oracle/hiddenVerdict.ts'

const account = privateKeyToAccount(numberToHex(7, { size: 32 }))
const pollId: Hash = keccak256('0x01')
const none: Hash = numberToHex(0, { size: 32 })
const found = {
  taskId: 3n,
  slot: 1,
  attempt: 0,
  verdict: 1,
  resultRoot: keccak256('0x02'),
  workUnits: 5n,
}

type World = { committed: number; commitment: Hash; isRevealed: boolean; revealBy: number }

/** A chain in which one oracle of three is asked; what it sends is kept. */
function fake(world: World) {
  const sent: ReturnType<typeof decodeFunctionData<typeof oracleBallotAbi>>[] = []
  const answers = {
    pollIdOf: () => pollId,
    pollOf: () => ({
      commitBy: 100,
      revealBy: world.revealBy,
      attempt: 0,
      committed: world.committed,
      size: 3,
      isDecided: false,
    }),
    ballotOf: () => ({
      commitment: world.commitment,
      isRevealed: world.isRevealed,
      isPunished: false,
    }),
  }
  const request = async ({ method, params }: { method: string; params?: unknown }) => {
    const [call] = (params ?? []) as readonly { data?: Hex }[] // JSON-RPC parameters
    if (method === 'eth_call' && call?.data) {
      const decoded = decodeFunctionData({ abi: oracleBallotAbi, data: call.data })
      const { functionName } = decoded
      // The commitment stands for its arguments, so that both sides can be compared.
      const result =
        functionName === 'commitmentOf'
          ? keccak256(call.data)
          : answers[functionName as keyof typeof answers]()
      return encodeFunctionResult({ abi: oracleBallotAbi, functionName, result } as never)
    }
    if (method === 'eth_estimateGas') return '0x5208'
    if (method === 'eth_chainId') return '0x1'
    if (method === 'eth_sendTransaction' && call?.data) {
      sent.push(decodeFunctionData({ abi: oracleBallotAbi, data: call.data }))
      return keccak256('0x03')
    }
    if (method === 'eth_getTransactionReceipt') return { status: '0x1', blockNumber: '0x1' }
    if (method === 'eth_blockNumber') return '0x1'
    throw new Error(`unexpected ${method}`)
  }
  const client = createClient({
    account: account.address,
    transport: custom({ request }),
    pollingInterval: 1,
  })
  const context = { client, chainId: 1, account, backupBlocks: 1n, emit: () => undefined }
  const cast = (timestamp: bigint) =>
    castHiddenVerdict(context, found, { height: 1n, timestamp, hash: pollId })
  return { sent, cast }
}

describe('castHiddenVerdict', () => {
  it('commits once, in time', async () => {
    const { sent, cast } = fake({
      committed: 0,
      commitment: none,
      isRevealed: false,
      revealBy: 200,
    })
    expect(await cast(99n)).toBe(true)
    expect(sent.map(({ functionName }) => functionName)).toEqual(['commitVerdict'])
    expect(await cast(100n)).toBe(false)
  })

  it('reveals with the salt that it committed with', async () => {
    const first = fake({ committed: 0, commitment: none, isRevealed: false, revealBy: 0 })
    await first.cast(1n)
    const commitment = first.sent[0]?.args?.[2] as Hash // the third argument of commitVerdict
    const later = fake({ committed: 1, commitment, isRevealed: false, revealBy: 200 })
    expect(await later.cast(99n)).toBe(false)
    expect(await later.cast(100n)).toBe(true)
    const [reveal] = later.sent
    expect(reveal?.functionName).toBe('revealVerdict')
    expect(reveal?.args?.slice(0, 5)).toEqual([3n, 1, 1, found.resultRoot, 5n])
    const again = fake({ committed: 1, commitment, isRevealed: false, revealBy: 200 })
    await again.cast(100n)
    expect(again.sent[0]?.args?.[5]).toBe(reveal?.args?.[5])
  })

  it('reveals early when all have committed, and never too late or twice', async () => {
    const commitment = keccak256('0x04')
    const all = fake({ committed: 3, commitment, isRevealed: false, revealBy: 200 })
    expect(await all.cast(1n)).toBe(true)
    expect(await all.cast(200n)).toBe(false)
    const done = fake({ committed: 3, commitment, isRevealed: true, revealBy: 200 })
    expect(await done.cast(1n)).toBe(false)
  })
})
