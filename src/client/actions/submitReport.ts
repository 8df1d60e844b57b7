import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { TaskAttestation } from '../attestations.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type SubmitReportParameters = {
  readonly attestation: TaskAttestation
  /** Bit i: member i signed. */
  readonly bitmap: number
  /** 64 bytes per set bit, lowest index first. */
  readonly signatures: Hex
}

export type SubmitReportReturnType = Included

/** Brings the oracles' word on a slot's result to the chain. Anyone may. */
export function submitReport(
  client: PocaClient,
  { attestation, bitmap, signatures }: SubmitReportParameters,
): Promise<SubmitReportReturnType> {
  return send(client, {
    to: predeploys.oracleHub,
    data: encodeFunctionData({
      abi: oracleHubAbi,
      functionName: 'submitReport',
      args: [attestation, bitmap, signatures],
    }),
  })
}
