import { encodeFunctionData } from 'viem'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { TaskAttestation } from '../attestations.ts'
import { type Included, type PocaClient, send } from '../transactions.ts'

export type SubmitRecheckParameters = {
  readonly attestation: TaskAttestation
  /** Bit i: member i signed. */
  readonly bitmap: number
  /** 64 bytes per set bit, lowest index first. */
  readonly signatures: Hex
}

export type SubmitRecheckReturnType = Included

/**
 * Brings the second committee's word on a slot that chance has marked to the chain. Anyone may.
 * When it contradicts the first, a dispute is opened.
 */
export function submitRecheck(
  client: PocaClient,
  { attestation, bitmap, signatures }: SubmitRecheckParameters,
): Promise<SubmitRecheckReturnType> {
  return send(client, {
    to: predeploys.oracleHub,
    data: encodeFunctionData({
      abi: oracleHubAbi,
      functionName: 'submitRecheck',
      args: [attestation, bitmap, signatures],
    }),
  })
}
