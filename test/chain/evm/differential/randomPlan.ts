import { bytesToHex, concatBytes } from '@ethereumjs/util'
import type { Address, Hash, Hex } from '../../../../chain/primitives/hex.ts'
import { assemble } from './assembler.ts'
import type { Damage, Payload, StepPlan, TransactionPlan } from './plan.ts'
import { type AuthorizationPlan, authorizationFaults } from './plan.ts'
import type { Random } from './random.ts'
import { randomCode } from './randomCode.ts'
import type { AccessListItem } from './rawTransaction.ts'
import { callTarget, type StepKind, stepKinds } from './script.ts'
import { CLAIM_SELECTOR, keys, places, SWITCH_SELECTOR, senders, spec, word } from './world.ts'

const CHAIN_ID: Hex = `0x${spec.chainId.toString(16)}`

/** A random transaction: mostly a good one, now and then with one thing wrong. */
export function randomPlan(random: Random): TransactionPlan {
  const plan = basicPlan(random)
  return random.below(100) < 18 ? twisted(plan, random) : plan
}

function basicPlan(random: Random): TransactionPlan {
  const draw = random.below(100)
  const base: TransactionPlan = {
    sender: randomSender(random),
    type: random.pick([0, 1, 2, 2, 2, 4]),
    isProtected: !random.oneIn(5),
    chainId: CHAIN_ID,
    nonceDelta: 0,
    to: randomAddress(random),
    value: randomValue(random),
    payload: { hex: '0x' },
    gas: { from: 'intrinsic', plus: 300_000 },
    feeDelta: random.pick([0, 1, 1_000_000_000, 9_000_000_000]),
    tip: random.pick([0, 0, 1, 1_000_000_000]),
    accessList: random.oneIn(3) ? randomAccessList(random) : [],
    authorizations: [],
  }
  // Nothing else is a plain transfer, and that is what most are.
  if (draw < 52) {
    const gas = random.pick<TransactionPlan['gas']>([
      { from: 'zero', plus: 21_000 },
      { from: 'zero', plus: 21_001 },
      { from: 'intrinsic', plus: 0 },
      { from: 'intrinsic', plus: 50_000 },
    ])
    // An access list is what makes some of them no plain ones.
    const accessList = random.oneIn(4) ? base.accessList : []
    return { ...base, type: random.pick([0, 1, 2, 2]), accessList, gas }
  }
  if (draw < 81) return { ...base, ...scriptCall(random), type: random.pick([0, 1, 2, 2]) }
  if (draw < 88) return creation(base, random)
  if (draw < 94) return delegation(base, random)
  if (draw < 97) {
    const to = random.oneIn(4) ? places.params : places.hub
    return { ...base, to, payload: hubCall(random), gas: { from: 'intrinsic', plus: 60_000 } }
  }
  const data = random.bytes(random.pick([1, 4, 32, 213, 600]))
  if (random.oneIn(2)) data.fill(0, random.below(data.length))
  const type = random.pick([0, 1, 2])
  return { ...base, type, payload: { hex: bytesToHex(data) }, gas: { from: 'floor', plus: 90_000 } }
}

function scriptCall(random: Random): Pick<TransactionPlan, 'to' | 'payload' | 'gas'> {
  const gas = random.pick([60_000, 400_000, 400_000, 1_500_000])
  return {
    to: random.pick([...scriptTargets(random)]),
    payload: { steps: randomSteps(random, 3) },
    gas: { from: random.pick(['intrinsic', 'intrinsic', 'floor']), plus: gas },
  }
}

/** Contracts that take steps, accounts delegated to them included. */
function scriptTargets(random: Random): readonly [Address, ...Address[]] {
  const [first = places.plain, ...rest] = places.scripts
  return random.oneIn(4) ? [senders[1] ?? first, senders[11] ?? first] : [first, ...rest]
}

function creation(base: TransactionPlan, random: Random): TransactionPlan {
  const payload = { hex: bytesToHex(randomInitCode(random)) }
  const gas = { from: 'intrinsic', plus: random.pick([0, 40_000, 400_000, 6_000_000]) } as const
  return { ...base, type: random.pick([0, 1, 2]), to: null, payload, gas }
}

function delegation(base: TransactionPlan, random: Random): TransactionPlan {
  const count = random.pick([1, 1, 2, 3, 0])
  const authorizations = Array.from({ length: count }, () => randomAuthorization(random))
  const call = random.oneIn(2) ? scriptCall(random) : { to: randomAddress(random) }
  const gas = { from: 'intrinsic', plus: random.pick([0, 200_000]) } as const
  return { ...base, ...call, type: 4, authorizations, gas }
}

function randomAuthorization(random: Random): AuthorizationPlan {
  const isGood = !random.oneIn(4)
  const targets = [...places.scripts, ...places.random, places.big, places.plain] as const
  return {
    signer: random.below(keys.length),
    address: random.oneIn(4)
      ? random.pick([`0x${'0'.repeat(40)}`, ...places.precompiles, ...senders])
      : (targets[random.below(targets.length)] ?? places.plain),
    chainId: random.pick([CHAIN_ID, CHAIN_ID, '0x0', ...(isGood ? [] : (['0x1'] as const))]),
    nonceDelta: isGood ? 0 : random.pick([0, 1, -1]),
    fault: isGood ? 'none' : random.pick(authorizationFaults),
  }
}

/** Data for the hub: its switch, its claim, nothing, and the call that only proposers may make. */
function hubCall(random: Random): Payload {
  const call = (selector: bigint, argument: bigint): Payload => ({
    hex: `0x${selector.toString(16).padStart(8, '0')}${word(argument).slice(2)}`,
  })
  switch (random.below(12)) {
    case 0:
      return call(SWITCH_SELECTOR, 1n)
    case 1:
    case 2:
    case 3:
      return call(SWITCH_SELECTOR, 0n)
    case 4:
      return call(CLAIM_SELECTOR, random.pick([0n, 3n, 5n, 8n, 200n, 2_000_000_000n]))
    default:
      return { hex: bytesToHex(random.bytes(random.below(5))) }
  }
}

/* PARTS */

function randomSender(random: Random): number {
  return random.oneIn(9) ? random.below(keys.length) : random.pick([0, 3, 4, 5, 6, 7, 8, 9, 10, 11])
}

function randomAddress(random: Random): Address {
  const { scripts, empty, absent, precompiles } = places
  switch (random.below(14)) {
    case 0:
      return random.pick([...scriptTargets(random)])
    case 1:
      return precompiles[random.below(precompiles.length)] ?? places.plain
    case 2:
      return empty[random.below(empty.length)] ?? places.plain
    case 3:
      return absent[random.below(absent.length)] ?? places.plain
    case 4:
      return random.oneIn(2) ? places.hub : places.p256
    case 5:
      return places.random[random.below(places.random.length)] ?? places.plain
    case 6:
      return random.pick([places.big, places.reverter, places.plain, scripts[0] ?? places.plain])
    case 7:
      return bytesToHex(random.bytes(20))
    case 8:
    case 9:
      // Whoever proposes the block.
      return senders[random.below(3)] ?? places.plain
    default:
      return senders[random.below(senders.length)] ?? places.plain
  }
}

function randomValue(random: Random): TransactionPlan['value'] {
  return random.pick(['0x0', '0x0', '0x1', '0x1', '0x2540be400', '0xde0b6b3a7640000'])
}

function randomAccessList(random: Random): readonly AccessListItem[] {
  const one = (): AccessListItem => ({
    address: randomAddress(random),
    storageKeys: Array.from({ length: random.below(3) }, () => randomSlot(random)),
  })
  const list = Array.from({ length: 1 + random.below(3) }, one)
  const [first] = list
  return random.oneIn(3) && first !== undefined ? [...list, first] : list
}

function randomSlot(random: Random): Hash {
  return word(random.oneIn(8) ? random.bigBelow(2n ** 256n) : BigInt(random.below(6)))
}

function randomSteps(random: Random, depth: number): readonly StepPlan[] {
  const count = 1 + random.below(depth * 2)
  const steps = Array.from({ length: count }, () => randomStep(random, depth))
  // Gas is part of what the environment tells: saved, any difference in gas is one in the root.
  const end: readonly StepPlan[] = random.oneIn(2)
    ? [step('environment', BigInt(random.below(12)), 0n), step('save', 3n, 0n)]
    : []
  return [...steps, ...end]
}

/** Steps that do not end the call; others are drawn less often. */
const lasting = stepKinds.slice(0, stepKinds.indexOf('selfdestruct'))

function randomStep(random: Random, depth: number): StepPlan {
  const kinds: readonly StepKind[] = random.oneIn(9) ? stepKinds : lasting
  const kind = kinds[random.below(kinds.length)] ?? 'stop'
  const small = (): bigint => BigInt(random.below(5))
  const wild = (): bigint => (random.oneIn(3) ? random.bigBelow(2n ** 256n) : small())
  switch (kind) {
    case 'call':
    case 'callcode':
    case 'delegatecall':
    case 'staticcall':
    case 'callCreated': {
      const gas = random.pick([0n, 700n, 30_000n, 200_000n, 2n ** 40n])
      const target = callTarget(randomAddress(random), gas)
      return step(kind, target, random.pick([0n, 0n, 0n, 1n]), innerPayload(random, depth))
    }
    case 'create':
    case 'create2': {
      const payload = { hex: bytesToHex(randomInitCode(random)) }
      return step(kind, small(), random.pick([0n, 0n, 1n]), payload)
    }
    case 'sstore':
    case 'tstore':
      return step(kind, small(), random.pick([0n, 0n, 1n, 2n, random.bigBelow(2n ** 256n)]))
    case 'account':
    case 'selfdestruct':
      return step(kind, callTarget(randomAddress(random), 0n), 0n)
    case 'environment':
      return step(kind, BigInt(random.below(300)), 0n)
    case 'burn':
      return step(kind, 0n, random.pick([5_000n, 30_000n, 100_000n]))
    case 'log0':
    case 'log1':
    case 'log2':
    case 'log3':
    case 'log4':
    case 'return':
    case 'revert':
      return step(kind, wild(), wild(), { hex: bytesToHex(random.bytes(random.below(40))) })
    default:
      return step(kind, wild(), wild())
  }
}

function step(kind: StepKind, a: bigint, b: bigint, payload: Payload = { hex: '0x' }): StepPlan {
  return { kind, a: word(a), b: word(b), payload }
}

function innerPayload(random: Random, depth: number): Payload {
  if (depth > 1 && !random.oneIn(3)) return { steps: randomSteps(random, depth - 1) }
  return { hex: bytesToHex(random.bytes(random.pick([0, 32, 64, 128, 213]))) }
}

/** Init code of every kind that a rule tells apart. */
function randomInitCode(random: Random): Uint8Array {
  switch (random.below(14)) {
    case 0:
      return new Uint8Array()
    case 1: // the forbidden first byte (EIP-3541)
      return assemble([0xef, 'PUSH0', 'MSTORE8', random.below(4), 'PUSH0', 'RETURN'])
    case 2: // code at and over the limit (EIP-170), too dear for most
      return assemble([random.pick([24_576, 24_577]), 'PUSH0', 'RETURN'])
    case 3:
      return assemble(['ADDRESS', 'SELFDESTRUCT'])
    case 4:
      return assemble(['CALLER', 'SELFDESTRUCT'])
    case 5:
      return assemble([1, 'PUSH0', 'SSTORE', 2, 1, 'SSTORE', 'PUSH0', 'PUSH0', 'REVERT'])
    case 6: // writes and deploys a little
      return assemble([random.below(3), 1, 'SSTORE', 32, 'PUSH0', 'RETURN'])
    case 7:
      return randomCode(random)
    case 8:
      return assemble(['GAS', 'PUSH0', 'SSTORE', 'INVALID'])
    case 9: // at and over the limit of init code (EIP-3860)
      return new Uint8Array(random.pick([49_152, 49_153]))
    default:
      return cloneOf(places.scripts[0] ?? places.plain, random.oneIn(3))
  }
}

/** Deploys what lies at an address; writes a slot before, if asked to. */
function cloneOf(address: Address, isWriting: boolean): Uint8Array {
  const copy = assemble([
    ...([{ push: address }, 'EXTCODESIZE', 'DUP1', 'PUSH0', 'PUSH0'] as const),
    ...([{ push: address }, 'EXTCODECOPY', 'PUSH0', 'RETURN'] as const),
  ])
  return isWriting ? concatBytes(assemble([9, 1, 'SSTORE']), copy) : copy
}

/* WHAT IS WRONG ON PURPOSE */

function twisted(plan: TransactionPlan, random: Random): TransactionPlan {
  switch (random.below(12)) {
    case 0:
      return { ...plan, nonceDelta: random.pick([-1, 1, 2]) }
    case 1:
      return { ...plan, chainId: random.pick(['0x0', '0x1', '0xffffffff']), isProtected: true }
    case 2:
      return { ...plan, gas: { from: 'intrinsic', plus: random.pick([-1, 0, 1]) } }
    case 3:
      return { ...plan, gas: { from: 'floor', plus: random.pick([-1, 0, 1]) } }
    case 4:
      return { ...plan, feeDelta: random.pick([-1, 0, 1, -1_000_000_000]), tip: 0 }
    case 5:
      return { ...plan, tip: random.pick([2_000_000_000, 20_000_000_000]) }
    case 6:
      return { ...plan, value: random.pick(['all', 'tooMuch']) }
    case 7:
      return { ...plan, damage: randomDamage(random) }
    case 8: // more than a block, than what is left of it, or than EIP-7825 allows
      return {
        ...plan,
        gas: { from: 'zero', plus: random.pick([16_777_216, 16_777_217, 59_000_000, 61_000_000]) },
      }
    case 9: // a contract, somebody without coin, the last nonce
      return { ...plan, sender: random.pick([13, 14, 15, 16, 17, 18, 19, 20]) }
    case 10:
      if (random.oneIn(3)) return { ...plan, type: 3, to: places.plain }
      return { ...plan, to: senders[plan.sender] ?? plan.to }
    default: // the proposer, who then cannot end the block
      return { ...plan, sender: random.below(3), value: 'all' }
  }
}

function randomDamage(random: Random): Damage {
  const kind = random.pick(['flip', 'flip', 'cut', 'append', 'insert', 'type'])
  return { kind, at: random.below(400), byte: random.below(256) }
}
