import { encodeFunctionData } from 'viem'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type ClaimOracleFeeParameters = {
  readonly taskId: bigint
  readonly slot: number
}

export type ClaimOracleFeeReturnType = Included

/** Pays out an oracle's share of the fee of a slot it signed for. */
export function claimOracleFee(
  client: PocaClient,
  { taskId, slot }: ClaimOracleFeeParameters,
): Promise<ClaimOracleFeeReturnType> {
  return send(client, {
    to: predeploys.oracleHub,
    data: encodeFunctionData({
      abi: oracleHubAbi,
      functionName: 'claimFee',
      args: [taskId, slot],
    }),
  })
}
