import { scanBlock } from '../codec/block.ts'
import { EMPTY_BYTES } from '../codec/bytes.ts'
import { tableCount, tableRow } from '../codec/table.ts'
import { keccak256 } from '../crypto/keccak.ts'

const HASH_SIZE = 32

/**
 * Hashes of the transactions of a block in RLP one after another, 32 bytes each.
 * @throws CodecError `CODEC_BAD_BLOCK`
 */
export function transactionHashes(raw: Uint8Array): Uint8Array {
  const { transactions } = scanBlock(raw)
  const count = tableCount(transactions)
  const out = new Uint8Array(count * HASH_SIZE)
  for (let index = 0; index < count; index++) {
    out.set(keccak256(tableRow(transactions, index) ?? EMPTY_BYTES), index * HASH_SIZE)
  }
  return out
}
