import { encodeFunctionData, keccak256, stringToHex } from 'viem'
import { readContract } from 'viem/actions'
import type { Hash } from '../../chain/primitives/hex.ts'
import { oracleBallotAbi } from '../../chain/system/abi/oracleBallot.ts'
import { oracleHubAbi } from '../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import type { GetHeadReturnType } from '../client/actions/getHead.ts'
import { translateErrors } from '../client/errors.ts'
import { type PocaClient, send } from '../client/transactions.ts'
import type { OracleContext } from './ballot.ts'
import { OracleError } from './errors.ts'

/** What an oracle found out about a slot of a task that is judged by hidden verdicts. */
export type HiddenVerdict = {
  readonly taskId: bigint
  readonly slot: number
  readonly attempt: number
  readonly verdict: number
  readonly resultRoot: Hash
  readonly workUnits: bigint
}

const contract = { address: predeploys.oracleBallot, abi: oracleBallotAbi } as const
const noCommitment: Hash = `0x${'00'.repeat(32)}`

/**
 * Commits to a verdict, or reveals it, whichever is due. Whether something was sent.
 *
 * Nothing has to be remembered in between: the salt is the hash of the oracle's own deterministic
 * signature (RFC 6979), which nobody else can make.
 */
export async function castHiddenVerdict(
  context: OracleContext,
  found: HiddenVerdict,
  head: GetHeadReturnType,
): Promise<boolean> {
  const { client, account } = context
  const { taskId, slot, attempt, verdict, resultRoot, workUnits } = found
  const pollId = await translateErrors(() =>
    readContract(client, { ...contract, functionName: 'pollIdOf', args: [taskId, slot] }),
  )
  const poll = await translateErrors(() =>
    readContract(client, { ...contract, functionName: 'pollOf', args: [pollId] }),
  )
  const ballot = await translateErrors(() =>
    readContract(client, {
      ...contract,
      functionName: 'ballotOf',
      args: [pollId, account.address],
    }),
  )
  if (ballot.isRevealed) return false
  const salt = await saltOf(context, pollId)
  if (ballot.commitment === noCommitment) {
    if (poll.revealBy !== 0 && head.timestamp >= BigInt(poll.commitBy)) return false
    const { address } = account
    const content = [taskId, slot, attempt, address, verdict, resultRoot, workUnits, salt] as const
    const commitment = await translateErrors(() =>
      readContract(client, { ...contract, functionName: 'commitmentOf', args: content }),
    )
    const args = [taskId, slot, commitment] as const
    const data = encodeFunctionData({ ...contract, functionName: 'commitVerdict', args })
    await send(client, { to: contract.address, data })
    return true
  }
  const isDue = poll.committed === poll.size || head.timestamp >= BigInt(poll.commitBy)
  if (!isDue || head.timestamp >= BigInt(poll.revealBy)) return false
  const args = [taskId, slot, verdict, resultRoot, workUnits, salt] as const
  const data = encodeFunctionData({ ...contract, functionName: 'revealVerdict', args })
  await send(client, { to: contract.address, data })
  return true
}

/** Whether a task is judged by hidden verdicts. */
export function isTaskHidden(client: PocaClient, taskId: bigint): Promise<boolean> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.oracleHub,
      abi: oracleHubAbi,
      functionName: 'isHidden',
      args: [taskId],
    }),
  )
}

async function saltOf({ account }: OracleContext, pollId: Hash): Promise<Hash> {
  if (!account.sign) {
    throw new OracleError(
      { code: 'ORACLE_NO_LOCAL_KEY', oracle: account.address },
      'An oracle signs by itself; give it an account whose key it holds.',
    )
  }
  const hash = keccak256(stringToHex(`POCA hidden verdict ${pollId}`))
  return keccak256(await account.sign({ hash }))
}
