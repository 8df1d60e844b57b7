import type { Common } from '@ethereumjs/common'
import { createTxFromRLP, type TypedTransaction } from '@ethereumjs/tx'
import { bytesToBigInt, bytesToHex } from '@ethereumjs/util'
import { assert } from '../primitives/assert.ts'
import type { Address, Hash } from '../primitives/hex.ts'
import type { AuthorizationView, TransactionView } from '../rpc/backend.ts'

/** A signed transaction as RPC shows it; whoever asks knows its sender. */
export function transactionViewOf(raw: Uint8Array, from: Address, common: Common): TransactionView {
  const tx = createTxFromRLP(raw, { common })
  const { v, r, s, type } = tx
  assert(v !== undefined && r !== undefined && s !== undefined, 'the transaction is signed')
  const isTyped = type !== 0
  return {
    hash: bytesToHex(tx.hash()),
    type,
    from,
    to: tx.to === undefined ? null : bytesToHex(tx.to.bytes),
    nonce: tx.nonce,
    gas: tx.gasLimit,
    value: tx.value,
    input: bytesToHex(tx.data),
    ...feesOf(tx),
    ...(isTyped && 'chainId' in tx ? { chainId: tx.chainId } : legacyChainId(v)),
    ...('accessList' in tx ? { accessList: accessListOf(tx.accessList) } : {}),
    ...('authorizationList' in tx
      ? { authorizationList: tx.authorizationList.map(authorizationOf) }
      : {}),
    v,
    r,
    s,
    ...(isTyped ? { yParity: v === 0n ? 0 : 1 } : {}),
    raw: bytesToHex(raw),
  }
}

function feesOf(tx: TypedTransaction) {
  if (!('maxFeePerGas' in tx)) return { gasPrice: tx.gasPrice }
  const { maxFeePerGas, maxPriorityFeePerGas } = tx
  return { gasPrice: maxFeePerGas, maxFeePerGas, maxPriorityFeePerGas }
}

/** EIP-155: v is chainId * 2 + 35 or 36; older signatures name no chain. */
function legacyChainId(v: bigint): { readonly chainId?: bigint } {
  return v >= 35n ? { chainId: (v - 35n) / 2n } : {}
}

type AccessListBytes = readonly (readonly [Uint8Array, readonly Uint8Array[]])[]

function accessListOf(list: AccessListBytes) {
  return list.map(([address, keys]) => ({
    address: bytesToHex(address),
    storageKeys: keys.map((key): Hash => bytesToHex(key)),
  }))
}

function authorizationOf(fields: readonly Uint8Array[]): AuthorizationView {
  const [chainId, address, nonce, yParity, r, s] = fields.map((field) => bytesToBigInt(field))
  assert(address !== undefined && s !== undefined, 'an authorization has six fields')
  return {
    chainId: chainId ?? 0n,
    address: bytesToHex(fields[1] ?? new Uint8Array()),
    nonce: nonce ?? 0n,
    yParity: yParity === 0n ? 0 : 1,
    r: r ?? 0n,
    s,
  }
}
