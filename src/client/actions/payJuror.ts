import { encodeFunctionData } from 'viem'
import type { Address } from '../../../chain/primitives/hex.ts'
import { disputeCourtAbi } from '../../../chain/system/abi/disputeCourt.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type PayJurorParameters = {
  readonly disputeId: bigint
  readonly juror: Address
}

export type PayJurorReturnType = Included

/** Credits a juror its part of the bonds of a closed dispute, as free collateral. Anyone may. */
export function payJuror(
  client: PocaClient,
  { disputeId, juror }: PayJurorParameters,
): Promise<PayJurorReturnType> {
  return send(client, {
    to: predeploys.disputeCourt,
    data: encodeFunctionData({
      abi: disputeCourtAbi,
      functionName: 'payJuror',
      args: [disputeId, juror],
    }),
  })
}
