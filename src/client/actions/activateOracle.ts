import { encodeFunctionData } from 'viem'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ActivateOracleReturnType = Included

/** Locks an admitted oracle's collateral and makes it a member. */
export function activateOracle(client: PocaClient): Promise<ActivateOracleReturnType> {
  return send(client, {
    to: predeploys.oracleHub,
    data: encodeFunctionData({ abi: oracleHubAbi, functionName: 'activate' }),
  })
}
