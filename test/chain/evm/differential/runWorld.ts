import { createBlockFromRLP } from '@ethereumjs/block'
import { bytesToHex } from '@ethereumjs/util'
import { sign } from '../../../../chain/crypto/secp256k1.ts'
import type {
  BuiltBlock,
  Candidate,
  Candidates,
  Engine,
  ParentBlock,
} from '../../../../chain/evm/engine.ts'
import { executeGenesis } from '../../../../chain/evm/genesis.ts'
import { systemRulesOf } from '../../../../chain/node/systemRules.ts'
import type { Address } from '../../../../chain/primitives/hex.ts'
import {
  attempt,
  compareOutcomes,
  type Difference,
  errorClass,
  type Outcome,
  partsOfBlock,
  partsOfBuilt,
} from './compare.ts'
import { compareReads } from './compareReads.ts'
import { type Corruption, corrupt } from './corrupt.ts'
import { createSide, type EngineMaker, receiptsOf, type Side } from './engines.ts'
import { realize, type Signed, type TransactionPlan, type View } from './plan.ts'
import { refusalClass } from './refusals.ts'
import { common, createWorld, keys, senders, word } from './world.ts'

/** What happens in one world; survives JSON, and is all that is needed to see it again. */
export type WorldPlan = {
  /** Of the accounts that the world starts with. */
  readonly seed: number
  readonly blocks: readonly BlockPlan[]
}

export type BlockPlan = {
  /** Index of the key that proposes. */
  readonly proposer: number
  /** Since the parent. */
  readonly seconds: number
  /** Whether a candidate that is left out takes the rest of its sender with it. */
  readonly isSkipping: boolean
  readonly transactions: readonly TransactionPlan[]
  readonly corruptions: readonly Corruption[]
  /** Whether reads, calls and traces are compared too. */
  readonly hasReads: boolean
}

/** What was compared, and the first thing that differs. */
export type WorldReport = {
  readonly difference: (Difference & { readonly block: number }) | undefined
  /** How often what happened: transactions by type and status, refusals and errors by class. */
  readonly counts: ReadonlyMap<string, number>
}

type Run = {
  readonly sides: readonly [Side, Side]
  readonly count: (what: string, times?: number) => void
}

/** Lets two engines build and verify the same chain until they differ. */
export async function runWorld(
  plan: WorldPlan,
  makers: readonly [EngineMaker, EngineMaker],
): Promise<WorldReport> {
  const counts = new Map<string, number>()
  const count = (what: string, times = 1): void => {
    counts.set(what, (counts.get(what) ?? 0) + times)
  }
  const draft = createWorld(plan.seed, '0x00000000')
  const rules = systemRulesOf(draft)
  const world = createWorld(plan.seed, rules.endBlockSelector)
  const sides = [createSide(makers[0], rules), createSide(makers[1], rules)] as const
  // Each its own: what is appended to a log belongs to that log.
  for (const side of sides) side.add(await executeGenesis(world, common))
  const genesis = await executeGenesis(world, common)
  let parent = parentAfter(genesis.raw)
  for (const [index, block] of plan.blocks.entries()) {
    const result = await runBlock({ sides, count }, block, parent)
    if (result !== undefined && 'where' in result) {
      return { difference: { ...result, block: index }, counts }
    }
    if (result !== undefined) parent = result
  }
  return { difference: undefined, counts }
}

/** Builds and verifies a block on both sides; the next parent, nothing if there is no block. */
async function runBlock(
  run: Run,
  plan: BlockPlan,
  parent: ParentBlock,
): Promise<Difference | ParentBlock | undefined> {
  const { sides, count } = run
  const [left, right] = sides
  const fees = await onBoth(sides, (engine) => engine.nextBaseFee(parent))
  const feeDifference = compareOutcomes('nextBaseFee', fees, (fee) => ({ fee }))
  if (feeDifference !== undefined) return feeDifference
  const view = await viewOf(left.engine, parent)
  const signed = plan.transactions.map((one) => realize(one, view))
  const damaged = new Set(
    signed.flatMap(({ hash }, index) =>
      plan.transactions[index]?.damage === undefined ? [] : [hash],
    ),
  )
  const coinbase = senders[plan.proposer] ?? senders[0]
  const key = keys[plan.proposer]
  if (coinbase === undefined || key === undefined) throw new RangeError('no such proposer')
  const proposer = { coinbase, round: 0, seat: plan.proposer }
  const built = await onBoth(sides, (engine) =>
    engine.build({
      parent,
      timestamp: parent.timestamp + BigInt(plan.seconds),
      proposer,
      sign: (hash) => sign(hash, key),
      candidates: () => candidatesOf(signed, plan.isSkipping),
    }),
  )
  const difference = compareOutcomes('build', built, (one) => partsOfBuilt(one, damaged))
  if (difference !== undefined) return difference
  countBuilt(built[0], count)
  if ('error' in built[0] || 'error' in built[1]) return undefined
  const [a, b] = [built[0].value, built[1].value]

  const valid = await verifyBoth(run, { parent, proposer, raw: a.raw })
  if (valid !== undefined) return valid
  for (const corruption of plan.corruptions) {
    const raw = await corrupt(a.raw, corruption, plan.proposer)
    const result = await verifyBoth(run, { parent, proposer, raw })
    if (result !== undefined) {
      return { ...result, where: `${result.where} ${JSON.stringify(corruption)}` }
    }
  }
  left.add(a)
  right.add(b)
  if (plan.hasReads) {
    const reads = await compareReads(sides, { block: a, parent, plan })
    if (reads !== undefined) return reads
  }
  return parentAfter(a.raw)
}

/** What the next block must know of a block; its certificate is made of its height. */
function parentAfter(raw: Uint8Array): ParentBlock {
  const block = createBlockFromRLP(raw, { common })
  const { number, timestamp, stateRoot, coinbase, gasLimit, gasUsed, baseFeePerGas } = block.header
  return {
    hash: bytesToHex(block.hash()),
    height: number,
    timestamp,
    stateRoot: bytesToHex(stateRoot),
    coinbase: bytesToHex(coinbase.bytes),
    gasLimit,
    gasUsed,
    baseFeePerGas: baseFeePerGas ?? 0n,
    certificate: {
      hash: word(0xc0ffeen + number),
      randomness: word(2n ** 250n + number * 0x1234567n),
      round: Number(number % 5n),
      signers: number + 1n,
    },
  }
}

async function verifyBoth(
  { sides, count }: Run,
  request: Parameters<Engine['verify']>[0],
): Promise<Difference | undefined> {
  const results = await onBoth(sides, (engine) => engine.verify(request))
  const [first] = results
  count(`verify ${'error' in first ? errorClass(first.error) : 'valid'}`)
  return compareOutcomes('verify', results, partsOfBlock)
}

async function onBoth<T>(
  [left, right]: readonly [Side, Side],
  operate: (engine: Engine) => Promise<T>,
): Promise<readonly [Outcome<T>, Outcome<T>]> {
  return [await attempt(() => operate(left.engine)), await attempt(() => operate(right.engine))]
}

/** Nonces and balances of everybody who signs, as the chain has them. */
async function viewOf(engine: Engine, parent: ParentBlock): Promise<View> {
  const nonces = new Map<Address, bigint>()
  const balances = new Map<Address, bigint>()
  for (const address of senders) {
    const { nonce, balance } = await engine.account(address, { stateRoot: parent.stateRoot })
    nonces.set(address, nonce)
    balances.set(address, balance)
  }
  return { baseFee: await engine.nextBaseFee(parent), nonces, balances }
}

function candidatesOf(signed: readonly Signed[], isSkipping: boolean): Candidates {
  const skipped = new Set<Address>()
  let last: Address | undefined
  function* each(): Generator<Candidate> {
    for (const { raw, hash, gas, sender } of signed) {
      if (skipped.has(sender)) continue
      last = sender
      yield { raw, hash, gas }
    }
  }
  return {
    [Symbol.iterator]: each,
    skipSender: () => {
      if (isSkipping && last !== undefined) skipped.add(last)
    },
  }
}

function countBuilt(built: Outcome<BuiltBlock>, count: Run['count']): void {
  if ('error' in built) {
    count(`build ${errorClass(built.error)}`)
    return
  }
  const { value } = built
  count('blocks')
  if (value.isDegraded) count('degraded blocks')
  for (const { reason } of value.dropped) count(`refused ${refusalClass(reason)}`)
  for (const { type, status, logs, contractAddress } of receiptsOf(value)) {
    count('transactions')
    count(`type ${type} status ${status}`)
    if (logs.length > 0) count('with logs')
    if (contractAddress !== null) count('creations')
  }
}
