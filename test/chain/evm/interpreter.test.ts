// Shows that our interpreter does to the last bit what the library's does: random programs run
// through both on equal states, and everything that can be seen afterwards is compared; then single
// cases at their edges. POCA_FUZZ_SEED and POCA_FUZZ_PROGRAMS choose the first random program and
// how many there are.
import { Hardfork } from '@ethereumjs/common'
import { type EVM, EVMError, type EVMRunCallOpts } from '@ethereumjs/evm'
import { Account, createAddressFromBigInt } from '@ethereumjs/util'
import { beforeAll, describe, expect, it } from 'vitest'
import { createFastEvm, FastEvm } from '../../../chain/evm/fast/interpreter/fastEvm.ts'
import { common as chainCommon } from '../fixtures/smallChain.ts'
import {
  block,
  createFastMachine,
  createStockMachine,
  createWorld,
  type Machine,
  randomMessage,
  runOn,
  sender,
} from './interpreter/comparison.ts'
import { MemoryState } from './interpreter/memoryState.ts'
import { createRandom } from './interpreter/random.ts'

const seed = Number(process.env.POCA_FUZZ_SEED ?? Date.now() % 1_000_000_000)
const programs = Number(process.env.POCA_FUZZ_PROGRAMS ?? 2_000)
const MESSAGES_PER_WORLD = 8
const traced = programs / 50
const AMPLE_GAS = 200_000

const target = createAddressFromBigInt(0xc0den)

let stock: Machine
let ours: Machine<FastEvm>
let waiting: Machine<FastEvm>

beforeAll(async () => {
  stock = await createStockMachine()
  ours = await createFastMachine(true)
  waiting = await createFastMachine(false)
})

describe('random programs', () => {
  it('end as they do in the library', async () => {
    console.log(`interpreter: POCA_FUZZ_SEED=${seed} POCA_FUZZ_PROGRAMS=${programs}`)
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

  it('take the steps that they take in the library', async () => {
    for (let i = 0; i < traced; i++) {
      const random = createRandom(seed + i)
      const world = await createWorld(random)
      const message = { ...randomMessage(random, world, 30_000), gasLimit: 60_000n }
      const [theirs, mine] = [await createStockMachine(), await createFastMachine(true)]
      for (const { state } of [theirs, mine]) state.load(world.state)
      const expected = await stepsOfStock(theirs.evm, message)
      // The library's hook fails when a REVERT names memory that nobody can pay for.
      if (expected === undefined) continue
      expect(await stepsOfOurs(mine.evm, message), `world ${seed + i}`).toEqual(expected)
    }
  })
})

describe('a single program', () => {
  const cases: Readonly<Record<string, string>> = {
    'a loop with memory and a hash': '600a5b80526040602020602052600190038060025700',
    'slots written, cleared and written again':
      '600160005560006000556002600055600060015560036001556000600155',
    'a slot that was there, cleared and restored': '6000600755600560075560096007556000600755',
    'transient storage': '6001600260035d60035c60005260206000f3',
    'copies of all kinds': '60206000600037602060016020396010600060405e602060003d3e60406000a0',
    logs: '60016002600360046020600060205260406000a460006000a1',
    'a log without its topics': '60015f5fa2',
    'what a call reverted with': '3330146015575f5f5f5f5f305af13d5f5f3e3d5ff35b60aa5f5360015ffd',
    'a refund in a call': '333014600f575f5f5f5f5f305af1005b5f60075500',
    'value for an account that is there and empty': '5f5f5f5f5f61abcd5af15f5f5f5f600161abcd5af1',
    'a call to itself with value': '5f5f5f5f6001305af15f5f5f5f305afa5f5f5f5f305af4',
    'a call with more gas than there is': '5f5f5f5f5f30620fffffff150050',
    'creation, and a call to what was created':
      '6460016000556000526005601bf35f5260205f5ff05f5f5f5f5f855af1',
    'arithmetic at its edges': '5f19600160020a5f19900b5f195f199005600160ff1b5f1990058060ff1d',
    'an instruction that does not exist': '6001600201500c',
    'a jump into the data of a push': '6003565b605b00',
    'a jump far behind the end':
      '7f00000000000000000000000100000000000000000000000000000000000000005656',
    'what looks at other accounts': '303163c0de0000313b303f3b60056000600061eeee3c',
    'what the block tells': '4143444546484a4940603160005240612b3f40',
    'hashes of blocks at the edges':
      '602c405f52602b4060205261012c4060405261012b40606052602c4060805260a05ff3',
    'the end of its account': '61eeeeff',
    'a push that is cut off': '7fff',
  }

  it.each(Object.entries(cases))('ends alike at every gas limit: %s', async (_, code) => {
    const run = await withCode(fromHex(code))
    const { gasUsed } = await run(stock, AMPLE_GAS)
    const limits = [AMPLE_GAS]
    // Every limit at first, then ever fewer: most instructions are cheap.
    for (let gas = 0; gas <= gasUsed + 3; gas += 1 + Math.floor(gas / 40)) limits.push(gas)
    for (const gas of limits) {
      const expected = await run(stock, gas)
      expect((await run(ours, gas)).lines, `gas ${gas}`).toEqual(expected.lines)
      expect((await run(waiting, gas)).lines, `gas ${gas}, waiting`).toEqual(expected.lines)
    }
  })

  it('writes to storage only with more gas than a stipend', async () => {
    // Reads slot 0 and writes the same: 4 gas for zeros, 2,100 for reading, 100 for writing.
    const run = await withCode(fromHex('5f545f55'))
    for (let gas = 4_390; gas < 4_420; gas++) {
      const expected = await run(stock, gas)
      expect((await run(ours, gas)).lines, `gas ${gas}`).toEqual(expected.lines)
      expect(expected.lines[1]).toBe(gas > 4_404 ? 'error undefined' : 'error out of gas')
    }
  })

  it('forgets transient storage after each transaction', async () => {
    // Writes the transient slot 0 to slot 0, then 1 to the transient slot.
    const state = new MemoryState()
    await state.putAccount(target, new Account(1n, 0n))
    await state.putCode(target, fromHex('5f5c5f5560015f5d'))
    for (const machine of [stock, ours, waiting]) {
      machine.state.load(state)
      const message = { caller: sender, to: target, gasLimit: 100_000n, block }
      await runOn(machine, { ...message })
      const { lines } = await runOn(machine, { ...message })
      expect(lines.filter((line) => line.includes('slot'))).toEqual([])
    }
  })

  it('runs for somebody who is not there', async () => {
    const caller = createAddressFromBigInt(0xdeadn)
    const { lines } = await onBoth(fromHex('33315f55'), { caller, skipNonceIncrement: true })
    // There until empty accounts go.
    expect(lines.filter((line) => line.includes('dead nonce 0'))).toHaveLength(1)
  })

  it('calls itself 1,024 deep and no further', async () => {
    // Adds one to a slot at each depth.
    const code = fromHex('5f54600101805f555f5f5f5f5f305af1')
    const { lines } = await onBoth(code, { gasLimit: 10n ** 12n })
    expect(lines).toContainEqual(expect.stringMatching(/slot 0+ = 0401$/))
  })

  it('leaves no trace in the memory of the next frame', async () => {
    const dirty = fromHex('5f195f525f19610fe0525f1961200052')
    // Grows the memory as far and hashes it.
    await onBoth(dirty, {})
    await onBoth(fromHex('61202051506120205f205f5260205ff3'), {})
    await onBoth(dirty, { gasLimit: 40n })
    await onBoth(fromHex('61100051506110005f205f5260205ff3'), {})
  })

  it('sees the rules of another fork', async () => {
    const machines = [await createStockMachine(), await createFastMachine(true)]
    for (const fork of [Hardfork.London, Hardfork.Cancun, Hardfork.Istanbul, Hardfork.Osaka]) {
      const results: unknown[] = []
      for (const { evm, state } of machines) {
        evm.common.setHardfork(fork)
        // PUSH0, then CLZ: neither was there always.
        for (const code of ['5f50', '60011e50', '600154600155']) {
          state.load(new MemoryState())
          await state.putAccount(target, new Account(1n, 0n))
          const message = { to: target, code: fromHex(code), gasLimit: 100_000n, block }
          const { execResult } = await evm.runCall(message)
          results.push(execResult.exceptionError?.error, execResult.executionGasUsed)
        }
      }
      expect(results.slice(results.length / 2), fork).toEqual(results.slice(0, results.length / 2))
    }
  })
})

describe('a pace', () => {
  const endless = fromHex('5b5f56')
  const message = { caller: sender, to: target, gasLimit: 1_000_000n, block }

  it('is asked again and again, and waited for', async () => {
    for (const { evm } of [ours, waiting]) {
      let asked = 0
      let waits = 0
      evm.pace = {
        step: () => (++asked % 5 === 0 ? Promise.resolve().then(() => void waits++) : undefined),
        end: () => undefined,
      }
      const { execResult } = await evm.runCall({ ...message, code: endless })
      evm.pace = undefined
      expect(execResult.exceptionError?.error).toBe('out of gas')
      expect(asked).toBeGreaterThan(50)
      expect(waits).toBe(Math.floor(asked / 5))
    }
  })

  it('is asked by calls that are short themselves', async () => {
    let asked = 0
    ours.evm.pace = { step: () => void asked++, end: () => undefined }
    // Calls the identity precompile without end.
    const code = fromHex('5b5f5f5f5f60045afa505f56')
    await ours.evm.runCall({ ...message, code })
    ours.evm.pace = undefined
    expect(asked).toBeGreaterThan(1_000)
  })

  it('ends what runs by what it throws', async () => {
    const { evm } = await createFastMachine(true)
    evm.pace = {
      step: () => {
        throw new Error('no time left')
      },
      end: () => undefined,
    }
    await expect(evm.runCall({ ...message, code: endless })).rejects.toThrow('no time left')
  })

  it('lets two executions on one thread run by turns', async () => {
    const code = fromHex('60ff5b80526040602020602052600190038060025760405ff3')
    const alone = await ours.evm.runCall({ ...message, code })
    const machines = [await createFastMachine(true), await createFastMachine(true)]
    for (const { evm } of machines) evm.pace = { step: () => Promise.resolve(), end: () => {} }
    const both = await Promise.all(machines.map(({ evm }) => evm.runCall({ ...message, code })))
    for (const { execResult } of both) {
      expect(execResult.returnValue).toEqual(alone.execResult.returnValue)
      expect(execResult.executionGasUsed).toBe(alone.execResult.executionGasUsed)
    }
  })
})

describe('an EVM', () => {
  it('leaves nothing behind on the Common it was made with', async () => {
    const common = chainCommon.copy()
    for (let i = 0; i < 3; i++) await createFastEvm({ common, stateManager: new MemoryState() })
    expect(common.events.listenerCount('hardforkChanged')).toBe(0)
  })

  it('has copies of its own kind', async () => {
    const { evm } = await createFastMachine(true)
    const copy = evm.shallowCopy()
    expect(copy).toBeInstanceOf(FastEvm)
    expect(copy.stateManager).not.toBe(evm.stateManager)
    const { execResult } = await copy.runCall({ to: target, code: fromHex('5f5ffd'), block })
    expect(execResult.exceptionError?.error).toBe('revert')
  })
})

describe('listeners', () => {
  it('hear of every step and of every message', async () => {
    const { evm, state } = await createFastMachine(true)
    await state.putAccount(target, new Account(1n, 0n))
    await state.putCode(target, fromHex('5f5f5f5f5f60045af1'))
    let steps = 0
    let messages = 0
    evm.events.on('step', () => steps++)
    evm.events.on('beforeMessage', () => messages++)
    await evm.runCall({ caller: sender, to: target, gasLimit: 100_000n, block })
    expect([steps, messages]).toEqual([8, 2])
  })
})

/** Lets one account's code run on any machine, on a fresh state. */
async function withCode(code: Uint8Array) {
  const state = new MemoryState()
  await state.putAccount(sender, new Account(0n, 10n ** 18n))
  await state.putAccount(target, new Account(1n, 1_000n))
  await state.putCode(target, code)
  await state.putStorage(target, slot(7), Uint8Array.of(5))
  const data = fromHex('11223344')
  return async (machine: Machine, gasLimit: number) => {
    machine.state.load(state)
    return runOn(machine, { caller: sender, to: target, gasLimit: BigInt(gasLimit), data, block })
  }
}

/** Runs code on both, compares, and gives what both did. */
async function onBoth(code: Uint8Array, options: Partial<EVMRunCallOpts>) {
  const state = new MemoryState()
  await state.putAccount(sender, new Account(0n, 10n ** 18n))
  await state.putAccount(target, new Account(1n, 1_000n))
  await state.putCode(target, code)
  const message = { caller: sender, to: target, gasLimit: 1_000_000n, block, ...options }
  stock.state.load(state)
  ours.state.load(state)
  const expected = await runOn(stock, { ...message })
  const found = await runOn(ours, { ...message })
  expect(found.lines).toEqual(expected.lines)
  return found
}

async function stepsOfStock(evm: EVM, message: EVMRunCallOpts) {
  const steps: string[] = []
  evm.events.on('step', ({ depth, pc, opcode, gasLeft, stack }) => {
    steps.push(`${depth} ${pc} ${opcode.code} ${gasLeft} ${stack.join()}`)
  })
  try {
    return await runToEnd(evm, message, steps)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

async function stepsOfOurs(evm: FastEvm, message: EVMRunCallOpts): Promise<readonly string[]> {
  const steps: string[] = []
  evm.tracer = ({ depth, pc, op, isInvalid, gas, stack }) => {
    // The library has one number for all that is no instruction.
    steps.push(`${depth} ${pc} ${isInvalid ? 0xfe : op} ${gas} ${stack.join()}`)
  }
  await runToEnd(evm, message, steps)
  evm.tracer = undefined
  return steps
}

/** Adds to the steps what the library throws, when it does: for a creation that nobody can pay. */
async function runToEnd(evm: EVM, message: EVMRunCallOpts, steps: string[]) {
  try {
    await evm.runCall({ ...message })
  } catch (error) {
    if (!(error instanceof EVMError)) throw error
    steps.push(`thrown: ${error.error}`)
  }
  return steps
}

function slot(index: number): Uint8Array {
  const key = new Uint8Array(32)
  key[31] = index
  return key
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
