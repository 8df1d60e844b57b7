import { encodeFunctionData } from 'viem'
import { readContract } from 'viem/actions'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { ClientError, translateErrors } from '../errors.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'
import { supportNumbers, type VoteSupport } from './castVote.ts'
import { getBalanceProof } from './getBalanceProof.ts'

export type CastVoteWithBalanceProofParameters = {
  readonly proposalId: bigint
  readonly support: VoteSupport
  /** Another's ballot, from `signBallot`, that the client's account brings and pays for. */
  readonly ballot?: { readonly voter: Address; readonly signature: Hex }
}

export type CastVoteWithBalanceProofReturnType = Included & {
  /** The native balance that counted, wei. Locked votes count besides. */
  readonly balance: bigint
}

/**
 * Votes with the native balance that the voter had at the proposal's snapshot, and with its locked
 * votes unless they are cast already. Nothing has to be locked, wrapped or delegated first.
 */
export async function castVoteWithBalanceProof(
  client: PocaClient,
  { proposalId, support, ballot }: CastVoteWithBalanceProofParameters,
): Promise<CastVoteWithBalanceProofReturnType> {
  const account = ballot?.voter ?? client.account?.address
  if (account === undefined) {
    throw new ClientError(
      { code: 'CLIENT_NO_ACCOUNT' },
      'This needs an account; create the client with one.',
    )
  }
  const timepoint = await translateErrors(() =>
    readContract(client, {
      address: predeploys.pocaGovernor,
      abi: pocaGovernorAbi,
      functionName: 'proposalSnapshot',
      args: [proposalId],
    }),
  )
  const { balance, headers, accountProof } = await getBalanceProof(client, { account, timepoint })
  const choice = supportNumbers[support]
  const data =
    ballot === undefined
      ? encodeFunctionData({
          abi: pocaGovernorAbi,
          functionName: 'castVoteWithBalanceProof',
          args: [proposalId, choice, headers, accountProof],
        })
      : encodeFunctionData({
          abi: pocaGovernorAbi,
          functionName: 'castVoteWithBalanceProofBySig',
          args: [proposalId, choice, ballot.voter, headers, accountProof, ballot.signature],
        })
  const included = await send(client, { to: predeploys.pocaGovernor, data })
  return { ...included, balance }
}
