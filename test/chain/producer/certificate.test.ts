// Certificates survive encoding, bind chain, height, round and block, and never change their bytes.
import { bytesToHex, hexToBytes } from '@ethereumjs/util'
import { describe, expect, test } from 'vitest'
import { privateKeyToAddress, sign } from '../../../chain/crypto/secp256k1.ts'
import {
  certificateHash,
  certificateRandomness,
  checkCertificate,
  commitDigest,
  decodeCertificate,
  encodeCertificate,
  genesisCertificate,
} from '../../../chain/producer/certificate.ts'
import { nextTimestamp } from '../../../chain/producer/producer.ts'

const key = hexToBytes(`0x${'11'.repeat(32)}`)
const vote = { height: 258n, round: 3, blockHash: `0x${'ab'.repeat(32)}` } as const
const certificate = { ...vote, seat: 5, signature: sign(commitDigest(vote, 18_512n), key) }

describe('certificate', () => {
  test('golden vector of version 1', () => {
    const fixed = { ...vote, seat: 5, signature: new Uint8Array(65).fill(0xcd) }
    const bytes = `0x01000000000000010200000003${'ab'.repeat(32)}0005${'cd'.repeat(65)}`
    expect(bytesToHex(encodeCertificate(fixed))).toBe(bytes)
    expect(decodeCertificate(encodeCertificate(fixed))).toEqual(fixed)
    expect(bytesToHex(commitDigest(vote, 18_512n))).toBe(
      '0x2552367b3fb37a382efcc2431495b05e4cf28ffaa690e602ba47808a7a2fa26e',
    )
    expect(certificateHash(fixed)).toBe(
      '0xb9150bc2fcb5f3512d712aebef1c260ce64fb10ced58a617160e562ef53c3355',
    )
    expect(certificateRandomness(genesisCertificate(vote.blockHash))).toBe(
      '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470',
    )
  })

  test('holds for its signer and for nothing else', () => {
    const signer = privateKeyToAddress(key)
    expect(() => checkCertificate(certificate, 18_512n, signer)).not.toThrow()
    const wrong = expect.objectContaining({ code: 'CERTIFICATE_WRONG_SIGNER' })
    const changes = [{ height: 259n }, { round: 4 }, { blockHash: `0x${'ac'.repeat(32)}` as const }]
    for (const change of changes) {
      expect(() => checkCertificate({ ...certificate, ...change }, 18_512n, signer)).toThrow(wrong)
    }
    expect(() => checkCertificate(certificate, 1n, signer)).toThrow(wrong)
  })

  test('bytes of another form are refused', () => {
    const bad = expect.objectContaining({ code: 'CERTIFICATE_MALFORMED' })
    const bytes = encodeCertificate(certificate)
    for (const garbage of [
      new Uint8Array(),
      bytes.slice(0, 50),
      new Uint8Array([2, ...bytes.slice(1)]),
    ]) {
      expect(() => decodeCertificate(garbage)).toThrow(bad)
    }
  })
})

test('timestamps rise strictly', () => {
  expect(nextTimestamp({ timestamp: 10n }, 9n)).toBe(11n)
  expect(nextTimestamp({ timestamp: 10n }, 10n)).toBe(11n)
  expect(nextTimestamp({ timestamp: 10n }, 11n)).toBe(11n)
  expect(nextTimestamp({ timestamp: 10n }, 50n)).toBe(50n)
})
