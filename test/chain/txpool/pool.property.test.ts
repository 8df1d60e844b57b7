// Shows that no history of additions, blocks, drops and balance changes breaks the pool: against a
// plain model of nonces, with fast-check. The signature's r names the sender, so no key is needed.

import fc from 'fast-check'
import { concat, hexToBytes, keccak256, toHex, toRlp } from 'viem'
import { describe, expect, it } from 'vitest'
import { signatureOf } from '../../../chain/codec/signature.ts'
import type { Address, Hash } from '../../../chain/primitives/hex.ts'
import type { PoolEntry, SenderState } from '../../../chain/txpool/entry.ts'
import { PoolError } from '../../../chain/txpool/errors.ts'
import { createPool } from '../../../chain/txpool/pool.ts'

const options = {
  sizeMax: 6_000,
  txSizeMax: 1_000,
  senderTxsMax: 6,
  nonceGapMax: 5,
  entryOverheadSize: 200,
}
const SENDERS = 4

type Step =
  | { kind: 'add'; sender: number; nonce: number; fee: number; tip: number; value: number }
  | { kind: 'block'; count: number; baseFee: number }
  | { kind: 'drop'; pick: number }
  | { kind: 'balance'; sender: number; balance: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('add' as const),
      sender: fc.nat(SENDERS - 1),
      nonce: fc.nat(9),
      fee: fc.integer({ min: 1, max: 40 }),
      tip: fc.nat(40),
      value: fc.nat(1_000_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('block' as const),
      count: fc.nat(5),
      baseFee: fc.integer({ min: 1, max: 20 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('drop' as const), pick: fc.nat(100) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('balance' as const),
      sender: fc.nat(SENDERS - 1),
      balance: fc.integer({ min: 0, max: 10_000_000 }),
    }),
  },
)

function encode({ sender, nonce, fee, tip, value }: Extract<Step, { kind: 'add' }>): Uint8Array {
  const uint = (of: number) => (of === 0 ? '0x' : toHex(of))
  const fields = [toHex(7), uint(nonce), uint(Math.min(tip, fee)), uint(fee), toHex(21_000)]
  const target = [addressOf(0), uint(value), '0x', []] as const
  const signature = ['0x', toHex(sender + 1), '0x01'] as const
  return hexToBytes(concat(['0x02', toRlp([...fields, ...target, ...signature] as never)]))
}

function addressOf(sender: number): Address {
  return toHex(sender + 1, { size: 20 })
}

function createModel() {
  const accounts = new Map<Address, SenderState>()
  const fees = { baseFee: 1n, floor: 1n }
  const pool = createPool(options, {
    chainId: 7n,
    keccak256: (bytes) => keccak256(bytes, 'bytes'),
    recoverSender: (tx) => addressOf(Number(signatureOf(tx).r) - 1),
    readSender: (address) =>
      accounts.get(address) ?? { nonce: 0n, balance: 5_000_000n, hasContractCode: false },
    fees: () => fees,
    gasMax: () => 30_000n,
  })
  const account = (address: Address) =>
    accounts.get(address) ?? { nonce: 0n, balance: 5_000_000n, hasContractCode: false }
  return { accounts, account, fees, pool }
}

type Model = ReturnType<typeof createModel>

async function apply(model: Model, action: Step): Promise<void> {
  const { accounts, account, fees, pool } = model
  if (action.kind === 'add') return applyAdd(model, action)
  if (action.kind === 'drop') {
    const { pending, queued } = pool.content()
    const entry = [...pending, ...queued][action.pick]
    if (entry !== undefined) expect(pool.remove(entry.hash)).toBe(true)
    return
  }
  if (action.kind === 'balance') {
    const address = addressOf(action.sender)
    accounts.set(address, { ...account(address), balance: BigInt(action.balance) })
    return pool.onBlock({ included: [] })
  }
  fees.baseFee = BigInt(action.baseFee)
  const included: Hash[] = []
  for (const entry of pool.ready(fees.baseFee)) {
    if (included.length === action.count) break
    const before = account(entry.sender)
    expect(entry.nonce, 'a block takes nonces in order').toBe(before.nonce)
    const balance = before.balance - entry.cost
    expect(balance >= 0n, 'what is ready can be paid').toBe(true)
    accounts.set(entry.sender, { ...before, nonce: before.nonce + 1n, balance })
    included.push(entry.hash)
  }
  await pool.onBlock({ included })
  for (const hash of included) expect(pool.get(hash)).toBeUndefined()
}

async function applyAdd({ pool, account }: Model, action: Extract<Step, { kind: 'add' }>) {
  const address = addressOf(action.sender)
  const all = [...pool.content().pending, ...pool.content().queued]
  const old = all.find(({ sender, nonce }) => sender === address && nonce === BigInt(action.nonce))
  const [fee, tip] = [BigInt(action.fee), BigInt(Math.min(action.tip, action.fee))]
  try {
    await pool.add(encode(action))
    expect(BigInt(action.nonce) >= account(address).nonce).toBe(true)
    if (old !== undefined) {
      expect(fee * 10n >= old.maxFee * 11n && fee > old.maxFee).toBe(true)
      expect(tip * 10n >= old.maxTip * 11n && tip > old.maxTip).toBe(true)
      expect(pool.get(old.hash)).toBeUndefined()
    }
  } catch (error) {
    if (!(error instanceof PoolError)) throw error
    if (error.code === 'TX_REPLACEMENT_UNDERPRICED') expect(old).toBeDefined()
    if (old !== undefined && error.code !== 'POOL_FULL') {
      expect(pool.get(old.hash), 'a refusal takes nothing away').toBe(old)
    }
  }
}

function checkInvariants({ pool, account, fees }: Model): void {
  const { pending, queued } = pool.content()
  const { sizeBytes, count } = pool.usage()
  const all = [...pending, ...queued]
  expect(count).toBe(all.length)
  expect(sizeBytes).toBe(all.reduce((sum, entry) => sum + entry.raw.length + 200, 0))
  expect(sizeBytes).toBeLessThanOrEqual(options.sizeMax)
  for (let sender = 0; sender < SENDERS; sender++) {
    const address = addressOf(sender)
    const own = all.filter((entry) => entry.sender === address)
    expect(own.length).toBeLessThanOrEqual(options.senderTxsMax)
    expect(new Set(own.map((entry) => entry.nonce)).size).toBe(own.length)
    const ready = pending.filter((entry) => entry.sender === address)
    const { nonce, balance } = account(address)
    expect(ready.map((entry) => entry.nonce)).toEqual(ready.map((_, i) => nonce + BigInt(i)))
    expect(ready.reduce((sum, entry) => sum + entry.cost, 0n) <= balance).toBe(true)
  }
  checkOrder([...pool.ready(fees.baseFee)], fees.baseFee)
}

/** Each step takes the best tip among the senders' next ones. */
function checkOrder(order: readonly PoolEntry[], baseFee: bigint): void {
  const tipOf = ({ maxFee, maxTip }: PoolEntry) =>
    maxFee - baseFee < maxTip ? maxFee - baseFee : maxTip
  for (const [at, entry] of order.entries()) {
    const seen = new Set<Address>()
    for (const later of order.slice(at)) {
      if (!seen.has(later.sender)) expect(tipOf(entry) >= tipOf(later)).toBe(true)
      seen.add(later.sender)
    }
  }
}

describe('createPool', () => {
  it('keeps its promises through any history', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const model = createModel()
        for (const action of steps) {
          await apply(model, action)
          checkInvariants(model)
        }
      }),
      { numRuns: 150 },
    )
  })
})
