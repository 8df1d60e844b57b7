import { concatBytes, hexToBytes, SECP256K1_ORDER_DIV_2 } from '@ethereumjs/util'
import type { SignedAuthorization } from '../codec/transactionLists.ts'
import { CryptoError, publicKeyToAddress, recoverPublicKey } from '../crypto/secp256k1.ts'

/** What the code of an account that delegates begins with; an address follows. @source EIP-7702 */
export const DELEGATION_PREFIX = Uint8Array.of(0xef, 0x01, 0x00)

/** Whether code delegates to the code of another account. */
export function isDelegated(code: Uint8Array): boolean {
  return code[0] === 0xef && code[1] === 0x01 && code[2] === 0x00
}

/** Who signed an authorization; undefined when nobody can have. */
export function authorityOf(item: SignedAuthorization): Uint8Array | undefined {
  if (item.s > SECP256K1_ORDER_DIV_2 || item.yParity > 1) return undefined
  const signature = concatBytes(wordOf(item.r), wordOf(item.s))
  try {
    return hexToBytes(publicKeyToAddress(recoverPublicKey(item.hash, signature, item.yParity)))
  } catch (cause) {
    if (cause instanceof CryptoError) return undefined
    throw cause
  }
}

function wordOf(value: bigint): Uint8Array {
  return hexToBytes(`0x${value.toString(16).padStart(64, '0')}`)
}
