import { toHex } from '../codec/bytes.ts'
import { blockHash, decodeHeader } from '../codec/header.ts'
import type { ParentBlock } from '../evm/engine.ts'
import { type Certificate, certificateHash, certificateRandomness } from './certificate.ts'

/**
 * What the next block must know of the one with this header, in RLP, and of the certificate that
 * made it final.
 * @throws CodecError `CODEC_BAD_BLOCK`
 */
export function parentBlockOf(headerBytes: Uint8Array, certificate: Certificate): ParentBlock {
  const header = decodeHeader(headerBytes)
  return {
    hash: toHex(blockHash(headerBytes)),
    height: header.number,
    timestamp: header.timestamp,
    stateRoot: header.stateRoot,
    coinbase: header.coinbase,
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
