// Shows that our journal answers as the library's: random steps on both, every answer compared.
import { createEVM, type EVM } from '@ethereumjs/evm'
import { Account, createAddressFromBigInt } from '@ethereumjs/util'
import { describe, expect, it } from 'vitest'
import { FastJournal } from '../../../../chain/evm/fast/interpreter/journal.ts'
import { common } from '../../fixtures/smallChain.ts'
import { MemoryState } from './memoryState.ts'
import { createRandom, type Random } from './random.ts'

const addresses = [1n, 2n, 3n, 4n, 5n, 2n ** 159n].map(createAddressFromBigInt)
const slots = [0, 1, 2].map((index) => new Uint8Array(32).fill(index))
const text = (bytes: Uint8Array) => `0x${Buffer.from(bytes).toString('hex')}`

type Side = { readonly journal: EVM['journal'] | FastJournal; readonly state: MemoryState }

async function createSides(): Promise<readonly [Side, Side]> {
  const [state, other] = [new MemoryState(), new MemoryState()]
  const { journal } = await createEVM({ common: common.copy(), stateManager: state })
  const fast = new FastJournal({ common, precompiles: () => [] }, { state: other })
  return [
    { journal, state },
    { journal: fast, state: other },
  ]
}

/** One step, as something to do to a journal. */
function randomStep(random: Random, depth: number): (side: Side) => unknown {
  const address = random.pick(addresses)
  const slot = random.pick(slots)
  const account = new Account(0n, BigInt(random.below(2)))
  const kind = random.below(depth > 0 ? 9 : 7)
  return ({ journal }) => {
    if (kind === 0) return journal.addWarmedAddress(address.bytes)
    if (kind === 1) return journal.addWarmedStorage(address.bytes, slot)
    if (kind === 2) return journal.addAlwaysWarmAddress(text(address.bytes), true)
    if (kind === 3) return journal.addAlwaysWarmSlot(text(address.bytes), text(slot), true)
    if (kind === 4) return journal.putAccount(address, account)
    if (kind === 5) return journal.deleteAccount(address)
    if (kind === 6) return journal.checkpoint()
    return kind === 7 ? journal.commit() : journal.revert()
  }
}

function answersOf({ journal, state }: Side): readonly unknown[] {
  const list = [...(journal.accessList ?? [])].map(([at, warm]) => `${at} ${[...warm].join()}`)
  const warm = addresses.map(({ bytes }) => [
    journal.isWarmedAddress(bytes),
    ...slots.map((slot) => journal.isWarmedStorage(bytes, slot)),
  ])
  return [list, warm, state.dump()]
}

describe('FastJournal', () => {
  it('answers as the library does', async () => {
    const seed = Date.now() % 1_000_000_000
    console.log(`journal: seed ${seed}`)
    for (let i = 0; i < 150; i++) {
      const random = createRandom(seed + i)
      const [expected, found] = await createSides()
      if (random.oneIn(2)) {
        for (const { journal } of [expected, found]) journal.startReportingAccessList()
      }
      let depth = 0
      for (let n = 0; n < 60; n++) {
        const step = randomStep(random, depth)
        const height = expected.state.depth
        for (const side of [expected, found]) await step(side)
        depth += expected.state.depth - height
        expect(answersOf(found), `seed ${seed + i}, step ${n}`).toEqual(answersOf(expected))
      }
      for (const { journal } of [expected, found]) await journal.cleanup()
      expect(answersOf(found), `seed ${seed + i}, at the end`).toEqual(answersOf(expected))
    }
  })

  it('begins a transaction with its addresses and all precompiles warm', () => {
    const [first, second, third] = addresses.map(({ bytes }) => bytes)
    const precompiles = () => [second as Uint8Array]
    const journal = new FastJournal({ common, precompiles }, { state: new MemoryState() })
    journal.startTransaction([first as Uint8Array])
    const isWarm = () =>
      [first, second, third].map((at) => journal.isWarmedAddress(at as Uint8Array))
    expect(isWarm()).toEqual([true, true, false])
    journal.cleanJournal()
    expect(isWarm()).toEqual([false, false, false])
  })
})
