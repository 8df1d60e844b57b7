// Long executions share the process: others have their turn in between, a call has an end, and a
// crowd of long calls is turned away instead of piling up.
import { setImmediate } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import type { CallMessage } from '../../../chain/evm/engine.ts'
import type { Pacing } from '../../../chain/evm/pace.ts'
import { createPacing } from '../../../chain/node/pacing.ts'
import type { Hex } from '../../../chain/primitives/hex.ts'
import { createTestChain, type TestChain } from '../evm/harness.ts'
import { addresses, signTx } from '../fixtures/smallChain.ts'

const address: Hex = `0x${'11'.repeat(20)}`
/** JUMPDEST PUSH0 JUMP: a loop without end. */
const endless: Hex = '0x5b5f56'
/** Calls itself for ever, in width and depth. */
const callTree: Hex = '0x5b5f5f5f5f5f305af1505f56'

function messageOf(chain: TestChain, code: Hex, asTransaction = false): CallMessage {
  const { stateRoot, height, timestamp, coinbase, gasLimit, baseFeePerGas } = chain.parent()
  return {
    at: { stateRoot },
    block: {
      ...{ number: height, timestamp, coinbase, gasLimit, baseFeePerGas },
      mixHash: `0x${'00'.repeat(32)}`,
    },
    from: addresses[0] as Hex,
    to: address,
    data: '0x',
    value: 0n,
    gas: 100_000_000n,
    overrides: { [address]: { code } },
    asTransaction,
  }
}

/** Milliseconds that go on by themselves, one each time somebody looks. */
function ticking(): () => number {
  let ms = 0
  return () => ms++
}

const paced = (longCallsMax = 4): Pacing =>
  createPacing({ sliceMs: 5, callMsMax: 50, longCallsMax }, ticking())

describe('a call', () => {
  test.each([
    ['that loops', endless, false],
    ['that calls itself', callTree, false],
    ['that loops as a transaction', endless, true],
  ])('%s is ended when its time is up', async (_, code, asTransaction) => {
    const chain = await createTestChain({ pacing: paced() })
    await expect(chain.engine.call(messageOf(chain, code, asTransaction))).rejects.toMatchObject({
      facts: { code: 'EVM_CALL_TOO_LONG', msMax: 50 },
    })
  })

  test('that spends its time inside a precompile is ended, and its answer kept back', async () => {
    const chain = await createTestChain({ pacing: paced() })
    // PUSH0 PUSH0 PUSH2 32448 PUSH0 PUSH1 8 GAS STATICCALL: one pairing of 169 pairs, and no more.
    const pairing: Hex = '0x5f5f617ec05f60085afa'
    for (const asTransaction of [false, true]) {
      const message = { ...messageOf(chain, pairing, asTransaction), gas: 16_000_000n }
      await expect(chain.engine.call(message)).rejects.toMatchObject({ code: 'EVM_CALL_TOO_LONG' })
    }
  })

  test('leaves the process to others while it runs', async () => {
    const chain = await createTestChain({ pacing: paced() })
    let isOver = false
    let turns = 0
    const call = chain.engine
      .call(messageOf(chain, endless))
      .catch(() => undefined)
      .finally(() => {
        isOver = true
      })
    while (!isOver) {
      await setImmediate()
      turns++
    }
    await call
    expect(turns).toBeGreaterThan(5)
  })

  test('that is long waits for the one before it, and a crowd is turned away', async () => {
    const chain = await createTestChain({ pacing: paced(2) })
    const calls = Array.from({ length: 5 }, () => chain.engine.call(messageOf(chain, endless)))
    const codes = (await Promise.allSettled(calls)).map((result) =>
      result.status === 'rejected' ? result.reason.code : 'ran',
    )
    expect(codes.filter((code) => code === 'EVM_CALLS_TOO_MANY')).toHaveLength(3)
    expect(codes.filter((code) => code === 'EVM_CALL_TOO_LONG')).toHaveLength(2)
    // What was turned away or ended gives its place back.
    await expect(chain.engine.call(messageOf(chain, endless))).rejects.toMatchObject({
      code: 'EVM_CALL_TOO_LONG',
    })
  })

  test('that is short gives the same with a pace as without', async () => {
    const [plain, slow] = [await createTestChain(), await createTestChain({ pacing: paced() })]
    // A hundred rounds of a loop: PUSH1 100 JUMPDEST PUSH1 1 SWAP1 SUB DUP1 PUSH1 2 JUMPI STOP.
    const code: Hex = '0x60645b600190038060025700'
    const expected = await plain.engine.call(messageOf(plain, code))
    expect(expected.failure).toBeUndefined()
    expect(await slow.engine.call(messageOf(slow, code))).toEqual(expected)
  })
})

test('a block comes to its end with a pace, and is the one without', async () => {
  const init: Hex = '0x5b5f56'
  const slow = await createTestChain({ pacing: paced() })
  const plain = await createTestChain()
  const loop = signTx({ nonce: 0n, data: init, gas: 1_000_000n })
  const [built, expected] = [await slow.build([loop]), await plain.build([loop])]
  expect(built.receipts.decode().map(({ status }) => status)).toEqual([0, 1])
  expect(built.hash).toBe(expected.hash)
})
