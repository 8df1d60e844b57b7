// Transactions as plans: what to send, by whom, and what is wrong with it on purpose. A plan is
// signed when it is its turn, with the nonce and balance that the chain has then, so that leaving
// out a transaction leaves the others as they were meant.
import { bytesToHex, concatBytes, hexToBytes } from '@ethereumjs/util'
import { keccak256 } from '../../../../chain/crypto/keccak.ts'
import type { Address, Hash, Hex } from '../../../../chain/primitives/hex.ts'
import {
  type AccessListItem,
  CURVE_ORDER,
  encodeTransaction,
  type SignedAuthorization,
  signAuthorization,
  type TransactionFields,
} from './rawTransaction.ts'
import { encodeSteps, type StepKind, stepKinds } from './script.ts'
import { contractIndexes, keys, senders, spec } from './world.ts'

/** A transaction that is yet to be signed; survives JSON. */
export type TransactionPlan = {
  /** Index of the key that signs. */
  readonly sender: number
  readonly type: TransactionFields['type']
  readonly isProtected: boolean
  readonly chainId: Hex
  /** Added to the nonce that is due. */
  readonly nonceDelta: number
  readonly to: Address | null
  /** Wei; or all that the sender can spend, and one more. */
  readonly value: Hex | 'all' | 'tooMuch'
  readonly payload: Payload
  /** The limit, or the distance from what is needed at least. */
  readonly gas: { readonly from: 'zero' | 'intrinsic' | 'floor'; readonly plus: number }
  /** Wei per gas above the base fee; negative when below. */
  readonly feeDelta: number
  /** Wei per gas. */
  readonly tip: number
  readonly accessList: readonly AccessListItem[]
  readonly authorizations: readonly AuthorizationPlan[]
  readonly damage?: Damage | undefined
}

/** Calldata or init code. */
export type Payload = { readonly hex: Hex } | { readonly steps: readonly StepPlan[] }

export type StepPlan = {
  readonly kind: StepKind
  readonly a: Hex
  readonly b: Hex
  readonly payload: Payload
}

/** An authorization, and what is wrong with it. */
export type AuthorizationPlan = {
  readonly signer: number
  readonly address: Address
  readonly chainId: Hex
  /** Added to the nonce that is due. */
  readonly nonceDelta: number
  readonly fault: AuthorizationFault
}

export const authorizationFaults = [
  ...(['none', 'parity', 'highS', 'zeroR', 'zeroS', 'largeR', 'nonceMax', 'garbage'] as const),
] as const
export type AuthorizationFault = (typeof authorizationFaults)[number]

/** What happens to the signed bytes. */
export type Damage = {
  readonly kind: 'flip' | 'cut' | 'append' | 'insert' | 'type'
  readonly at: number
  readonly byte: number
}

/** What signing must know of the chain. */
export type View = {
  readonly baseFee: bigint
  /** By address. */
  readonly nonces: Map<Address, bigint>
  readonly balances: Map<Address, bigint>
}

export type Signed = {
  readonly raw: Uint8Array
  readonly hash: Hash
  readonly gas: bigint
  readonly sender: Address
}

/** Signs a plan and notes in `view` what it changes if it is carried out. */
export function realize(plan: TransactionPlan, view: View): Signed {
  const key = keys[plan.sender]
  const sender = senders[plan.sender]
  if (key === undefined || sender === undefined) throw new RangeError(`no key ${plan.sender}`)
  const due = view.nonces.get(sender) ?? 0n
  const data = bytesOf(plan.payload)
  const maxFee = atLeastZero(view.baseFee + BigInt(plan.feeDelta))
  const isTyped = plan.type >= 2
  const draft: TransactionFields = {
    type: plan.type,
    chainId: BigInt(plan.chainId),
    isProtected: plan.isProtected,
    nonce: clamp(due + BigInt(plan.nonceDelta)),
    maxFee: isTyped ? maxFee : atLeastZero(maxFee + BigInt(plan.tip)),
    maxTip: BigInt(plan.tip),
    gas: 0n,
    to: plan.to,
    value: 0n,
    data,
    accessList: plan.type === 0 ? [] : plan.accessList,
    authorizations: plan.type === 4 ? plan.authorizations.map((one) => authorize(one, view)) : [],
  }
  const gas = atLeastZero(gasFrom(plan.gas.from, draft) + BigInt(plan.gas.plus))
  const value = sentValue(plan, view.balances.get(sender) ?? 0n, gas * draft.maxFee)
  const raw = damaged(encodeTransaction({ ...draft, gas, value }, key), plan.damage)
  const cost = gas * draft.maxFee + value
  if (isAcceptable(plan, { ...draft, gas, value }, view.balances.get(sender) ?? 0n)) {
    view.nonces.set(sender, due + 1n)
    view.balances.set(sender, (view.balances.get(sender) ?? 0n) - cost)
  }
  return { raw, hash: bytesToHex(keccak256(raw)), gas, sender }
}

/** Whether a transaction will be executed, as far as that can be told. */
function isAcceptable(plan: TransactionPlan, tx: TransactionFields, balance: bigint): boolean {
  const { type, gas } = tx
  const isOfChain = (type === 0 && !tx.isProtected) || tx.chainId === spec.chainId
  const isWhole = plan.nonceDelta === 0 && plan.damage === undefined && type !== 3
  const isDelegation = type !== 4 || (tx.to !== null && tx.authorizations.length > 0)
  const gasMin = [gasFrom('intrinsic', tx), gasFrom('floor', tx)]
  return (
    isOfChain &&
    isWhole &&
    isDelegation &&
    gasMin.every((least) => gas >= least) &&
    gas <= TX_GAS_MAX &&
    plan.feeDelta >= 0 &&
    (type < 2 || tx.maxTip <= tx.maxFee) &&
    gas * tx.maxFee + tx.value <= balance &&
    !contractIndexes.includes(plan.sender) &&
    (tx.to !== null || tx.data.length <= INIT_CODE_SIZE_MAX)
  )
}

/** Gas that one transaction may have (EIP-7825). */
const TX_GAS_MAX = 16_777_216n
/** Bytes of init code (EIP-3860). */
const INIT_CODE_SIZE_MAX = 49_152

function authorize(plan: AuthorizationPlan, view: View): SignedAuthorization {
  const key = keys[plan.signer]
  const signer = senders[plan.signer]
  if (key === undefined || signer === undefined) throw new RangeError(`no key ${plan.signer}`)
  const due = view.nonces.get(signer) ?? 0n
  const nonce = plan.fault === 'nonceMax' ? 2n ** 64n - 1n : clamp(due + BigInt(plan.nonceDelta))
  const chainId = BigInt(plan.chainId)
  const good = signAuthorization({ chainId, address: plan.address, nonce }, key)
  const isApplied =
    plan.fault === 'none' && plan.nonceDelta === 0 && (chainId === 0n || chainId === spec.chainId)
  if (isApplied) view.nonces.set(signer, due + 1n)
  switch (plan.fault) {
    case 'parity':
      return { ...good, yParity: 2n }
    case 'highS':
      return { ...good, s: CURVE_ORDER - good.s, yParity: 1n - good.yParity }
    case 'zeroR':
      return { ...good, r: 0n }
    case 'zeroS':
      return { ...good, s: 0n }
    case 'largeR':
      return { ...good, r: CURVE_ORDER }
    case 'garbage':
      return { ...good, r: good.s, s: good.r >> 1n }
    default:
      return good
  }
}

/** Bytes of a payload; steps may hold payloads of their own. */
export function bytesOf(payload: Payload): Uint8Array {
  if ('hex' in payload) return hexToBytes(payload.hex)
  return encodeSteps(
    payload.steps.map(({ kind, a, b, payload: inner }) => ({
      kind: stepKinds.includes(kind) ? kind : 'stop',
      a: BigInt(a),
      b: BigInt(b),
      payload: bytesOf(inner),
    })),
  )
}

function sentValue({ value }: TransactionPlan, balance: bigint, fees: bigint): bigint {
  if (value === 'all') return atLeastZero(balance - fees)
  if (value === 'tooMuch') return atLeastZero(balance - fees) + 1n
  return BigInt(value)
}

/** Least gas that a rule asks for: by what the transaction holds, or by its calldata (EIP-7623). */
function gasFrom(from: TransactionPlan['gas']['from'], tx: TransactionFields): bigint {
  if (from === 'zero') return 0n
  const zeros = tx.data.reduce((count, byte) => count + (byte === 0 ? 1 : 0), 0)
  const others = tx.data.length - zeros
  const tokens = BigInt(zeros + 4 * others)
  if (from === 'floor') return 21_000n + 10n * tokens
  const slots = tx.accessList.reduce((count, { storageKeys }) => count + storageKeys.length, 0)
  const creation = tx.to === null ? 32_000n + 2n * BigInt(Math.ceil(tx.data.length / 32)) : 0n
  return (
    21_000n +
    4n * tokens +
    creation +
    2_400n * BigInt(tx.accessList.length) +
    1_900n * BigInt(slots) +
    25_000n * BigInt(tx.authorizations.length)
  )
}

function damaged(raw: Uint8Array, damage: Damage | undefined): Uint8Array {
  if (damage === undefined) return raw
  const at = damage.at % raw.length
  switch (damage.kind) {
    case 'flip': {
      const out = raw.slice()
      out[at] = (out[at] ?? 0) ^ (damage.byte || 1)
      return out
    }
    case 'cut':
      return raw.slice(0, at)
    case 'append':
      return concatBytes(raw, Uint8Array.of(damage.byte))
    case 'insert':
      return concatBytes(raw.subarray(0, at), Uint8Array.of(damage.byte), raw.subarray(at))
    case 'type': {
      const out = raw.slice()
      out[0] = damage.byte
      return out
    }
  }
}

function atLeastZero(value: bigint): bigint {
  return value < 0n ? 0n : value
}

function clamp(nonce: bigint): bigint {
  return nonce < 0n ? 0n : nonce % 2n ** 64n
}
