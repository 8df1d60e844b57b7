import { hashTypedData } from 'viem'
import type { Address, Hash } from '../../chain/primitives/hex.ts'
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

/** `PowerAttestation` of IOracleHub. */
export type PowerAttestation = {
  readonly configDigest: Hash
  readonly worker: Address
  readonly seed: Hash
  readonly power: bigint
  /** Seconds. */
  readonly validUntil: number
}

/** EIP-712 digest of an attestation, as `OracleHub.hashTaskAttestation`. */
export function hashTaskAttestation(chainId: number, message: TaskAttestation): Hash {
  const primaryType = 'TaskAttestation'
  return hashTypedData({ domain: domainOf(chainId), types: taskTypes, primaryType, message })
}

/** EIP-712 digest of an attestation, as `OracleHub.hashPowerAttestation`. */
export function hashPowerAttestation(chainId: number, message: PowerAttestation): Hash {
  const primaryType = 'PowerAttestation'
  return hashTypedData({ domain: domainOf(chainId), types: powerTypes, primaryType, message })
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

const powerTypes = {
  PowerAttestation: [
    { name: 'configDigest', type: 'bytes32' },
    { name: 'worker', type: 'address' },
    { name: 'seed', type: 'bytes32' },
    { name: 'power', type: 'uint64' },
    { name: 'validUntil', type: 'uint40' },
  ],
} as const
