import { RLP } from '@ethereumjs/rlp'
import { keccak256 } from '../../chain/crypto/keccak.ts'
import { sign } from '../../chain/crypto/secp256k1.ts'
import type { Address, Hex } from '../../chain/primitives/hex.ts'

/** What a transaction is to do. */
export type Intent = {
  /** Index of the sender. */
  readonly sender: number
  readonly to: Address
  readonly value: bigint
  readonly data: Hex
  readonly gas: bigint
  /** What is wrong with it on purpose. */
  readonly fault?: 'signature' | 'nonce' | 'funds'
}

/** Wei per gas that every transaction offers at most, and its tip; the floor is 1 gwei. */
const maxFeePerGas = 100_000_000_000n
const maxPriorityFeePerGas = 1_000_000_000n

/** A signed type 2 transaction in bytes. */
export function signIntent(
  intent: Intent,
  facts: { readonly chainId: bigint; readonly nonce: number; readonly key: Uint8Array },
): Uint8Array {
  const { fault } = intent
  const fields = [
    facts.chainId,
    // Used already, when the accounts begin at 1.
    fault === 'nonce' ? 0 : facts.nonce,
    maxPriorityFeePerGas,
    maxFeePerGas,
    intent.gas,
    intent.to,
    // More coin than there is.
    fault === 'funds' ? 10n ** 30n : intent.value,
    intent.data,
    [],
  ]
  const signature = sign(keccak256(typed(RLP.encode(fields))), facts.key)
  const r = strip(signature.subarray(0, 32))
  // Above half of the order: refused since Homestead, whoever signed.
  const s = fault === 'signature' ? new Uint8Array(32).fill(0xff) : signature.subarray(32, 64)
  return typed(RLP.encode([...fields, signature[64] ?? 0, r, strip(s)]))
}

function typed(payload: Uint8Array): Uint8Array {
  const out = new Uint8Array(payload.length + 1)
  out[0] = 2
  out.set(payload, 1)
  return out
}

function strip(bytes: Uint8Array): Uint8Array {
  const first = bytes.findIndex((byte) => byte !== 0)
  return bytes.subarray(first < 0 ? bytes.length : first)
}
