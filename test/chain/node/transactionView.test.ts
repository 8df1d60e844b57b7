// A transaction is shown as @ethereumjs/tx reads it, whatever its type.
import type { TypedTransaction } from '@ethereumjs/tx'
import { bytesToBigInt, bytesToHex } from '@ethereumjs/util'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { transactionViewOf } from '../../../chain/node/transactionView.ts'
import { signedTransaction } from '../codec/transactions.ts'

const seed = Number(process.env.POCA_SEED ?? Math.floor(Math.random() * 2 ** 31))
const sender = `0x${'ab'.repeat(20)}` as const

/** The fields that every type has, and those of each type. */
function expected(tx: TypedTransaction) {
  const { v = 0n, r, s, type } = tx
  const prices =
    'maxFeePerGas' in tx
      ? {
          gasPrice: tx.maxFeePerGas,
          maxFeePerGas: tx.maxFeePerGas,
          maxPriorityFeePerGas: tx.maxPriorityFeePerGas,
        }
      : { gasPrice: tx.gasPrice }
  const chainId = type !== 0 && 'chainId' in tx ? tx.chainId : (v - 35n) / 2n
  return {
    hash: bytesToHex(tx.hash()),
    type,
    from: sender,
    to: tx.to === undefined ? null : bytesToHex(tx.to.bytes),
    nonce: tx.nonce,
    gas: tx.gasLimit,
    value: tx.value,
    input: bytesToHex(tx.data),
    ...prices,
    // EIP-155: 27 and 28 name no chain.
    ...(type === 0 && v < 35n ? {} : { chainId }),
    ...('accessList' in tx
      ? {
          accessList: tx.accessList.map(([address, keys]) => ({
            address: bytesToHex(address),
            storageKeys: keys.map((key) => bytesToHex(key)),
          })),
        }
      : {}),
    ...('authorizationList' in tx
      ? {
          authorizationList: tx.authorizationList.map(
            ([chain, address, nonce, yParity, authR, authS]) => ({
              chainId: bytesToBigInt(chain),
              address: bytesToHex(address),
              nonce: bytesToBigInt(nonce),
              yParity: bytesToBigInt(yParity) === 0n ? 0 : 1,
              r: bytesToBigInt(authR),
              s: bytesToBigInt(authS),
            }),
          ),
        }
      : {}),
    v,
    r,
    s,
    ...(type === 0 ? {} : { yParity: v === 0n ? 0 : 1 }),
    raw: bytesToHex(tx.serialize()),
  }
}

test('every type has the fields that the library reads', () => {
  console.log(`POCA_SEED=${seed}`)
  fc.assert(
    fc.property(signedTransaction, (tx) => {
      expect(transactionViewOf(tx.serialize(), sender)).toEqual(expected(tx))
    }),
    { seed, numRuns: 300 },
  )
})
