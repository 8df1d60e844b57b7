// What is accepted, what is refused and every field agree with createTxFromRLP of @ethereumjs/tx on
// transactions of every type and on spoilt ones. fast-check prints the seed of a failure.

import { type Input, RLP } from '@ethereumjs/rlp'
import { createTx, createTxFromRLP, isEOACode7702Tx, type TypedTransaction } from '@ethereumjs/tx'
import {
  bytesToBigInt,
  bytesToHex,
  concatBytes,
  eoaCode7702AuthorizationHashedMessageToSign,
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
  const address = new Uint8Array(20).fill(0x11)
  const word = new Uint8Array(32).fill(0x22)
  const fields = {
    chainId: CHAIN_ID,
    nonce: 1n,
    tip: 0n,
    fee: 1n,
    gas: 21_000n,
    to: address,
    value: 1n,
    data: new Uint8Array(),
    accessList: [] as Input,
    yParity: 1n,
    r: word,
    s: word,
  }
  /** Undefined when the transaction is taken. */
  const codeOf = (raw: Uint8Array): string | undefined => {
    expectAgreement(raw)
    const outcome = decode(raw)
    return outcome instanceof TransactionError ? outcome.code : undefined
  }
  const typed = (changes: { readonly [K in keyof typeof fields]?: Input }): string | undefined =>
    codeOf(Uint8Array.of(2, ...RLP.encode(Object.values({ ...fields, ...changes }))))
  const legacy = (v: Input): string | undefined =>
    codeOf(RLP.encode([1n, 1n, 21_000n, address, 1n, new Uint8Array(), v, word, word]))
  const delegating = (...entry: Input[]): string | undefined => {
    const { yParity, r, s, ...signed } = fields
    const list = [...Object.values(signed), [entry], yParity, r, s]
    return codeOf(Uint8Array.of(4, ...RLP.encode(list)))
  }

  test('name the type', () => {
    expect(decode(new Uint8Array())).toMatchObject({ code: 'TX_MALFORMED' })
    expect(codeOf(Uint8Array.of(3, 0xc0))).toBe('TX_TYPE_UNSUPPORTED')
    expect(codeOf(Uint8Array.of(0x7f))).toBe('TX_TYPE_UNSUPPORTED')
    expect(codeOf(Uint8Array.of(0xbf))).toBe('TX_TYPE_UNSUPPORTED')
  })

  test.each([
    ['TX_INVALID_SIGNATURE', 'r', [0n, ORDER, 2n ** 256n - 1n]],
    [undefined, 'r', [1n, ORDER - 1n]],
    ['TX_INVALID_SIGNATURE', 's', [0n, ORDER / 2n + 1n, ORDER]],
    [undefined, 's', [1n, ORDER / 2n]],
    ['TX_INVALID_SIGNATURE', 'yParity', [2n, 27n, 2n ** 64n]],
    [undefined, 'yParity', [0n]],
    ['TX_WRONG_CHAIN_ID', 'chainId', [0n, CHAIN_ID + 1n]],
    ['TX_MALFORMED', 'nonce', [2n ** 64n - 1n, 2n ** 64n]],
    [undefined, 'nonce', [0n, 2n ** 64n - 2n]],
    ['TX_GAS_ABOVE_CAP', 'gas', [2n ** 24n + 1n, 2n ** 64n - 1n]],
    ['TX_MALFORMED', 'gas', [2n ** 64n]],
    [undefined, 'gas', [0n, 2n ** 24n]],
    ['TX_TIP_ABOVE_FEE', 'tip', [2n]],
    [undefined, 'tip', [1n]],
    ['TX_MALFORMED', 'value', [2n ** 256n]],
    ['TX_MALFORMED', 'to', [1n, word]],
    ['TX_MALFORMED', 'data', [[], [word]]],
    ['TX_MALFORMED', 'accessList', [0n, [word], [[address]], [[word, []]], [[address, [address]]]]],
    ['TX_MALFORMED', 'accessList', [[[address, [], word]], [[address, word]], [[address, []], []]]],
    [undefined, 'accessList', [[[address, [word, word]]]]],
  ] as const)('%s when %s is at or past its edge', (code, field, values) => {
    // A readonly literal; the encoder only reads it.
    for (const value of values) expect(typed({ [field]: value as Input })).toBe(code)
  })

  test('go beyond @ethereumjs/tx where that lets a second encoding pass', () => {
    const encode = (changes: { readonly [K in keyof typeof fields]?: Input }): Uint8Array =>
      Uint8Array.of(2, ...RLP.encode(Object.values({ ...fields, ...changes })))
    const { yParity: _y, r: _r, s: _s, ...unsigned } = fields
    const second = [
      encode({ accessList: new Uint8Array() }),
      encode({ accessList: [[address, new Uint8Array()]] }),
      encode({ accessList: [[[...address].map((byte) => Uint8Array.of(byte)), []]] }),
      encode({ chainId: Uint8Array.of(0, 0x48, 0x50) }),
      encode({ r: new Uint8Array(), s: new Uint8Array() }),
      Uint8Array.of(2, ...RLP.encode(Object.values(unsigned))),
    ]
    for (const raw of second) {
      expect(() => createTxFromRLP(raw, { common })).not.toThrow()
      expect(codeOf(raw)).toMatch(/^TX_(MALFORMED|INVALID_SIGNATURE)$/)
    }
  })

  test('end where gas * price needs more than 256 bits', () => {
    const fee = (2n ** 256n - 1n) / 3n
    expect(typed({ gas: 3n, fee })).toBeUndefined()
    expect(typed({ gas: 3n, fee: fee + 1n })).toBe('TX_MALFORMED')
  })

  test('end where initcode is bigger than 49,152 bytes', () => {
    const to = new Uint8Array()
    expect(typed({ to, data: new Uint8Array(49_152) })).toBeUndefined()
    expect(typed({ to, data: new Uint8Array(49_153) })).toBe('TX_INITCODE_TOO_BIG')
    expect(typed({ data: new Uint8Array(49_153) })).toBeUndefined()
  })

  test('of legacy transactions follow from v', () => {
    for (const v of [27n, 28n, 2n * CHAIN_ID + 35n, 2n * CHAIN_ID + 36n]) {
      expect(legacy(v)).toBeUndefined()
    }
    for (const v of [0n, 26n, 29n, 34n]) expect(legacy(v)).toBe('TX_INVALID_SIGNATURE')
    for (const v of [35n, 2n * CHAIN_ID + 37n]) expect(legacy(v)).toBe('TX_WRONG_CHAIN_ID')
    expect(legacy(2n ** 64n)).toBe('TX_MALFORMED')
  })

  test('of authorizations follow from their sizes', () => {
    const max = 2n ** 256n - 1n
    expect(delegating(max, address, 2n ** 64n - 1n, 255n, max, max)).toBeUndefined()
    const bad = [
      [max + 1n, address, 0n, 0n, 1n, 1n],
      [0n, word, 0n, 0n, 1n, 1n],
      [0n, address, 2n ** 64n, 0n, 1n, 1n],
      [0n, address, 0n, 256n, 1n, 1n],
      [0n, address, 0n, 0n, max + 1n, 1n],
      [0n, address, 0n, 0n, 1n, max + 1n],
      [0n, address, 0n, 0n, 1n],
      [0n, address, 0n, 0n, 1n, 1n, 1n],
      [0n, address, 0n, 0n, 1n, []],
    ] as const
    // A readonly literal; the encoder only reads it.
    for (const entry of bad) expect(delegating(...(entry as readonly Input[]))).toBe('TX_MALFORMED')
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
