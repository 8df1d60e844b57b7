import { getChainId, readContract, signTypedData } from 'viem/actions'
import type { Address, Hex } from '../../../chain/primitives/hex.ts'
import { pocaGovernorAbi } from '../../../chain/system/abi/pocaGovernor.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { ClientError, translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'
import { supportNumbers, type VoteSupport } from './castVote.ts'

export type SignBallotParameters = {
  readonly proposalId: bigint
  readonly support: VoteSupport
}

/** For `castVoteWithBalanceProof` of whoever brings it. */
export type SignBallotReturnType = {
  readonly voter: Address
  readonly signature: Hex
}

/** Signs a ballot for balance and locked votes that another may bring. @source EIP-712 */
export function signBallot(
  client: PocaClient,
  { proposalId, support }: SignBallotParameters,
): Promise<SignBallotReturnType> {
  const { account } = client
  if (!account) {
    throw new ClientError(
      { code: 'CLIENT_NO_ACCOUNT' },
      'This needs an account; create the client with one.',
    )
  }
  return translateErrors(async () => {
    const voter = account.address
    const [chainId, nonce] = await Promise.all([
      getChainId(client),
      readContract(client, {
        address: predeploys.pocaGovernor,
        abi: pocaGovernorAbi,
        functionName: 'nonces',
        args: [voter],
      }),
    ])
    const signature = await signTypedData(client, {
      account,
      domain: {
        name: 'POCA Governor',
        version: '1',
        chainId,
        verifyingContract: predeploys.pocaGovernor,
      },
      types: {
        BalanceBallot: [
          { name: 'proposalId', type: 'uint256' },
          { name: 'support', type: 'uint8' },
          { name: 'voter', type: 'address' },
          { name: 'nonce', type: 'uint256' },
        ],
      },
      primaryType: 'BalanceBallot',
      message: { proposalId, support: supportNumbers[support], voter, nonce },
    })
    return { voter, signature }
  })
}
