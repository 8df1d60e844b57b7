import { bytesToHex, concat, hexToBytes, numberToHex, zeroHash } from 'viem'
import type { Hash, Hex } from '../../chain/primitives/hex.ts'
import type { DigitsRow } from './digits.ts'
import { ComputeError } from './errors.ts'
import { hashLeaf, merkleRoot } from './merkle.ts'

/** Bytes of one row in a result: its label, and the hash of its products. */
export const digitsRowSizeBytes = 33

/** Largest label a row may have. */
export const digitLabelMax = 9

/** The bytes of a slot's result: label (u8) ‖ productHash for each row of the slice in order. */
export function encodeDigitsResult(rows: readonly DigitsRow[]): Hex {
  return concat(rows.map((row) => concat([numberToHex(row.label, { size: 1 }), row.productHash])))
}

/**
 * Reads a slot's result for the slice of rows `[from, to)`. Labels are not judged here.
 *
 * @throws ComputeError `COMPUTE_RESULT_MALFORMED` when the size is not that of the slice.
 */
export function decodeDigitsResult(
  result: Hex,
  slice: { readonly from: number; readonly to: number },
): readonly DigitsRow[] {
  const bytes = hexToBytes(result)
  const count = slice.to - slice.from
  const wanted = count * digitsRowSizeBytes
  if (bytes.length !== wanted) {
    throw new ComputeError(
      { code: 'COMPUTE_RESULT_MALFORMED', sizeBytes: bytes.length, wanted },
      `A result for ${count} rows is ${wanted} bytes long, not ${bytes.length}.`,
    )
  }
  return Array.from({ length: count }, (_, i) => {
    const start = i * digitsRowSizeBytes
    return {
      row: slice.from + i,
      label: bytes[start] ?? 0,
      productHash: bytesToHex(bytes.subarray(start + 1, start + digitsRowSizeBytes)),
    }
  })
}

/** The bytes of a row's leaf: u32 row ‖ u8 label ‖ productHash. */
export function digitsLeafBytes({ row, label, productHash }: DigitsRow): Hex {
  return concat([numberToHex(row, { size: 4 }), numberToHex(label, { size: 1 }), productHash])
}

/** A row's leaf: keccak256 twice over its bytes. */
export function digitsLeaf(row: DigitsRow): Hash {
  return hashLeaf(digitsLeafBytes(row))
}

/** The Merkle root over the rows of a slice: what a worker commits to. Zero for no rows. */
export function digitsResultRoot(rows: readonly DigitsRow[]): Hash {
  return rows.length === 0 ? zeroHash : merkleRoot(rows.map(digitsLeaf))
}
