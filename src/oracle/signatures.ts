import {
  compactSignatureToSignature,
  concat,
  parseCompactSignature,
  parseSignature,
  recoverAddress,
  serializeCompactSignature,
  signatureToCompactSignature,
  size,
} from 'viem'
import type { Address, Hash, Hex } from '../../chain/primitives/hex.ts'

/** The members whose signatures count, and how many of them are needed. */
export type Committee = {
  readonly digest: Hash
  readonly members: readonly Address[]
  readonly quorum: number
}

/** Signatures as OracleHub takes them. */
export type Quorum = {
  /** Bit i: member i signed. */
  readonly bitmap: number
  /** 64 bytes each, lowest member first. */
  readonly signatures: Hex
}

/** A signature in the 64 bytes of EIP-2098. */
export function compactSignature(signature: Hex): Hex {
  return serializeCompactSignature(signatureToCompactSignature(parseSignature(signature)))
}

/**
 * The signatures among notices that are members' signatures of `digest`, by member index. Anyone
 * may post notices, so all else is passed over.
 */
export async function findSignatures(
  notices: readonly Hex[],
  digest: Hash,
  { members }: Committee,
): Promise<ReadonlyMap<number, Hex>> {
  const found = new Map<number, Hex>()
  for (const notice of notices) {
    const signer = await recoverSigner(notice, digest)
    const index = members.findIndex((member) => member.toLowerCase() === signer?.toLowerCase())
    if (index >= 0 && !found.has(index)) found.set(index, notice)
  }
  return found
}

/** A quorum out of the signatures found, the lowest indexes first; undefined while too few. */
export function takeQuorum(
  found: ReadonlyMap<number, Hex>,
  { quorum }: Committee,
): Quorum | undefined {
  if (found.size < quorum) return undefined
  const chosen = [...found].sort(([a], [b]) => a - b).slice(0, quorum)
  return {
    // At most 31 members, so every bit fits.
    bitmap: chosen.reduce((bits, [index]) => bits | (1 << index), 0),
    signatures: concat(chosen.map(([, signature]) => signature)),
  }
}

async function recoverSigner(notice: Hex, hash: Hash): Promise<Address | undefined> {
  if (size(notice) !== 64) return undefined
  try {
    const signature = compactSignatureToSignature(parseCompactSignature(notice))
    return await recoverAddress({ hash, signature })
  } catch {
    // Bytes that are no point of the curve are nobody's signature.
    return undefined
  }
}
