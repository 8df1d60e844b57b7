import { RLP } from '@ethereumjs/rlp'
export function encodeBlock(header: Uint8Array, transactions: readonly Uint8Array[]): Uint8Array {
  return RLP.encode([
    RLP.decode(header),
    transactions.map((raw) => ((raw[0] ?? 0) >= 0xc0 ? RLP.decode(raw) : raw)),
    [],
    [],
  ])
}
