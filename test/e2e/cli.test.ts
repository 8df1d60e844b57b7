// Shows, with the programs a user runs on a real chain, the verbs for leases and disputes: what
// they print for people and for programs, and that each refusal says what to do about it.
import { join } from 'node:path'
import { parseEther } from 'viem'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { devRoles } from '../../chain/params/devAccounts.ts'
import { slotStates, taskStates } from '../../src/client/states.ts'
import { digitsManifest, encodeDigitsManifest } from '../../src/compute/digitsManifest.ts'
import { eventually, type Service, startWorld, type World } from './world.ts'

const [clientIndex, workerIndex, doubterIndex] = [0, devRoles.workers[0], 11]

let world: World
let worker: Service
const keys = new Map<number, string>()

beforeAll(async () => {
  world = await startWorld({ blockTimeMs: 1_000 })
  for (const index of [clientIndex, workerIndex, doubterIndex]) {
    keys.set(index, await world.keyFile(index))
  }
  for (const index of devRoles.oracles) await world.serve('oracle', index)
  worker = await world.serve('worker', workerIndex, ['--power', '20'])
  await worker.until('proved')
}, 480_000)

afterAll(() => world.stop())

/** Runs a verb as an account, or without a key. */
async function poca(args: readonly string[], as?: number) {
  const key = as === undefined ? [] : ['--key-file', keys.get(as) ?? '']
  return world.run([...args, '--rpc', world.url, ...key])
}

/** What a verb prints for programs. */
async function pocaJSON(args: readonly string[], as?: number) {
  const { code, stdout, stderr } = await poca([...args, '--json'], as)
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  return JSON.parse(stdout)
}

async function refusalOf(args: readonly string[], as?: number): Promise<string> {
  const { code, stdout, stderr } = await poca(args, as)
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
  return stderr
}

describe('poca lease', () => {
  it('offers, takes, extends and ends a lease, and gives back what is left', {
    timeout: 480_000,
  }, async () => {
    const offer = ['lease', 'create', '--rate', '0.001', '--min-seconds', '10']
    const offered = await pocaJSON(offer, clientIndex)
    expect(offered).toMatchObject({
      lease: '1',
      state: 'offered',
      rate: '1000000000000000',
      deposited: parseEther('0.01').toString(),
    })
    const taken = await pocaJSON(['lease', 'take', '1', '--deposit'], workerIndex)
    expect(taken).toMatchObject({ state: 'running', collateral: expect.stringMatching(/^[1-9]/) })
    const extended = await pocaJSON(['lease', 'extend', '1', '--deposit', '3'], clientIndex)
    expect(extended).toMatchObject({ deposited: parseEther('3.01').toString() })
    expect(extended.fundedUntil - extended.startedAt).toBe(3_010)

    await world.pass(5)
    const shown = await poca(['lease', 'show', '1'])
    expect(shown.stdout).toMatch(/^lease +1\nstate +running\n/)
    expect(shown.stdout).toMatch(/\nrate +0\.001 HPC a second\n/)
    const closed = await pocaJSON(['lease', 'close', '1'], clientIndex)
    expect(closed).toMatchObject({ state: 'closed', due: '0', balance: '0' })
    const ran = BigInt(closed.paidUntil - closed.startedAt)
    expect(ran).toBeGreaterThanOrEqual(5n)
    expect(BigInt(closed.refunded)).toBe(parseEther('3.01') - ran * parseEther('0.001'))
    // Closing what is closed does no harm.
    expect(await pocaJSON(['lease', 'close', '1'], clientIndex)).toEqual(closed)
  })

  it('withdraws an offer that nobody took', { timeout: 120_000 }, async () => {
    const offer = ['lease', 'create', '--rate', '0.001', '--deposit', '1']
    const { lease } = await pocaJSON(offer, clientIndex)
    expect(await pocaJSON(['lease', 'close', lease], clientIndex)).toMatchObject({
      state: 'cancelled',
      refunded: parseEther('1').toString(),
    })
  })

  it('says what to do about a refusal', { timeout: 480_000 }, async () => {
    expect(await refusalOf(['lease', 'show', '99'])).toBe(
      'There is no lease 99; offer one with: poca lease create --rate COIN [CLI_REFUSED]\n',
    )
    const offer = ['lease', 'create', '--rate', '0.001']
    expect(await refusalOf([...offer, '--deposit', '0.01'], clientIndex)).toBe(
      'The deposit of 0.01 HPC does not pay for the minimum term; give --deposit 0.06 or more. ' +
        '[CLI_REFUSED]\n',
    )
    expect(await refusalOf([...offer, '--min-seconds', '7200'], clientIndex)).toMatch(
      /^minSeconds is 7200 and must be from 0 to 3600\. \[CLI_REFUSED\]\n$/,
    )
    expect(await refusalOf([...offer, '--units', '3'], clientIndex)).toMatch(
      /^The oracles have posted no price .*: poca dev --oracles \[CLI_REFUSED\]\n$/,
    )
    const { lease } = await pocaJSON(offer, clientIndex)
    expect(await refusalOf(['lease', 'close', lease], workerIndex)).toMatch(
      /^Lease \d+ is another client's; .* --key-file\. \[CLI_REFUSED\]\n$/,
    )
    expect(await refusalOf(['lease', 'take', lease], doubterIndex)).toMatch(
      /at stake and 0x\w+ has 0 HPC; add --deposit .*\[CLI_COLLATERAL_MISSING\]\n$/,
    )
  })

  it('takes no half-written options', { timeout: 120_000 }, async () => {
    for (const args of [
      ['lease', 'create'],
      ['lease', 'create', '--rate', '1,5'],
      ['lease', 'create', '--rate', '1', '--worker', '0x12'],
      ['lease', 'extend', 'x', '--deposit', '1'],
      ['lease', 'extend', '1', '--deposit', '-1'],
    ]) {
      const { code, stderr } = await poca(args, clientIndex)
      expect(code, args.join(' ')).toBe(2)
      expect(stderr).toMatch(/^error: /)
    }
  })
})

describe('poca dispute', () => {
  let taskId: bigint

  it('asks for a leaf, shows it from the folder of the worker, and tells how it stands', {
    timeout: 360_000,
  }, async () => {
    const client = world.clientOf(clientIndex)
    ;({ taskId } = await client.createTask({
      kind: 'digits',
      manifest: encodeDigitsManifest(digitsManifest),
      price: parseEther('1'),
      units: 16,
      expectedSeconds: 120,
      slotCount: 1,
    }))
    const about = ['--task', String(taskId), '--slot', '0']
    expect(await refusalOf(['dispute', 'open', ...about, '--deposit'], doubterIndex)).toMatch(
      /^(No oracle has reported|Task 1 is).*\[CLI_REFUSED\]\n$/,
    )
    await eventually(async () =>
      (await client.getTask({ taskId })).state === taskStates.challenge ? true : undefined,
    )
    // The worker would answer by itself.
    await worker.kill()
    const ask = ['dispute', 'ask', ...about]
    expect(await refusalOf([...ask, '--leaf', '16', '--deposit'], doubterIndex)).toBe(
      'Leaf 16 is not of this slot, which has 0 to 15. [CLI_REFUSED]\n',
    )
    const asked = await pocaJSON([...ask, '--leaf', '7'], doubterIndex)
    expect(asked).toMatchObject({
      dispute: '1',
      kind: 'chunkMissing',
      state: 'asked',
      leaf: 7,
      bond: parseEther('5').toString(),
    })
    const answer = ['dispute', 'answer', '1', '--data']
    expect(await refusalOf([...answer, join(world.folder, 'nobody')], workerIndex)).toMatch(
      /holds no result of task 1, slot 0; .* --data\. \[CLI_NO_RESULT\]\n$/,
    )
    const folder = join(world.folder, `worker-${workerIndex}`)
    expect(await pocaJSON([...answer, folder], workerIndex)).toMatchObject({ state: 'closed' })
    expect(await refusalOf([...answer, folder], workerIndex)).toMatch(
      /is closed: nobody is asked for a leaf\..*\[CLI_NOTHING_ASKED\]\n$/,
    )
    expect((await poca(['dispute', 'show', '1'])).stdout).toMatch(
      /^dispute +1\ntask +1\nslot +0\nkind +chunkMissing\nstate +closed\n/,
    )
    expect((await client.getTask({ taskId })).state).toBe(taskStates.challenge)
  })

  it('opens a dispute that the oracles decide, and carries it out', {
    timeout: 360_000,
  }, async () => {
    const client = world.clientOf(clientIndex)
    const about = ['--task', String(taskId), '--slot', '0']
    const open = ['dispute', 'open', ...about, '--deposit']
    const opened = await pocaJSON(open, doubterIndex)
    expect(opened).toMatchObject({ dispute: '2', kind: 'reexecute', state: 'voting', round: 1 })
    expect(await refusalOf(open, doubterIndex)).toBe(
      'Slot 0 of task 1 is disputed already; follow it with: poca dispute show 2 [CLI_REFUSED]\n',
    )
    const decided = await eventually(async () => {
      const shown = await pocaJSON(['dispute', 'show', '2'])
      return shown.state === 'voting' ? undefined : shown
    })
    expect(decided).toMatchObject({ state: 'appealable', isFaulty: false, forFaulty: 0 })
    expect(await refusalOf(['dispute', 'close', '2'], doubterIndex)).toMatch(
      /^Dispute 2 is appealable until .*Z; come back after that\. \[CLI_NOTHING_DUE\]\n$/,
    )
    const appealed = await poca(['dispute', 'appeal', '2', '--json'], doubterIndex)
    expect(appealed.stderr).toMatch(/puts 10 HPC .*add --deposit .*\[CLI_COLLATERAL_MISSING\]\n$/)
    await pocaJSON(['dispute', 'appeal', '2', '--deposit'], doubterIndex)
    await eventually(async () => {
      const { state, round } = await pocaJSON(['dispute', 'show', '2'])
      return round === 2 && state === 'appealable' ? true : undefined
    })
    await world.pass(3_601)
    await eventually(async () =>
      (await client.getSlot({ taskId, slot: 0 })).state === slotStates.settled ? true : undefined,
    )
    expect(await pocaJSON(['dispute', 'show', '2'])).toMatchObject({
      state: 'closed',
      isFaulty: false,
      round: 2,
    })
    expect(await refusalOf(['dispute', 'show', '9'])).toBe(
      'There is no dispute 9; open one with: poca dispute open --task N --slot N [CLI_REFUSED]\n',
    )
  })
})
