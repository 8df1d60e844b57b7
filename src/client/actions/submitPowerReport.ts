import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { PowerAttestation } from '../attestations.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type SubmitPowerReportParameters = {
  readonly attestation: PowerAttestation
  /** Bit i: member i signed. */
  readonly bitmap: number
  /** 64 bytes per set bit, lowest index first. */
  readonly signatures: Hex
}

export type SubmitPowerReportReturnType = Included

/** Brings the oracles' word on a worker's power to the chain. Anyone may. */
export function submitPowerReport(
  client: PocaClient,
  { attestation, bitmap, signatures }: SubmitPowerReportParameters,
): Promise<SubmitPowerReportReturnType> {
  return send(client, {
    to: predeploys.oracleHub,
    data: encodeFunctionData({
      abi: oracleHubAbi,
      functionName: 'submitPowerReport',
      args: [attestation, bitmap, signatures],
    }),
  })
}
