import { createCustomCommon, Hardfork, Mainnet } from '@ethereumjs/common'
import {
  createAccessList2930Tx,
  createEOACode7702Tx,
  createFeeMarket1559Tx,
  createLegacyTx,
  createTxFromRLP,
} from '@ethereumjs/tx'
import { bytesToHex, equalsBytes } from '@ethereumjs/util'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import fc from 'fast-check'

/** Mathematics of @noble only: no crypto of ours is plugged in. */
const commonOf = (chainId: number) =>
  createCustomCommon({ chainId }, Mainnet, { hardfork: Hardfork.Prague })

const bytes = (size: number) => fc.uint8Array({ minLength: size, maxLength: size })
const uint = (bits: number) => fc.bigInt({ min: 0n, max: (1n << BigInt(bits)) - 1n })
const key = bytes(32).filter((candidate) => secp256k1.utils.isValidSecretKey(candidate))
const accessList = fc.array(
  fc.record({ address: bytes(20), storageKeys: fc.array(bytes(32), { maxLength: 2 }) }),
  { maxLength: 2 },
)

/** A signed transaction with the sender that ethereumjs and noble see. */
export type Sample = {
  readonly raw: Uint8Array
  readonly sender: Uint8Array
  /** What was signed, hashed. */
  readonly hash: Uint8Array
}

/** Signed transactions of the types 0 (with and without a chain id), 1, 2 and 4. */
export const signedTransaction: fc.Arbitrary<Sample> = fc
  .record({
    kind: fc.constantFrom('unprotected', 'legacy', 'accessList', 'feeMarket', 'setCode'),
    key,
    chainId: fc.constantFrom(1, 127, 128, 18_512, 0xff_ff_ff_ff, 2 ** 47 + 1),
    nonce: uint(32),
    price: uint(60),
    gasLimit: fc.bigInt({ min: 10_000_000n, max: 1n << 40n }),
    to: fc.option(bytes(20), { nil: undefined }),
    value: uint(90),
    data: fc.oneof(fc.constant(new Uint8Array(0)), fc.uint8Array({ maxLength: 300 })),
    accessList,
    delegate: bytes(20),
  })
  .map(({ kind, key: privateKey, chainId, price, to, delegate, ...fields }) => {
    const common = commonOf(chainId)
    const target = to === undefined ? {} : { to }
    const list = fields.accessList.map(({ address, storageKeys }) => ({
      address: bytesToHex(address),
      storageKeys: storageKeys.map((slot) => bytesToHex(slot)),
    }))
    const { nonce, gasLimit, value, data } = fields
    const shared = { nonce, gasLimit, value, data }
    const fees = { maxFeePerGas: price, maxPriorityFeePerGas: price / 2n, accessList: list }
    const create = () => {
      if (kind === 'unprotected') {
        // Without EIP-155 before Spurious Dragon.
        const old = createCustomCommon({ chainId }, Mainnet, { hardfork: Hardfork.Homestead })
        return createLegacyTx({ ...shared, ...target, gasPrice: price }, { common: old })
      }
      if (kind === 'legacy') {
        return createLegacyTx({ ...shared, ...target, gasPrice: price }, { common })
      }
      if (kind === 'accessList') {
        const priced = { ...shared, ...target, gasPrice: price, accessList: list }
        return createAccessList2930Tx(priced, { common })
      }
      if (kind === 'feeMarket') {
        return createFeeMarket1559Tx({ ...shared, ...target, ...fees }, { common })
      }
      const authorization = {
        chainId: '0x1',
        address: bytesToHex(delegate),
        nonce: '0x1',
        yParity: '0x1',
        r: '0x1234',
        s: '0x5678',
      } as const
      const delegated = { ...fees, to: to ?? delegate, authorizationList: [authorization] }
      return createEOACode7702Tx({ ...shared, ...delegated }, { common })
    }
    const unsigned = create()
    const tx = unsigned.sign(privateKey)
    const hash = unsigned.getHashedMessageToSign()
    return { raw: tx.serialize(), sender: tx.getSenderAddress().bytes, hash }
  })

/** Transactions from a fixed seed. */
export function sampleTransactions(count: number, seed: number): readonly Sample[] {
  return fc.sample(signedTransaction, { numRuns: count, seed })
}

/**
 * The sender that ethereumjs sees in raw bytes; undefined when it refuses them. It also takes
 * second encodings, as a chain id with leading zeros, and hashes the first. They count as refused,
 * as `decodeTransaction` refuses them.
 */
export function readSenderSlowly(raw: Uint8Array, chainId: number): Uint8Array | undefined {
  try {
    const tx = createTxFromRLP(raw, { common: commonOf(chainId) })
    if (!equalsBytes(tx.serialize(), raw)) return undefined
    return tx.getSenderAddress().bytes
  } catch {
    return undefined
  }
}
