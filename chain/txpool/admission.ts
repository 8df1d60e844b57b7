import { checkTransaction } from '../codec/checkTransaction.ts'
import { TransactionError } from '../codec/errors.ts'
import { minimumGas } from '../codec/intrinsicGas.ts'
import { decodeTransaction, type Transaction } from '../codec/transaction.ts'
import type { Address } from '../primitives/hex.ts'
import type { PoolEntry, SenderState } from './entry.ts'
import { createPoolError } from './errors.ts'
import type { PoolOptions } from './options.ts'
import { costUpTo, findNonce, nextNonce, type SenderQueue } from './senderQueue.ts'

/** What the chain demands of every transaction now. */
export type AdmissionRules = {
  /** Gas that a block leaves for one transaction. */
  readonly gasMax: bigint
  /** Below this the base fee never falls, wei per gas. */
  readonly baseFeeFloor: bigint
}

/**
 * Reads a signed transaction; refuses what no block of the chain can hold.
 * @throws PoolError
 */
export function readTransaction(raw: Uint8Array, chainId: bigint): Transaction {
  try {
    const tx = decodeTransaction(raw)
    checkTransaction(tx, chainId)
    return tx
  } catch (cause) {
    if (cause instanceof TransactionError) throw createPoolError(cause.facts, { cause })
    throw cause
  }
}

/** Refuses what no state could make valid. */
export function checkStateless(tx: Transaction, rules: AdmissionRules): void {
  if (tx.gas > rules.gasMax) {
    throw createPoolError({ code: 'TX_GAS_ABOVE_BLOCK', gas: tx.gas, gasMax: rules.gasMax })
  }
  const needed = minimumGas(tx)
  if (tx.gas < needed) throw createPoolError({ code: 'TX_INTRINSIC_GAS', gas: tx.gas, needed })
  if (tx.maxFee < rules.baseFeeFloor) {
    throw createPoolError({
      code: 'TX_FEE_BELOW_FLOOR',
      maxFee: tx.maxFee,
      floor: rules.baseFeeFloor,
    })
  }
}

/** Refuses what the sender's account does not allow. */
export function checkSender(sender: Address, nonce: bigint, state: SenderState): void {
  if (state.hasContractCode) throw createPoolError({ code: 'TX_SENDER_IS_CONTRACT', sender })
  if (nonce < state.nonce) {
    throw createPoolError({ code: 'TX_NONCE_TOO_LOW', sender, nonce, expected: state.nonce })
  }
}

/** Refuses what does not go with the sender's other transactions, or is more than it may have. */
export function checkQueue(queue: SenderQueue, entry: PoolEntry, options: PoolOptions): void {
  const { sender, nonce } = entry
  const { at, found } = findNonce(queue, nonce)
  const old = found ? queue.entries[at] : undefined
  if (old !== undefined) checkReplacement(old, entry)

  const expected = nextNonce(queue)
  if (nonce > expected + BigInt(options.nonceGapMax)) {
    throw createPoolError({ code: 'TX_NONCE_TOO_HIGH', sender, nonce, expected })
  }
  const cost = costUpTo(queue, nonce, entry.cost)
  if (cost > queue.state.balance) {
    const balance = queue.state.balance
    throw createPoolError({ code: 'TX_INSUFFICIENT_FUNDS', sender, balance, cost })
  }
  if (old === undefined && queue.entries.length >= options.senderTxsMax) {
    throw createPoolError({ code: 'POOL_SENDER_FULL', sender, txsMax: options.senderTxsMax })
  }
}

function checkReplacement(old: PoolEntry, entry: PoolEntry): void {
  const maxFeeMin = raised(old.maxFee)
  const tipMin = raised(old.maxTip)
  if (entry.maxFee >= maxFeeMin && entry.maxTip >= tipMin) return
  throw createPoolError({ code: 'TX_REPLACEMENT_UNDERPRICED', hash: old.hash, maxFeeMin, tipMin })
}

/** A tenth more, rounded up, and at least one wei more. */
function raised(price: bigint): bigint {
  return price === 0n ? 1n : price + (price + 9n) / 10n
}
