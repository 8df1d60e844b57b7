import { toHex } from '../codec/bytes.ts'
import { signatureOf } from '../codec/signature.ts'
import { decodeTransaction, type Transaction } from '../codec/transaction.ts'
import {
  accessListOf,
  authorizationsOf,
  type SignedAuthorization,
} from '../codec/transactionLists.ts'
import { keccak256 } from '../crypto/keccak.ts'
import type { Address } from '../primitives/hex.ts'
import type { AuthorizationView, TransactionView } from '../rpc/backend.ts'

/** A signed transaction as RPC shows it; whoever asks knows its sender. */
export function transactionViewOf(raw: Uint8Array, from: Address): TransactionView {
  const tx = decodeTransaction(raw)
  const { type, chainId, to } = tx
  const { r, s, yParity } = signatureOf(tx)
  return {
    hash: toHex(keccak256(raw)),
    type,
    from,
    to: to === null ? null : toHex(to),
    nonce: tx.nonce,
    gas: tx.gas,
    value: tx.value,
    input: toHex(tx.data),
    gasPrice: tx.maxFee,
    ...(type < 2 ? {} : { maxFeePerGas: tx.maxFee, maxPriorityFeePerGas: tx.maxTip }),
    ...(chainId === undefined ? {} : { chainId }),
    ...(type === 0 ? {} : { accessList: accessListViewOf(tx) }),
    ...(type === 4 ? { authorizationList: authorizationsOf(tx).map(authorizationViewOf) } : {}),
    v: vOf(tx, yParity),
    r,
    s,
    ...(type === 0 ? {} : { yParity }),
    raw: toHex(raw),
  }
}

/** @source EIP-155; EIP-2718 */
function vOf({ type, chainId }: Transaction, yParity: 0 | 1): bigint {
  const bit = BigInt(yParity)
  if (type !== 0) return bit
  return chainId === undefined ? 27n + bit : 35n + 2n * chainId + bit
}

function accessListViewOf(tx: Transaction) {
  return accessListOf(tx).map(({ address, storageKeys }) => ({
    address: toHex(address),
    storageKeys: storageKeys.map(toHex),
  }))
}

function authorizationViewOf(item: SignedAuthorization): AuthorizationView {
  const { chainId, address, nonce, yParity, r, s } = item
  return { chainId, address: toHex(address), nonce, yParity: yParity === 0 ? 0 : 1, r, s }
}
