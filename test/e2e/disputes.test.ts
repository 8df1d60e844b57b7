// Shows what seven oracle processes do beside judging once, on a real chain on which every slot is
// checked by a second committee: an honest result stands before it; a false one that a bribed
// committee attested is found out, disputed and overturned; and whoever doubts an honest result
// loses the bond to worker and jurors, although one juror is killed at its work.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeFunctionData, getAddress, type Hex, parseEther, zeroAddress } from 'viem'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { devAccounts, devRoles } from '../../chain/params/devAccounts.ts'
import { disputeCourtAbi } from '../../chain/system/abi/disputeCourt.ts'
import { oracleHubAbi } from '../../chain/system/abi/oracleHub.ts'
import { protocolParamsAbi } from '../../chain/system/abi/protocolParams.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { asciiKey } from '../../chain/system/asciiKey.ts'
import { getHead } from '../../src/client/actions/getHead.ts'
import { hashTaskAttestation } from '../../src/client/attestations.ts'
import { getEvents, numberTopic } from '../../src/client/events.ts'
import { disputeStates, taskStates, verdicts } from '../../src/client/states.ts'
import { digitsManifest, encodeDigitsManifest } from '../../src/compute/digitsManifest.ts'
import { compactSignature, takeQuorum } from '../../src/oracle/signatures.ts'
import type { WorkerBehaviour } from '../../src/worker/options.ts'
import { type RunningWorker, startWorker } from '../../src/worker/startWorker.ts'
import { voteFor } from './vote.ts'
import { eventually, keyOf, type Service, startWorld, type World } from './world.ts'

const newOracles = [9, 10, 13, 14]
const oracleIndexes = [...devRoles.oracles, ...newOracles]
const workerIndex = devRoles.workers[0]
const manifest = encodeDigitsManifest(digitsManifest)
const order = {
  kind: 'digits',
  manifest,
  price: parseEther('1'),
  units: 64,
  expectedSeconds: 120,
  slotCount: 1,
}

let world: World
let worker: RunningWorker | undefined
const running = new Map<number, Service>()

beforeAll(async () => {
  world = await startWorld({ blockTimeMs: 1_000 })
  const admit = newOracles.map((index) => ({
    to: predeploys.oracleHub,
    data: encodeFunctionData({
      abi: oracleHubAbi,
      functionName: 'admit',
      args: [devAccounts()[index]?.address ?? zeroAddress],
    }),
  }))
  const set = ([key, value]: readonly [string, bigint]) => ({
    to: predeploys.protocolParams,
    data: encodeFunctionData({
      abi: protocolParamsAbi,
      functionName: 'set',
      args: [asciiKey(key), value],
    }),
  })
  const params = [
    // All slots, not one in ten.
    ['oracle.recheckBps', 10_000n],
    // Time for three processes to start on a slow machine.
    ['task.challengeWindow', 600n],
  ] as const
  await voteFor(world, [...admit, ...params.map(set)])
  await serve(oracleIndexes)
  await Promise.all([...running.values()].map((oracle) => oracle.until('activated')))
  await work('honest')
}, 360_000)

afterAll(async () => {
  await worker?.stop()
  await world.stop()
})

async function serve(indexes: readonly number[]): Promise<void> {
  for (const index of indexes) running.set(index, await world.serve('oracle', index))
}

async function killAll(indexes: readonly number[]): Promise<void> {
  await Promise.all(indexes.map((index) => running.get(index)?.kill()))
}

async function work(behaviour: WorkerBehaviour): Promise<void> {
  await worker?.stop()
  worker = undefined
  const dataDir = join(world.folder, 'worker')
  await mkdir(dataDir, { recursive: true })
  worker = await startWorker({
    url: world.url,
    account: privateKeyToAccount(keyOf(workerIndex)),
    dataDir,
    power: 20n,
    behaviour,
  })
  const address = devAccounts()[workerIndex]?.address ?? zeroAddress
  await eventually(async () =>
    (await world.clientOf(0).getReason({ worker: address })) === '' ? true : undefined,
  )
}

function indexOf(oracle: string): number {
  return devAccounts().findIndex(({ address }) => address === oracle.toLowerCase())
}

async function untilState(taskId: bigint, wanted: number): Promise<void> {
  await eventually(async () =>
    (await world.clientOf(0).getTask({ taskId })).state === wanted ? true : undefined,
  )
}

/** Events of the court about a dispute. */
async function courtEvents(disputeId: bigint) {
  const client = world.clientOf(0)
  return getEvents(client, {
    address: predeploys.disputeCourt,
    abi: disputeCourtAbi,
    topics: [numberTopic(disputeId)],
    fromBlock: 0n,
    toBlock: (await getHead(client)).height,
  })
}

it('a second committee confirms an honest result and is paid for it', {
  timeout: 480_000,
}, async () => {
  const client = world.clientOf(0)
  const { taskId } = await client.createTask(order)
  await untilState(taskId, taskStates.challenge)
  const first = await client.getCommittee({ taskId })
  const recheck = await eventually(() => client.getRecheck({ taskId, slot: 0 }))
  expect(first?.members).toHaveLength(4)
  expect(recheck.members).toHaveLength(3)
  expect(recheck.members.filter((one) => first?.members.includes(one))).toEqual([])

  const rechecked = await eventually(async () => {
    const [event] = await getEvents(client, {
      address: predeploys.oracleHub,
      abi: oracleHubAbi,
      eventNames: ['SlotRechecked'],
      topics: [numberTopic(taskId)],
      fromBlock: 0n,
      toBlock: (await getHead(client)).height,
    })
    return event
  })
  expect(rechecked.args).toMatchObject({ taskId, slot: 0, verdict: verdicts.valid })
  expect((await client.getTask({ taskId })).disputes).toBe(0)

  await world.pass((await client.getTask({ taskId })).challengeWindow + 1)
  await untilState(taskId, taskStates.completed)
  const signers = recheck.members.filter((_, i) => (rechecked.args.bitmap >> i) & 1)
  for (const member of signers)
    await running.get(indexOf(member))?.until('feeClaimed', { taskId: Number(taskId) })
})

it('a false result that a bribed committee attested is overturned', {
  timeout: 480_000,
}, async () => {
  const client = world.clientOf(0)
  await work('wrong')
  await killAll(oracleIndexes)
  const { taskId, collateral } = await client.createTask(order)
  await untilState(taskId, taskStates.attesting)
  await attestFalsely(taskId)
  await untilState(taskId, taskStates.challenge)

  // Only those who had no part in it come back.
  const { members } = await eventually(() => client.getRecheck({ taskId, slot: 0 }))
  const honest = members.map(indexOf)
  await serve(honest)
  await untilState(taskId, taskStates.disputed)
  const disputeId = 1n
  expect(await client.getDispute({ disputeId })).toMatchObject({
    taskId,
    slot: 0,
    opener: getAddress(predeploys.oracleHub),
    bond: 0n,
  })
  await eventually(async () =>
    (await client.getDispute({ disputeId })).state === disputeStates.appealable ? true : undefined,
  )
  const votes = (await courtEvents(disputeId)).filter(({ eventName }) => eventName === 'JurorVoted')
  expect(votes.length).toBeGreaterThanOrEqual(2)
  for (const { args } of votes) expect(args).toMatchObject({ round: 1, isFaulty: true })

  await world.pass(3_601)
  await untilState(taskId, taskStates.rejected)
  expect(await client.getDispute({ disputeId })).toMatchObject({
    state: disputeStates.closed,
    isFaulty: true,
  })
  const events = await client.getTaskEvents({ taskId })
  const lost = events.find(({ eventName }) => eventName === 'SlotFaulted')
  expect(lost?.args).toMatchObject({ slot: 0 })
  const ended = events.find(({ eventName }) => eventName === 'TaskEnded')
  expect(ended?.args).toMatchObject({ state: taskStates.rejected, refund: collateral })
})

it('who doubts an honest result loses the bond, whatever befalls a juror', {
  timeout: 480_000,
}, async () => {
  const client = world.clientOf(0)
  await serve(oracleIndexes.filter((index) => !isAlive(index)))
  await work('honest')
  const { taskId } = await client.createTask(order)
  await untilState(taskId, taskStates.challenge)

  const doubter = world.clientOf(11)
  await doubter.depositCollateral({ amount: parseEther('10') })
  // Whoever did not judge the slot first is of the jury.
  const { members } = await eventually(() => client.getRecheck({ taskId, slot: 0 }))
  const [dead, shaken, steady] = members.map(indexOf)
  if (dead === undefined || shaken === undefined || steady === undefined) {
    throw new Error('three have not judged the slot')
  }
  await killAll([dead, shaken])
  const { disputeId, bond } = await doubter.openDispute({ taskId, slot: 0 })
  expect(bond).toBe(parseEther('5'))
  await serve([shaken])
  await running.get(shaken)?.until('reviewing')
  await killAll([shaken])
  // The log has numbers for what the chain has as bigints.
  const about = { disputeId: Number(disputeId) }
  await running.get(steady)?.until('voted', about)
  // One of three is no majority; the second one's vote decides.
  expect((await client.getDispute({ disputeId })).state).toBe(disputeStates.voting)
  await serve([shaken])
  expect(await running.get(shaken)?.until('voted', about)).toMatchObject({
    isFaulty: false,
    finding: 'right',
  })
  await eventually(async () =>
    (await client.getDispute({ disputeId })).state === disputeStates.appealable ? true : undefined,
  )
  await world.pass(3_601)
  await untilState(taskId, taskStates.completed)

  const events = await courtEvents(disputeId)
  const forfeited = events.find(({ eventName }) => eventName === 'BondForfeited')
  // Half to the worker, three tenths to the two who voted so, the rest is burned.
  expect(forfeited?.args).toMatchObject({
    winner: privateKeyToAccount(keyOf(workerIndex)).address,
    amount: parseEther('5'),
    toWinner: parseEther('2.5'),
    toJurors: parseEther('1.5'),
    burned: parseEther('1'),
  })
  for (const index of [shaken, steady]) await running.get(index)?.until('jurorPaid', about)
  const paid = (await courtEvents(disputeId)).filter(({ eventName }) => eventName === 'JurorPaid')
  expect(paid.map(({ args }) => args)).toEqual(
    Array.from({ length: 2 }, () => expect.objectContaining({ amount: parseEther('0.75') })),
  )
})

function isAlive(index: number): boolean {
  return running.get(index)?.isOver() === false
}

/** Signs, with a committee's own keys, that a result is valid which nobody looked at. */
async function attestFalsely(taskId: bigint): Promise<void> {
  const client = world.clientOf(0)
  const committee = await eventually(() => client.getCommittee({ taskId }))
  const task = await client.getTask({ taskId })
  const slot = await client.getSlot({ taskId, slot: 0 })
  const attestation = {
    configDigest: committee.digest,
    taskId,
    slot: 0,
    attempt: slot.attempt,
    verdict: verdicts.valid,
    resultRoot: slot.resultRoot,
    inputRoot: task.manifestHash,
    workUnits: slot.doneUnits,
    evidenceRoot: task.manifestHash,
    validUntil: task.deadline,
  }
  const hash = hashTaskAttestation(client.chain.id, attestation)
  const found = new Map<number, Hex>()
  for (const [i, member] of committee.members.entries()) {
    const account = privateKeyToAccount(keyOf(indexOf(member)))
    found.set(i, compactSignature(await account.sign({ hash })))
  }
  const quorum = takeQuorum(found, committee)
  if (!quorum) throw new Error('too few members')
  await client.submitReport({ attestation, ...quorum })
}
