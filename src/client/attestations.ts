import { hashTypedData } from 'viem'
import type { Hash } from '../../chain/primitives/hex.ts'
import { predeploys } from '../../chain/system/addresses.ts'

/** `TaskAttestation` of IOracleHub. */
export type TaskAttestation = {
  readonly configDigest: Hash
  readonly taskId: bigint
  readonly slot: number
  readonly attempt: number
  readonly verdict: number
  readonly resultRoot: Hash
  readonly inputRoot: Hash
  readonly workUnits: bigint
  readonly evidenceRoot: Hash
  /** Seconds. */
  readonly validUntil: number
}

/** EIP-712 digest of an attestation, as `OracleHub.hashTaskAttestation`. */
export function hashTaskAttestation(chainId: number, message: TaskAttestation): Hash {
  const primaryType = 'TaskAttestation'
  return hashTypedData({ domain: domainOf(chainId), types: taskTypes, primaryType, message })
}

function domainOf(chainId: number) {
  return {
    name: 'POCA Task Oracle',
    version: '1',
    chainId,
    verifyingContract: predeploys.oracleHub,
  } as const
}

const taskTypes = {
  TaskAttestation: [
    { name: 'configDigest', type: 'bytes32' },
    { name: 'taskId', type: 'uint256' },
    { name: 'slot', type: 'uint32' },
    { name: 'attempt', type: 'uint32' },
    { name: 'verdict', type: 'uint8' },
    { name: 'resultRoot', type: 'bytes32' },
    { name: 'inputRoot', type: 'bytes32' },
    { name: 'workUnits', type: 'uint64' },
    { name: 'evidenceRoot', type: 'bytes32' },
    { name: 'validUntil', type: 'uint40' },
  ],
} as const
