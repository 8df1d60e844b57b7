import { getBalance, readContract } from 'viem/actions'
import { oracleHubAbi } from '../../chain/system/abi/oracleHub.ts'
import { protocolParamsAbi } from '../../chain/system/abi/protocolParams.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { asciiKey } from '../../chain/system/asciiKey.ts'
import { activateOracle } from '../client/actions/activateOracle.ts'
import { depositCollateral } from '../client/actions/depositCollateral.ts'
import { getCollateral } from '../client/actions/getCollateral.ts'
import { isRevert, translateErrors } from '../client/errors.ts'
import type { OracleContext } from './ballot.ts'
import { OracleError } from './errors.ts'

/**
 * Makes the account a member of the oracles unless it is one.
 *
 * @throws OracleError `ORACLE_NO_COIN`, `ORACLE_COLLATERAL_SHORT`, `ORACLE_NOT_ADMITTED`.
 */
export async function joinOracles({ client, account, emit }: OracleContext): Promise<void> {
  const { address } = account
  const members = await translateErrors(() =>
    readContract(client, {
      address: predeploys.oracleHub,
      abi: oracleHubAbi,
      functionName: 'members',
    }),
  )
  const balance = await translateErrors(() => getBalance(client, { address }))
  if (balance === 0n) {
    throw new OracleError(
      { code: 'ORACLE_NO_COIN', oracle: address, balance },
      `The oracle's account ${address} holds no coin; it needs some for gas.`,
    )
  }
  if (members.some((one) => one.toLowerCase() === address.toLowerCase())) return
  const wanted = await translateErrors(() =>
    readContract(client, {
      address: predeploys.protocolParams,
      abi: protocolParamsAbi,
      functionName: 'get',
      args: [asciiKey('oracle.collateral')],
    }),
  )
  const { free } = await getCollateral(client, { account: address })
  if (free < wanted) {
    if (balance <= wanted - free) {
      throw new OracleError(
        { code: 'ORACLE_COLLATERAL_SHORT', oracle: address, balance, wanted },
        `An oracle locks ${wanted} wei; the account ${address} holds ${balance} wei.`,
      )
    }
    await depositCollateral(client, { amount: wanted - free })
  }
  try {
    await activateOracle(client)
  } catch (error) {
    if (!isRevert(error, 'OracleHubNotAdmitted')) throw error
    throw new OracleError(
      { code: 'ORACLE_NOT_ADMITTED', oracle: address },
      `The holders have not admitted ${address} as an oracle; that takes a vote.`,
      { cause: error },
    )
  }
  emit({ type: 'activated', collateral: wanted })
}
