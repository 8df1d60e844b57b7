// Shows that our interpreter does to the last bit what the library's does: random programs run
// through both on equal states, and everything that can be seen afterwards is compared.
// POCA_FUZZ_SEED and POCA_FUZZ_PROGRAMS choose where it starts and how many programs it takes.
import { describe, expect, it } from 'vitest'
import {
  createFastMachine,
  createStockMachine,
  createWorld,
  randomMessage,
  runOn,
} from './interpreter/comparison.ts'
import { createRandom } from './interpreter/random.ts'

const seed = Number(process.env.POCA_FUZZ_SEED ?? Date.now() % 1_000_000_000)
const programs = Number(process.env.POCA_FUZZ_PROGRAMS ?? 2_000)
const MESSAGES_PER_WORLD = 8

describe('interpreter', () => {
  it('does what the library does with random programs', async () => {
    console.log(`interpreter: POCA_FUZZ_SEED=${seed} POCA_FUZZ_PROGRAMS=${programs}`)
    const stock = await createStockMachine()
    const ours = await createFastMachine(true)
    const waiting = await createFastMachine(false)
    for (let i = 0; i < programs / MESSAGES_PER_WORLD; i++) {
      const random = createRandom(seed + i)
      const world = await createWorld(random)
      const machine = random.oneIn(4) ? waiting : ours
      stock.state.load(world.state)
      machine.state.load(world.state)
      let gasUsed = 30_000
      for (let m = 0; m < MESSAGES_PER_WORLD; m++) {
        const message = randomMessage(random, world, gasUsed)
        const expected = await runOn(stock, { ...message })
        const found = await runOn(machine, { ...message })
        expect(found.lines, `world ${seed + i}, message ${m}`).toEqual(expected.lines)
        gasUsed = expected.gasUsed
      }
    }
  }, 3_600_000)
})
