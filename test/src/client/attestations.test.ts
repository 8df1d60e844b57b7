// Shows that digests and commitments are those of the contracts: the literals were read from
// OracleHub.hashTaskAttestation and TaskMarket.commitmentOf on chain 18512.
import type { Hex } from 'viem'
import { describe, expect, it } from 'vitest'
import { hashTaskAttestation } from '../../../src/client/attestations.ts'
import { hashCommitment } from '../../../src/client/hashCommitment.ts'

const word = (byte: string): Hex => `0x${byte.repeat(32)}`
const worker: Hex = `0x${'11'.repeat(20)}`

describe('hashTaskAttestation', () => {
  const attestation = {
    configDigest: word('01'),
    taskId: 7n,
    slot: 2,
    attempt: 1,
    verdict: 1,
    resultRoot: word('02'),
    inputRoot: word('03'),
    workUnits: 334n,
    evidenceRoot: word('04'),
    validUntil: 1_800_000_000,
  }

  it("is the contract's", () => {
    expect(hashTaskAttestation(18_512, attestation)).toBe(
      '0x42d3981ec37ad965d13ff34a875c24b8c513a1296491786d309efc730ec22713',
    )
  })

  it('differs on another chain', () => {
    expect(hashTaskAttestation(1, attestation)).not.toBe(hashTaskAttestation(18_512, attestation))
  })
})

describe('hashCommitment', () => {
  it("is the contract's", () => {
    const commitment = {
      taskId: 7n,
      slot: 2,
      attempt: 1,
      worker,
      resultRoot: word('02'),
      units: 334n,
      salt: word('06'),
    }
    expect(hashCommitment(commitment)).toBe(
      '0x3c62d41154fbddca4abd0c1466bc2b9ef5d896bb57bb9e881828356afe438f96',
    )
  })
})
