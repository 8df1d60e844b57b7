// Shows what the pool takes, what it refuses and with which code, how it orders and how it follows
// the chain. Transactions are signed by viem, so decoding is checked against a foreign encoder.

import { bytesToHex, concat, hexToBytes, keccak256, toHex, toRlp } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { describe, expect, it } from 'vitest'
import { PoolError } from '../../../chain/txpool/errors.ts'
import { addressOf, createWorld, fundedAccount, GWEI, HPC, signTx, type World } from './fixtures.ts'

/** Adds and answers with the refusal. */
async function refusal(world: World, raw: Uint8Array): Promise<PoolError> {
  const outcome = await world.pool.add(raw).catch((error: unknown) => error)
  if (outcome instanceof PoolError) return outcome
  throw new Error(`expected a refusal, got ${JSON.stringify(outcome)}`)
}

const code = '0x600160015500'
const KEY = `0x${'11'.repeat(32)}` as const

describe('admission', () => {
  it('takes each type of transaction and knows its hash and sender', async () => {
    const world = createWorld()
    const grant = { address: addressOf(2), chainId: 18512, nonce: 0 }
    const authorization = await privateKeyToAccount(KEY).signAuthorization(grant)
    const accessList = [{ address: addressOf(2), storageKeys: [toHex(1n, { size: 32 })] }]
    const raws = [
      await signTx({ gasPrice: 2n * GWEI, type: 'legacy' }),
      await signTx({ nonce: 1, gasPrice: 2n * GWEI, type: 'eip2930', accessList, gas: 40_000n }),
      await signTx({ nonce: 2, to: undefined, data: code, gas: 100_000n }),
      await signTx({ nonce: 3, authorizationList: [authorization], gas: 60_000n }),
    ]
    for (const raw of raws) {
      const { hash, status } = await world.pool.add(raw)
      expect(hash).toBe(keccak256(raw))
      expect(status).toBe('pending')
      expect(world.pool.get(hash)?.sender).toBe(addressOf(0))
    }
    expect([...world.pool.ready(GWEI)].map((entry) => entry.type)).toEqual([0, 1, 2, 4])
    expect(await world.pool.pendingNonce(addressOf(0))).toBe(4n)
  })

  it('takes a legacy transaction without a chain id', async () => {
    const world = createWorld()
    const raw = await signTx({ gasPrice: 2n * GWEI, type: 'legacy', chainId: undefined })
    expect((await world.pool.add(raw)).status).toBe('pending')
  })

  it.each([
    ['TX_WRONG_CHAIN_ID', 'invalid chain id', { chainId: 1 }],
    ['TX_INTRINSIC_GAS', 'intrinsic gas too low', { gas: 20_999n }],
    ['TX_INTRINSIC_GAS', 'intrinsic gas too low', { gas: 21_039n, data: '0x01' }],
    ['TX_GAS_ABOVE_CAP', 'transaction gas limit too high', { gas: (1n << 24n) + 1n }],
    [
      'TX_FEE_BELOW_FLOOR',
      'max fee per gas less than block base fee',
      { maxFeePerGas: GWEI - 1n, maxPriorityFeePerGas: 0n },
    ],
    [
      'TX_INSUFFICIENT_FUNDS',
      'insufficient funds for gas * price + value',
      { value: 10_000n * HPC },
    ],
    ['TX_NONCE_TOO_HIGH', 'nonce too high', { nonce: 1_025 }],
    [
      'TX_INITCODE_TOO_BIG',
      'max initcode size exceeded',
      { to: undefined, data: `0x${'00'.repeat(49_153)}`, gas: 5_000_000n },
    ],
    ['TX_TOO_BIG', 'oversized data', { data: `0x${'00'.repeat(128 * 1024)}`, gas: 5_000_000n }],
  ])('refuses with %s', async (expected, words, changes) => {
    const error = await refusal(createWorld(), await signTx(changes))
    expect(error.code).toBe(expected)
    expect(error.message).toContain(words)
  })

  it.each([
    ['gas 2^24', { gas: 1n << 24n }],
    ['gas 21,040 with a byte of data', { gas: 21_040n, data: '0x01' }],
    ['the fee cap at the floor', { maxFeePerGas: GWEI, maxPriorityFeePerGas: 0n }],
    [
      '49,152 bytes of initcode',
      { to: undefined, data: `0x${'00'.repeat(49_152)}`, gas: 5_000_000n },
    ],
    ['nonce 1,024 ahead', { nonce: 1_024 }],
  ])('takes %s', async (_name, changes) => {
    await expect(createWorld().pool.add(await signTx(changes))).resolves.toBeDefined()
  })

  it('refuses more gas than a block leaves for one transaction', async () => {
    const world = createWorld()
    world.gasMax = 100_000n
    const error = await refusal(world, await signTx({ gas: 100_001n }))
    expect(error.code).toBe('TX_GAS_ABOVE_BLOCK')
    expect(error.message).toContain('exceeds block gas limit')
  })

  it('refuses a nonce that is used up', async () => {
    const world = createWorld()
    world.senders.set(addressOf(0), fundedAccount({ nonce: 1n }))
    const error = await refusal(world, await signTx())
    expect(error.facts).toMatchObject({ code: 'TX_NONCE_TOO_LOW', nonce: 0n, expected: 1n })
    expect(error.message).toContain('nonce too low')
  })

  it('refuses what is known already', async () => {
    const world = createWorld()
    const raw = await signTx()
    const first = world.pool.add(raw)
    const error = await refusal(world, raw)
    await first
    expect(error.code).toBe('TX_ALREADY_KNOWN')
    expect(error.message).toContain('already known')
    expect(world.pool.usage().count).toBe(1)
  })

  it('refuses a sender that is a contract', async () => {
    const world = createWorld()
    world.senders.set(addressOf(0), fundedAccount({ hasContractCode: true }))
    expect((await refusal(world, await signTx())).code).toBe('TX_SENDER_IS_CONTRACT')
  })

  it('refuses a tip above the fee cap', async () => {
    const fields = [18512n, 0n, 2n * GWEI, GWEI, 21_000n].map((value) => toBytesHex(value))
    const tail = ['0x01', `0x${'11'.repeat(32)}`, `0x${'22'.repeat(32)}`] as const
    const raw = concat(['0x02', toRlp([...fields, addressOf(1), '0x', '0x', [], ...tail])])
    expect((await refusal(createWorld(), hexToBytes(raw))).code).toBe('TX_TIP_ABOVE_FEE')
  })

  it('refuses blobs, unknown types and bytes that are no transaction', async () => {
    const world = createWorld()
    const blob = await refusal(world, hexToBytes('0x03c0'))
    expect(blob.facts).toEqual({ code: 'TX_TYPE_UNSUPPORTED', type: 3 })
    expect(blob.message).toContain('blob')
    expect((await refusal(world, hexToBytes('0x7fc0'))).code).toBe('TX_TYPE_UNSUPPORTED')
    for (const raw of ['0x', '0xc0', '0x02', '0x02c0', '0xf8', '0x02f800', '0xffffffffffff']) {
      expect((await refusal(world, hexToBytes(raw as `0x${string}`))).code).toBe('TX_MALFORMED')
    }
  })

  it('refuses bytes nested without end, soon', async () => {
    const raw = new Uint8Array(100_000).fill(0xf9)
    expect((await refusal(createWorld(), raw)).code).toBe('TX_MALFORMED')
  })

  it('refuses a signature in the upper half of s', async () => {
    const raw = await signTx()
    const order = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
    const hex = bytesToHex(raw)
    const s = BigInt(`0x${hex.slice(-64)}`)
    const flipped = hexToBytes(`0x${hex.slice(2, -64)}${toHex(order - s, { size: 32 }).slice(2)}`)
    const error = await refusal(createWorld(), flipped)
    expect(error.code).toBe('TX_INVALID_SIGNATURE')
    expect(error.message).toContain('invalid signature')
  })

  it('counts what waits when it asks for the balance', async () => {
    const world = createWorld()
    world.senders.set(addressOf(0), fundedAccount({ balance: 10n * HPC }))
    await world.pool.add(await signTx({ value: 6n * HPC }))
    const error = await refusal(world, await signTx({ nonce: 1, value: 6n * HPC }))
    expect(error.code).toBe('TX_INSUFFICIENT_FUNDS')
    await world.pool.add(await signTx({ nonce: 1, value: 3n * HPC }))
  })

  it('allows a sender only so many', async () => {
    const world = createWorld({ senderTxsMax: 2 })
    await world.pool.add(await signTx())
    await world.pool.add(await signTx({ nonce: 1 }))
    expect((await refusal(world, await signTx({ nonce: 2 }))).code).toBe('POOL_SENDER_FULL')
    const price = { maxFeePerGas: 4n * GWEI, maxPriorityFeePerGas: 2n * GWEI }
    await world.pool.add(await signTx({ nonce: 1, ...price }))
  })
})

describe('replacement', () => {
  it('needs a tenth more of both fees', async () => {
    const world = createWorld()
    const fees = { maxFeePerGas: 10n * GWEI, maxPriorityFeePerGas: 10n }
    const { hash } = await world.pool.add(await signTx({ ...fees }))
    for (const short of [
      { maxFeePerGas: 11n * GWEI - 1n, maxPriorityFeePerGas: 11n },
      { maxFeePerGas: 11n * GWEI, maxPriorityFeePerGas: 10n },
    ]) {
      const error = await refusal(world, await signTx({ ...short }))
      expect(error.code).toBe('TX_REPLACEMENT_UNDERPRICED')
      expect(error.message).toContain('replacement transaction underpriced')
    }
    const enough = { maxFeePerGas: 11n * GWEI, maxPriorityFeePerGas: 11n }
    const next = await world.pool.add(await signTx({ ...enough }))
    expect(world.pool.get(hash)).toBeUndefined()
    expect([...world.pool.ready(GWEI)].map((entry) => entry.hash)).toEqual([next.hash])
  })
})

describe('gaps', () => {
  it('queues 256 futures and runs them all once the gap closes', async () => {
    const world = createWorld()
    const told: bigint[] = []
    world.pool.subscribe((entry) => told.push(entry.nonce))
    for (let nonce = 256; nonce > 0; nonce--) {
      expect((await world.pool.add(await signTx({ nonce }))).status).toBe('queued')
    }
    expect([...world.pool.ready(GWEI)]).toEqual([])
    expect(await world.pool.pendingNonce(addressOf(0))).toBe(0n)

    expect((await world.pool.add(await signTx())).status).toBe('pending')
    const nonces = Array.from({ length: 257 }, (_, nonce) => BigInt(nonce))
    expect([...world.pool.ready(GWEI)].map((entry) => entry.nonce)).toEqual(nonces)
    expect(told).toEqual(nonces)
    expect(await world.pool.pendingNonce(addressOf(0))).toBe(257n)
  })
})

describe('ready', () => {
  it('gives the best tip first and leaves out whose fee cap is too low', async () => {
    const world = createWorld()
    const tip = (gwei: bigint) => ({
      maxFeePerGas: 5n * GWEI,
      maxPriorityFeePerGas: gwei * GWEI,
    })
    await world.pool.add(await signTx({ from: 0, ...tip(1n) }))
    await world.pool.add(await signTx({ from: 0, nonce: 1, ...tip(4n) }))
    await world.pool.add(await signTx({ from: 1, ...tip(2n) }))
    await world.pool.add(await signTx({ from: 2, maxFeePerGas: GWEI, maxPriorityFeePerGas: 0n }))
    const order = (baseFee: bigint) =>
      [...world.pool.ready(baseFee)].map(({ sender, nonce }) => [sender, nonce])
    const [a, b, c] = [addressOf(0), addressOf(1), addressOf(2)]
    expect(order(GWEI)).toEqual([
      [b, 0n],
      [a, 0n],
      [a, 1n],
      [c, 0n],
    ])
    expect(order(GWEI + 1n)).toEqual([
      [b, 0n],
      [a, 0n],
      [a, 1n],
    ])
    expect(order(6n * GWEI)).toEqual([])
  })

  it('leaves out the rest of a sender that was skipped', async () => {
    const world = createWorld()
    await world.pool.add(await signTx({ from: 0 }))
    await world.pool.add(await signTx({ from: 0, nonce: 1 }))
    await world.pool.add(await signTx({ from: 1 }))
    const ready = world.pool.ready(GWEI)
    expect(ready.next().value?.sender).toBe(addressOf(0))
    ready.skipSender()
    expect([...ready].map((entry) => entry.sender)).toEqual([addressOf(1)])
  })
})

describe('onBlock', () => {
  it('drops what the block holds or has made impossible, and keeps the rest', async () => {
    const world = createWorld()
    const first = await world.pool.add(await signTx())
    await world.pool.add(await signTx({ nonce: 1 }))
    await world.pool.add(await signTx({ nonce: 2 }))
    world.senders.set(addressOf(0), fundedAccount({ nonce: 2n }))
    await world.pool.onBlock({ included: [first.hash] })
    expect([...world.pool.ready(GWEI)].map((entry) => entry.nonce)).toEqual([2n])
    expect(world.pool.usage().count).toBe(1)
  })

  it('holds back what the balance no longer pays for, until it does', async () => {
    const world = createWorld()
    await world.pool.add(await signTx({ value: HPC }))
    world.senders.set(addressOf(0), fundedAccount({ balance: HPC }))
    await world.pool.onBlock({ included: [] })
    expect(world.pool.content()).toMatchObject({ pending: [], queued: [{ nonce: 0n }] })
    world.senders.set(addressOf(0), fundedAccount())
    await world.pool.onBlock({ included: [] })
    expect(world.pool.content()).toMatchObject({ pending: [{ nonce: 0n }], queued: [] })
  })
})

describe('a full pool', () => {
  it('throws out the cheapest and refuses what is cheaper than all', async () => {
    const world = createWorld({ sizeMax: 4_000, entryOverheadSize: 512 })
    const tip = (gwei: bigint) => ({ maxFeePerGas: 9n * GWEI, maxPriorityFeePerGas: gwei * GWEI })
    for (let nonce = 0; nonce < 4; nonce++) {
      await world.pool.add(await signTx({ from: 0, nonce, ...tip(3n) }))
    }
    await world.pool.add(await signTx({ from: 1, ...tip(4n) }))
    await world.pool.add(await signTx({ from: 1, nonce: 1, ...tip(4n) }))
    expect((await refusal(world, await signTx({ from: 2, ...tip(1n) }))).code).toBe('POOL_FULL')
    await world.pool.add(await signTx({ from: 2, ...tip(5n) }))

    const kept = [...world.pool.ready(GWEI)].map(({ sender, nonce }) => [sender, nonce])
    expect(kept.slice(0, 3)).toEqual([
      [addressOf(2), 0n],
      [addressOf(1), 0n],
      [addressOf(1), 1n],
    ])
    const nonces = kept.slice(3).map(([, nonce]) => nonce)
    expect(nonces).toEqual([0n, 1n, 2n].slice(0, nonces.length))
    expect(world.pool.usage().sizeBytes).toBeLessThanOrEqual(4_000)
  })
})

function toBytesHex(value: bigint) {
  return value === 0n ? '0x' : toHex(value)
}
