import { createTx, type TypedTxData } from '@ethereumjs/tx'
import { bytesToHex, eoaCode7702SignAuthorization, type PrefixedHexString } from '@ethereumjs/util'
import { withNativeCrypto } from '../../chain/evm/workspace.ts'
import { commonOf } from '../../chain/params/common.ts'
import { dev } from '../../chain/params/specs.ts'
import type { Case } from './cases.ts'

/** The rules that everything is measured under. */
export const common = withNativeCrypto(commonOf(dev))
/** Who sends the transactions. */
export const senderKey = new Uint8Array(32).fill(3)
export const SENDER_BALANCE = 10n ** 24n

const FEE = 10n ** 9n

/** Transactions whose gas goes elsewhere than into instructions. Decoding and recovery count. */
export function transactionCases(): readonly Case[] {
  const hexOf = (seed: number, size: number): PrefixedHexString =>
    bytesToHex(new Uint8Array(size).map((_, i) => ((seed * 31 + i * 7) % 255) + 1))
  const accessList = (accounts: number, slots: number) =>
    Array.from({ length: accounts }, (_, i) => ({
      address: hexOf(i + 1, 20),
      storageKeys: Array.from({ length: slots }, (_, j) => hexOf(i + 1_000 + j * 3, 32)),
    }))
  return [
    transactions('transfer', 100, (nonce) => ({
      nonce,
      to: hexOf(1, 20),
      value: 1n,
      gasLimit: 21_000n,
    })),
    transactions('transfers to new accounts', 100, (nonce) => ({
      nonce,
      to: `0x${(nonce + 1n).toString(16).padStart(40, 'a')}`,
      value: 1n,
      gasLimit: 21_000n,
    })),
    transactions('calldata of zeros, 100 KiB', 4, (nonce) => ({
      nonce,
      to: hexOf(1, 20),
      data: new Uint8Array(100 * 1_024),
      gasLimit: 5_000_000n,
    })),
    transactions('calldata without zeros, 100 KiB', 4, (nonce) => ({
      nonce,
      to: hexOf(1, 20),
      data: hexOf(1, 100 * 1_024),
      gasLimit: 5_000_000n,
    })),
    transactions('access list of 1,000 accounts', 2, (nonce) => ({
      nonce,
      type: 2,
      to: hexOf(1, 20),
      accessList: accessList(1_000, 0),
      gasLimit: 5_000_000n,
    })),
    transactions('access list of 1,000 slots', 2, (nonce) => ({
      nonce,
      type: 2,
      to: hexOf(1, 20),
      accessList: accessList(1, 1_000),
      gasLimit: 5_000_000n,
    })),
    transactions('100 authorizations', 2, (nonce) => ({
      nonce,
      type: 4,
      to: hexOf(1, 20),
      authorizationList: Array.from({ length: 100 }, (_, i) => authorization(Number(nonce), i)),
      gasLimit: 5_000_000n,
    })),
    transactions('creation of an empty contract', 20, (nonce) => ({ nonce, gasLimit: 60_000n })),
  ]
}

function authorization(round: number, index: number) {
  const key = new Uint8Array(32).fill(1)
  key[30] = round + 1
  key[31] = index + 1
  return eoaCode7702SignAuthorization(
    { chainId: `0x${dev.chainId.toString(16)}`, address: `0x${'11'.repeat(20)}`, nonce: '0x' },
    key,
  )
}

function transactions(
  name: string,
  count: number,
  make: (nonce: bigint) => TypedTxData & { readonly nonce: bigint },
): Case {
  const raw = Array.from({ length: count }, (_, i) => {
    const data = { type: 2, maxFeePerGas: FEE, maxPriorityFeePerGas: 0n, ...make(BigInt(i)) }
    // The fields of each type are those that `make` gives; the library checks them.
    return createTx(data as TypedTxData, { common })
      .sign(senderKey)
      .serialize()
  })
  return { name, group: 'transactions', transactions: raw }
}
