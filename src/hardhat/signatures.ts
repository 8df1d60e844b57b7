import {
  concat,
  type Hash,
  type Hex,
  parseSignature,
  serializeCompactSignature,
  signatureToCompactSignature,
} from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { accountOf } from './accounts.ts'

/** Signatures as OracleHub takes them. */
export type QuorumSignatures = {
  /** Bit i: member i signed. */
  readonly bitmap: number
  /** 64 bytes each (EIP-2098), lowest member first. */
  readonly signatures: Hex
}

/** Real signatures of a digest by the members at `indexes`, all of them development accounts. */
export async function signAs(
  members: readonly Address[],
  indexes: readonly number[],
  hash: Hash,
): Promise<QuorumSignatures> {
  const ascending = [...indexes].sort((a, b) => a - b)
  const signatures = await Promise.all(
    ascending.map(async (index) => {
      const member = members[index]
      if (member === undefined) throw new RangeError(`there is no member ${index}`)
      const signature = parseSignature(await accountOf(member).sign({ hash }))
      return serializeCompactSignature(signatureToCompactSignature(signature))
    }),
  )
  return {
    // At most 31 members, so every bit fits.
    bitmap: ascending.reduce((bits, index) => bits | (1 << index), 0),
    signatures: concat(signatures),
  }
}

/** The first so many indexes. */
export function firstOf(count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => index)
}
