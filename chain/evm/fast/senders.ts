import { hexToBytes } from '@ethereumjs/util'
import { signingHash, writeSignature } from '../../codec/signature.ts'
import type { Transaction } from '../../codec/transaction.ts'
import { CryptoError, recoverAddress, SIGNATURE_SIZE } from '../../crypto/secp256k1.ts'
import { TransactionFault } from './faults.ts'

/**
 * Who signed a transaction, recovered here and now.
 * PERF: 50 microseconds; blocks and the pool recover theirs in worker threads.
 * @throws TransactionFault
 */
export function senderOf(tx: Transaction): Uint8Array {
  const signature = new Uint8Array(SIGNATURE_SIZE)
  writeSignature(tx, signature)
  signature[64] = tx.yParity
  try {
    return hexToBytes(recoverAddress(signingHash(tx), signature))
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause
    throw new TransactionFault('signature recovers to nobody', { cause })
  }
}
