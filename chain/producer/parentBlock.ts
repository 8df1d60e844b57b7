import type { BlockHeader } from '@ethereumjs/block'
import { bytesToHex } from '@ethereumjs/util'
import type { ParentBlock } from '../evm/engine.ts'
import { assert } from '../primitives/assert.ts'
import { type Certificate, certificateHash, certificateRandomness } from './certificate.ts'

/** What the next block must know of the one with `header` and the certificate that made it final. */
export function parentBlockOf(header: BlockHeader, certificate: Certificate): ParentBlock {
  assert(header.baseFeePerGas !== undefined, 'every block has a base fee')
  return {
    hash: bytesToHex(header.hash()),
    height: header.number,
    timestamp: header.timestamp,
    stateRoot: bytesToHex(header.stateRoot),
    coinbase: bytesToHex(header.coinbase.bytes),
    gasLimit: header.gasLimit,
    gasUsed: header.gasUsed,
    baseFeePerGas: header.baseFeePerGas,
    certificate: {
      hash: certificateHash(certificate),
      randomness: certificateRandomness(certificate),
      round: certificate.round,
      signers: 1n << BigInt(certificate.seat),
    },
  }
}
