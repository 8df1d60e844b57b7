import { createTransactionError } from './errors.ts'
import type { Transaction } from './transaction.ts'

/** Gas one transaction may ask for, EIP-7825. */
export const TX_GAS_MAX = 1n << 24n
/** Bytes of code that create a contract, EIP-3860. */
const INITCODE_SIZE_MAX = 49_152

/**
 * Refuses a transaction that no block of the chain can hold, whatever the state. With
 * `decodeTransaction` this is what `createTxFromRLP` of `@ethereumjs/tx` demands.
 *
 * @source EIP-155; EIP-1559; EIP-3860; EIP-7825
 * @throws TransactionError `TX_WRONG_CHAIN_ID`, `TX_INITCODE_TOO_BIG`, `TX_GAS_ABOVE_CAP` or
 *   `TX_TIP_ABOVE_FEE`.
 */
export function checkTransaction(tx: Transaction, chainId: bigint): void {
  if (tx.chainId !== undefined && tx.chainId !== chainId) {
    const facts = { chainId: tx.chainId, expected: chainId }
    throw createTransactionError({ code: 'TX_WRONG_CHAIN_ID', ...facts })
  }
  if (tx.to === null && tx.data.length > INITCODE_SIZE_MAX) {
    const facts = { size: tx.data.length, sizeMax: INITCODE_SIZE_MAX }
    throw createTransactionError({ code: 'TX_INITCODE_TOO_BIG', ...facts })
  }
  if (tx.gas > TX_GAS_MAX) {
    throw createTransactionError({ code: 'TX_GAS_ABOVE_CAP', gas: tx.gas, gasMax: TX_GAS_MAX })
  }
  if (tx.maxTip > tx.maxFee) {
    const facts = { maxFee: tx.maxFee, tip: tx.maxTip }
    throw createTransactionError({ code: 'TX_TIP_ABOVE_FEE', ...facts })
  }
}
