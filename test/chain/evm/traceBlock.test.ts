// What a trace may hold is bounded: a call copies as much of its caller's memory as it likes for
// the gas of a call, and a trace keeps every copy.
import { setImmediate } from 'node:timers/promises'
import { expect, test } from 'vitest'
import type { Pace, Pacing } from '../../../chain/evm/pace.ts'
import { limits } from '../../../chain/primitives/limits.ts'
import { signTx } from '../fixtures/smallChain.ts'
import { createTestChain } from './harness.ts'

// While there are 20,000 gas: CALL(0, 0xdead, 0, 0, 32768, 0, 0).
const copying = '0x5b600060006180006000600061dead6000f15062004e205a1160005700'
const COPY_SIZE = 2 * 32_768

async function traceOf(gas: bigint, count = 1, pacing?: Pacing) {
  const chain = await createTestChain(pacing && { pacing })
  const { stateRoot: parentStateRoot } = chain.parent()
  const { raw } = await chain.build([signTx({ nonce: 0n, data: copying, gas })])
  const traces = Array.from({ length: count }, () => chain.engine.trace({ parentStateRoot, raw }))
  return (await Promise.all(traces)).flat()
}

test('a trace within its limit has every call with what it was given', async () => {
  const [frame] = await traceOf(100_000n)
  expect(frame?.calls.length).toBeGreaterThan(50)
  for (const { input } of frame?.calls ?? []) expect(input).toHaveLength(2 + COPY_SIZE)
})

test('a trace that would be larger is given up', async () => {
  // Without an end it would take the whole heap: four million gas are enough for that.
  const sizeMax = limits.traceSizeMax
  await expect(traceOf(400_000n)).rejects.toMatchObject({
    facts: { code: 'EVM_TRACE_TOO_BIG', sizeMax },
  })
})

test('traces come one after another, so that only one grows', async () => {
  const steps: number[] = []
  let paces = 0
  const block = (): Pace => {
    const own = paces++
    return {
      step() {
        steps.push(own)
        return setImmediate()
      },
      end: () => undefined,
    }
  }
  await traceOf(200_000n, 3, { block, call: block })
  expect(new Set(steps).size).toBeGreaterThanOrEqual(3)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))
})
