import { stringToHex } from 'viem'
import { readContract } from 'viem/actions'
import { protocolParamsAbi } from '../../../chain/system/abi/protocolParams.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { translateErrors } from '../errors.ts'
import type { PocaClient } from '../transactions.ts'

export type GetParamParameters = {
  /** Name of a governed parameter, such as `task.feeBps`. */
  readonly key: string
}

export type GetParamReturnType = bigint

/** The value of a governed parameter as it stands. */
export function getParam(
  client: PocaClient,
  { key }: GetParamParameters,
): Promise<GetParamReturnType> {
  return translateErrors(() =>
    readContract(client, {
      address: predeploys.protocolParams,
      abi: protocolParamsAbi,
      functionName: 'get',
      args: [stringToHex(key, { size: 32 })],
    }),
  )
}
