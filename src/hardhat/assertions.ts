import { AssertionError } from 'node:assert'
import { type Abi, isAddress, type PublicClient, parseEventLogs } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { abis } from '../../chain/system/abis.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { readEndBlockLogs } from '../../chain/system/endBlockLogs.ts'
import { ClientError, toClientError } from '../client/errors.ts'
import { type Amount, bpsOf, coinText, weiOf } from './amounts.ts'
import { grossOf, type Mined, type PaidSlot, paidSlots, receiptOf, rewardText } from './explain.ts'

/** What a pay-out has to be. What is left out is taken from the chain. */
export type PaidExpectation = {
  /** When a transaction pays the same slot number of several tasks. */
  readonly taskId?: bigint
  readonly worker?: Address
  readonly price?: Amount
  readonly power?: bigint
  /** Sum of the powers of all slots. */
  readonly of?: bigint
  /** Factors, such as 1.2. */
  readonly speed?: number | string
  readonly comment?: number | string
  /** The amounts themselves, as literals. */
  readonly gross?: Amount
  readonly fee?: Amount
  readonly net?: Amount
}

/** Assertions about economic rules. Each throws `AssertionError` with the numbers of the rule. */
export type PocaAssertions = {
  /** The transaction paid the slot what the whitepaper's formula says. */
  paid(mined: Mined, slot: number, expected?: PaidExpectation): Promise<PaidSlot>
  /** The block was ended and no module of the economy failed in it. */
  ended(mined: Mined): Promise<void>
  /** A system contract said this, with at least these arguments. Returns all it said. */
  event(
    mined: Mined,
    contract: keyof typeof abis,
    name: string,
    args?: Readonly<Record<string, unknown>>,
  ): Promise<Readonly<Record<string, unknown>>>
  /** The call is refused with this error, with at least these arguments. */
  reverts(
    call: Promise<unknown>,
    error: string,
    args?: Readonly<Record<string, unknown>>,
  ): Promise<void>
  /** Coin issued by now: exactly `amount` has left or may leave the reserve. */
  emitted(amount: Amount): Promise<void>
  /** The reserve lacks exactly what it released, and no more than the schedule allows. */
  supplyHolds(): Promise<void>
}

/** The assertions of one network. `symbol` is the coin's. */
export function assertionsOn(client: PublicClient, symbol: string): PocaAssertions {
  return {
    paid: (mined, slot, expected = {}) => assertPaid(client, symbol, { mined, slot, expected }),
    ended: (mined) => assertEnded(client, mined),
    event: (mined, contract, name, args = {}) =>
      assertEvent(client, { mined, contract, name, args }),
    reverts: assertReverts,
    emitted: (amount) => assertEmitted(client, symbol, weiOf(amount)),
    supplyHolds: () => assertSupply(client, symbol),
  }
}

type PaidQuestion = {
  readonly mined: Mined
  readonly slot: number
  readonly expected: PaidExpectation
}

async function assertPaid(
  client: PublicClient,
  symbol: string,
  { mined, slot, expected }: PaidQuestion,
): Promise<PaidSlot> {
  const all = await paidSlots(client, mined)
  const paid = all.find(
    ({ slot: at, taskId }) =>
      at === slot && (expected.taskId === undefined || expected.taskId === taskId),
  )
  if (paid === undefined) {
    const others = all.map(({ taskId, slot: at }) => `slot ${at} of task ${taskId}`)
    throw fault(
      `slot ${slot} was not paid; paid were ${others.length > 0 ? others.join(', ') : 'none'}`,
      { actual: others, expected: slot },
    )
  }
  const where = `slot ${slot} of task ${paid.taskId}`
  const wanted = {
    price: expected.price === undefined ? paid.price : weiOf(expected.price),
    power: expected.power ?? paid.power,
    powerSum: expected.of ?? paid.powerSum,
    speedBps: expected.speed === undefined ? paid.speedBps : bpsOf(expected.speed),
    commentBps: expected.comment === undefined ? paid.commentBps : bpsOf(expected.comment),
    ...(paid.part === undefined ? {} : { part: paid.part }),
  }
  if (grossOf(wanted) !== paid.gross) {
    throw fault(
      `${where}: gross = ${rewardText(wanted, symbol)}, got ${coinText(paid.gross, symbol)}`,
      { actual: paid.gross, expected: grossOf(wanted) },
    )
  }
  for (const name of ['gross', 'fee', 'net'] as const) {
    const amount = expected[name]
    if (amount === undefined || weiOf(amount) === paid[name]) continue
    const sums = `fee ${coinText(paid.fee, symbol)}, net ${coinText(paid.net, symbol)}`
    throw fault(
      `${where}: expected ${name} ${coinText(weiOf(amount), symbol)}, ` +
        `but gross = ${rewardText(paid, symbol)}, ${sums}`,
      { actual: paid[name], expected: weiOf(amount) },
    )
  }
  if (expected.worker !== undefined && !same(expected.worker, paid.worker)) {
    const facts = { actual: paid.worker, expected: expected.worker }
    throw fault(`${where}: expected worker ${expected.worker}, got ${paid.worker}`, facts)
  }
  return paid
}

async function assertEnded(client: PublicClient, mined: Mined): Promise<void> {
  const { logs, status } = await receiptOf(client, mined)
  const report = readEndBlockLogs(
    logs.map(({ address, topics, data }) => ({
      address: lower(address),
      topics: [...topics],
      data,
    })),
  )
  const isEnded = status === 'success' && report.gasUsed !== undefined
  if (isEnded && report.failures.length === 0) return
  const failures = report.failures.map(({ index, reason }) => `module ${index}: ${reason}`)
  throw fault(
    isEnded ? `modules failed: ${failures.join('; ')}` : 'the transaction did not end its block',
    { actual: failures, expected: [] },
  )
}

async function assertEvent(
  client: PublicClient,
  question: {
    readonly mined: Mined
    readonly contract: keyof typeof abis
    readonly name: string
    readonly args: Readonly<Record<string, unknown>>
  },
): Promise<Readonly<Record<string, unknown>>> {
  const { contract, name, args } = question
  const { logs } = await receiptOf(client, question.mined)
  const abi: Abi = abis[contract]
  const said = parseEventLogs({ abi, logs }).filter(({ address }) =>
    same(address, predeploys[contract]),
  )
  // Arguments of our events all have names, so viem decodes them to an object.
  const found = said
    .filter(({ eventName }) => eventName === name)
    .map((log) => log.args as unknown as Readonly<Record<string, unknown>>)
  const match = found.find((actual) => hasAll(actual, args))
  if (match !== undefined) return match
  const names = said.map(({ eventName, args: actual }) => `${eventName}${show(actual)}`)
  throw fault(
    `${contract} did not say ${name}${show(args)}; it said ${names.join(', ') || 'nothing'}`,
    { actual: found, expected: args },
  )
}

async function assertReverts(
  call: Promise<unknown>,
  error: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<void> {
  try {
    await call
  } catch (thrown) {
    const cause = toClientError(thrown)
    if (!(cause instanceof ClientError) || cause.facts.code !== 'CLIENT_CONTRACT_REVERTED') {
      throw fault(`expected ${error}${show(args)}, got ${String(cause)}`, { actual: cause })
    }
    const { facts } = cause
    if (facts.error === error && hasAll(facts.args, args)) return
    throw fault(`expected ${error}${show(args)}, got ${facts.error}${show(facts.args)}`, {
      actual: facts,
      expected: { error, args },
    })
  }
  throw fault(`expected ${error}${show(args)}, but the call went through`, { expected: error })
}

async function assertEmitted(client: PublicClient, symbol: string, amount: bigint) {
  const reserve = { address: predeploys.emissionReserve, abi: abis.emissionReserve } as const
  const { timestamp } = await client.getBlock()
  const read = (functionName: 'emitted' | 'eraOf' | 'ratePerSecond') =>
    client.readContract({ ...reserve, functionName, args: [timestamp] })
  const [emitted, era, rate] = await Promise.all([
    read('emitted'),
    read('eraOf'),
    read('ratePerSecond'),
  ])
  if (emitted === amount) return
  const start = await client.readContract({ ...reserve, functionName: 'startTime' })
  throw fault(
    `expected ${coinText(amount, symbol)} emitted, got ${coinText(emitted, symbol)} ` +
      `(${timestamp - start} s after the start, in era ${era} at ${coinText(rate, symbol)} per second)`,
    { actual: emitted, expected: amount },
  )
}

async function assertSupply(client: PublicClient, symbol: string): Promise<void> {
  const reserve = { address: predeploys.emissionReserve, abi: abis.emissionReserve } as const
  const { timestamp } = await client.getBlock()
  const [minedCap, released, emitted, balance] = await Promise.all([
    client.readContract({ ...reserve, functionName: 'minedCap' }),
    client.readContract({ ...reserve, functionName: 'released' }),
    client.readContract({ ...reserve, functionName: 'emitted', args: [timestamp] }),
    client.getBalance({ address: predeploys.emissionReserve }),
  ])
  const text = (wei: bigint) => coinText(wei, symbol)
  if (balance + released !== minedCap) {
    throw fault(
      `the reserve holds ${text(balance)}, released ${text(released)} and began with ${text(minedCap)}`,
      { actual: balance + released, expected: minedCap },
    )
  }
  if (released <= emitted) return
  throw fault(`released ${text(released)}, but only ${text(emitted)} was emitted by now`, {
    actual: released,
    expected: emitted,
  })
}

function fault(
  message: string,
  facts: { readonly actual?: unknown; readonly expected?: unknown },
): AssertionError {
  return new AssertionError({ message, ...facts, operator: 'poca' })
}

function hasAll(
  actual: Readonly<Record<string, unknown>>,
  wanted: Readonly<Record<string, unknown>>,
): boolean {
  return Object.entries(wanted).every(([name, value]) => equals(actual[name], value))
}

function equals(a: unknown, b: unknown): boolean {
  if (typeof a === 'string' && typeof b === 'string') return same(a, b)
  // viem gives small integers as numbers and large ones as bigints.
  if (typeof a === 'bigint' || typeof b === 'bigint') return String(a) === String(b)
  return show(a) === show(b)
}

function same(a: string, b: string): boolean {
  return isAddress(a, { strict: false }) ? a.toLowerCase() === b.toLowerCase() : a === b
}

function lower(address: Address): Address {
  return `0x${address.slice(2).toLowerCase()}`
}

function show(value: unknown): string {
  return JSON.stringify(value, (_, part) => (typeof part === 'bigint' ? String(part) : part)) ?? ''
}
