// What is accepted, what is refused and every field agree with createTxFromRLP of @ethereumjs/tx on
// transactions of every type and on spoilt ones. fast-check prints the seed of a failure.

import { createTx, isEOACode7702Tx, type TypedTransaction } from '@ethereumjs/tx'
import {
  bigIntToUnpaddedBytes,
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  eoaCode7702AuthorizationHashedMessageToSign,
  hexToBytes,
} from '@ethereumjs/util'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkTransaction } from '../../../chain/codec/checkTransaction.ts'
import { TransactionError } from '../../../chain/codec/errors.ts'
import { floorGas, intrinsicGas, minimumGas } from '../../../chain/codec/intrinsicGas.ts'
import { signatureOf, signingHash, writeSignature } from '../../../chain/codec/signature.ts'
import { decodeTransaction, type Transaction } from '../../../chain/codec/transaction.ts'
import { accessListOf, authorizationsOf } from '../../../chain/codec/transactionLists.ts'
import { recoverAddress } from '../../../chain/crypto/secp256k1.ts'
import {
  CHAIN_ID,
  common,
  expectedTransaction,
  KEY,
  mutation,
  ORDER,
  signedTransaction,
} from './transactions.ts'

/** How many random transactions each property sees; more by hand before a release. */
const RUNS = Number(process.env.POCA_CODEC_RUNS ?? 2_000)

function decode(raw: Uint8Array): Transaction | TransactionError {
  try {
    const tx = decodeTransaction(raw)
    checkTransaction(tx, CHAIN_ID)
    return tx
  } catch (error) {
    if (error instanceof TransactionError) return error
    throw error
  }
}

/** The fields of both in one form. */
function fieldsOf(tx: Transaction): unknown {
  return {
    type: tx.type,
    chainId: tx.chainId,
    nonce: tx.nonce,
    gas: tx.gas,
    maxFee: tx.maxFee,
    maxTip: tx.maxTip,
    to: tx.to && bytesToHex(tx.to),
    value: tx.value,
    data: bytesToHex(tx.data),
    accessList: accessListOf(tx).map(({ address, storageKeys }) => [address, storageKeys]),
    authorizations: authorizationsOf(tx),
    counts: [tx.accessListAddresses, tx.accessListKeys, tx.authorizations],
    signature: signatureOf(tx),
    digest: bytesToHex(signingHash(tx)),
    gasFloor: [intrinsicGas(tx), minimumGas(tx)],
  }
}

function expectedFieldsOf(tx: TypedTransaction): unknown {
  const v = tx.v ?? 0n
  const isProtected = tx.type !== 0 || v > 28n
  const accessList = 'accessList' in tx ? tx.accessList : []
  const authorizations = isEOACode7702Tx(tx) ? tx.authorizationList : []
  return {
    type: tx.type,
    chainId: isProtected ? CHAIN_ID : undefined,
    nonce: tx.nonce,
    gas: tx.gasLimit,
    maxFee: 'maxFeePerGas' in tx ? tx.maxFeePerGas : tx.gasPrice,
    maxTip: 'maxFeePerGas' in tx ? tx.maxPriorityFeePerGas : tx.gasPrice,
    to: tx.to === undefined ? null : tx.to.toString(),
    value: tx.value,
    data: bytesToHex(tx.data),
    accessList,
    authorizations: authorizations.map(([chainId, address, nonce, yParity, r, s]) => ({
      chainId: bytesToBigInt(chainId),
      address,
      nonce: bytesToBigInt(nonce),
      yParity: Number(bytesToBigInt(yParity)),
      r: bytesToBigInt(r),
      s: bytesToBigInt(s),
      hash: eoaCode7702AuthorizationHashedMessageToSign([chainId, address, nonce]),
    })),
    counts: [
      accessList.length,
      accessList.reduce((sum, [, keys]) => sum + keys.length, 0),
      authorizations.length,
    ],
    signature: {
      r: tx.r,
      s: tx.s,
      yParity: Number(tx.type !== 0 ? v : isProtected ? (v - 35n) % 2n : v - 27n),
    },
    digest: bytesToHex(tx.getHashedMessageToSign()),
    gasFloor: [tx.getIntrinsicGas(), tx.getMinimumGasLimit()],
  }
}

function expectAgreement(raw: Uint8Array): 'taken' | 'refused' {
  const ours = decode(raw)
  const theirs = expectedTransaction(raw)
  if (theirs === undefined) {
    expect(ours, bytesToHex(raw)).toBeInstanceOf(TransactionError)
    return 'refused'
  }
  if (ours instanceof TransactionError)
    throw new Error(`refused ${bytesToHex(raw)}`, { cause: ours })
  expect(fieldsOf(ours)).toEqual(expectedFieldsOf(theirs))
  return 'taken'
}

describe('decodeTransaction', () => {
  test('agrees with @ethereumjs/tx on transactions of every type', () => {
    fc.assert(
      fc.property(signedTransaction, (tx) => {
        expect(expectAgreement(tx.serialize())).toBe('taken')
      }),
      { numRuns: RUNS },
    )
  })

  test('agrees with @ethereumjs/tx on spoilt transactions', () => {
    const outcomes = { taken: 0, refused: 0 }
    fc.assert(
      fc.property(
        signedTransaction,
        fc.array(mutation, { minLength: 1, maxLength: 8 }),
        (tx, all) => {
          const raw = tx.serialize()
          for (const mutate of all) outcomes[expectAgreement(mutate(raw))]++
        },
      ),
      { numRuns: RUNS },
    )
    // Both ways are walked often enough to mean something.
    expect(outcomes.taken).toBeGreaterThan(RUNS / 20)
    expect(outcomes.refused).toBeGreaterThan(RUNS)
  })

  test('agrees with @ethereumjs/tx on every prefix, and on bytes behind the end', () => {
    fc.assert(
      fc.property(signedTransaction, (tx) => {
        const raw = tx.serialize()
        for (let size = 1; size < raw.length; size++) {
          expect(expectAgreement(raw.subarray(0, size))).toBe('refused')
        }
        expect(expectAgreement(concatBytes(raw, Uint8Array.of(0x80)))).toBe('refused')
      }),
      { numRuns: 20 },
    )
  })

  test('agrees with @ethereumjs/tx on garbage', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 90 }), (garbage) => {
        expect(expectAgreement(garbage)).toBe('refused')
      }),
    )
  })

  test('keeps no copy: `to` and `data` are views of the bytes', () => {
    fc.assert(
      fc.property(signedTransaction, (tx) => {
        const { raw, to, data } = decodeTransaction(tx.serialize())
        if (to !== null) expect(to.buffer).toBe(raw.buffer)
        if (data.length > 0) expect(data.buffer).toBe(raw.buffer)
      }),
    )
  })

  test('reads a transaction that lies inside a bigger array', () => {
    fc.assert(
      fc.property(signedTransaction, fc.uint8Array({ maxLength: 9 }), (tx, around) => {
        const raw = tx.serialize()
        const buffer = concatBytes(around, raw, around)
        const inside = buffer.subarray(around.length, around.length + raw.length)
        expect(fieldsOf(decodeTransaction(inside))).toEqual(expectedFieldsOf(tx))
      }),
      { numRuns: 200 },
    )
  })
})

describe('what was signed', () => {
  test('recovers the sender', () => {
    fc.assert(
      fc.property(signedTransaction, (tx) => {
        const ours = decodeTransaction(tx.serialize())
        const signature = new Uint8Array(65).fill(0xff)
        expect(writeSignature(ours, signature)).toBe(64)
        signature[64] = ours.yParity
        const sender = recoverAddress(signingHash(ours), signature)
        expect(sender).toBe(tx.getSenderAddress().toString())
      }),
    )
  })

  test('is hashed right beyond the size of the scratch buffer', () => {
    for (const size of [0, 3_900, 4_000, 4_050, 4_060, 4_096, 40_000]) {
      const data = new Uint8Array(size).fill(3)
      const fields = { to: `0x${'11'.repeat(20)}`, data, gasLimit: 1_000_000n } as const
      for (const type of [0, 2]) {
        const tx = createTx({ ...fields, type }, { common }).sign(KEY)
        expect(signingHash(decodeTransaction(tx.serialize()))).toEqual(tx.getHashedMessageToSign())
      }
    }
  })
})

describe('refusals', () => {
  const raw = hexToBytes(
    `0x02f86482485001800182520894${'11'.repeat(20)}0180c001a0${'22'.repeat(32)}a0${'33'.repeat(32)}`,
  )
  const codeOf = (bytes: Uint8Array): unknown => {
    const outcome = decode(bytes)
    return outcome instanceof TransactionError ? outcome.code : outcome
  }
  const s = (value: bigint): Uint8Array => {
    const changed = raw.slice()
    changed.set(bigIntToUnpaddedBytes(value), raw.length - 32)
    return changed
  }

  test('name the fault', () => {
    expect(codeOf(raw)).toMatchObject({ nonce: 1n })
    expect(codeOf(new Uint8Array())).toBe('TX_MALFORMED')
    expect(codeOf(Uint8Array.of(3, 0xc0))).toBe('TX_TYPE_UNSUPPORTED')
    expect(codeOf(Uint8Array.of(0x7f))).toBe('TX_TYPE_UNSUPPORTED')
    expect(codeOf(s(ORDER / 2n))).toMatchObject({ nonce: 1n })
    expect(codeOf(s(ORDER / 2n + 1n))).toBe('TX_INVALID_SIGNATURE')
    const other = raw.slice()
    other[5] = 0x51
    expect(codeOf(other)).toBe('TX_WRONG_CHAIN_ID')
  })
})

describe('gas before the first opcode', () => {
  test('of a plain transfer is 21,000 by either rule', () => {
    const plain = {
      to: new Uint8Array(20),
      data: new Uint8Array(),
      dataTokens: 0,
      accessListAddresses: 0,
      accessListKeys: 0,
      authorizations: 0,
    }
    expect(intrinsicGas(plain)).toBe(21_000n)
    expect(floorGas(plain)).toBe(21_000n)
    // 32,000 for the creation, 2 for a word of initcode, 16 against 40 for its byte.
    const creation = { ...plain, to: null, data: Uint8Array.of(1), dataTokens: 4 }
    expect(intrinsicGas(creation)).toBe(53_018n)
    expect(floorGas(creation)).toBe(21_040n)
    expect(minimumGas({ ...creation, to: plain.to })).toBe(21_040n)
  })
})
