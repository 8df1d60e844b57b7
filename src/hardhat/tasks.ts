import {
  type Hash,
  keccak256,
  parseEventLogs,
  stringToHex,
  type TransactionReceipt,
  zeroAddress,
  zeroHash,
} from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { abis } from '../../chain/system/abis.ts'
import { asciiKey } from '../../chain/system/asciiKey.ts'
import { nameTaskState, slotStates, taskStates, type verdicts } from '../client/states.ts'
import { leastPowerOf } from '../client/taskSpec.ts'
import { accountOf, type RoleAccount, roleAccounts } from './accounts.ts'
import { type Amount, weiOf } from './amounts.ts'
import { type AttestOptions, attestSlot } from './attest.ts'
import type { Stage } from './stage.ts'
import { stuck } from './stage.ts'
import { endOne, warp } from './time.ts'

/** What a client orders. */
export type OrderOptions = {
  readonly price?: Amount
  /** How many workers share the work. */
  readonly slots?: number
  readonly units?: number
  readonly expectedSeconds?: number
  /** Workers that may be lost while running before the task ends. */
  readonly maxSlotLoss?: number
  /** Slots that do the same slice: each so many, in their order. Their results are the same. */
  readonly replicas?: number
  readonly minPower?: bigint
  readonly sponsor?: Address
  readonly client?: RoleAccount
}

/** How a task is played to its end. */
export type CompleteOptions = {
  /** Seconds from the start until each slot is done; the expected ones when left out. */
  readonly seconds?: number | readonly number[]
  /** What the oracles say, for all slots or for each. */
  readonly verdict?: keyof typeof verdicts | readonly (keyof typeof verdicts)[]
}

/** A task that has ended, and the transaction in which it did. */
export type EndedTask = {
  readonly taskId: bigint
  /** `completed`, `late` and so on. */
  readonly state: string
  readonly receipt: TransactionReceipt
}

/** How a slot ended that somebody failed. */
export type Fault = EndedTask & { readonly slot: number }

/** The kind of task that is played. */
export const playKind = asciiKey('play')

/** Steps after which a task must have ended; each state takes a few. */
const stepsMax = 40

/** Seconds between two workers who are done at the same time. */
const commitGapSeconds = 1n

/** Orders a task. Resolves with its id. */
export async function orderTask(stage: Stage, options: OrderOptions = {}): Promise<bigint> {
  const client = options.client ?? roleAccounts().client
  const { taskMarket } = stage.contractsAs(client)
  const manifest = stringToHex('played by hardhat-poca')
  const work = {
    units: options.units ?? 100,
    expectedSeconds: options.expectedSeconds ?? 600,
    slotCount: options.slots ?? 3,
    replicas: options.replicas ?? 1,
  }
  const spec = {
    ...work,
    kind: playKind,
    manifestHash: keccak256(manifest),
    sliceRoot: zeroHash,
    price: weiOf(options.price ?? '12'),
    maxSlotLoss: options.maxSlotLoss ?? 0,
    isQuoted: false,
    computeUnits: 0,
    storageGiB: 0,
    minPower: options.minPower ?? leastPowerOf(work),
    sponsor: options.sponsor ?? zeroAddress,
  }
  const [, collateral] = await taskMarket.read.quoteTask([spec])
  const hash = await taskMarket.write.createTask([spec, manifest], { value: collateral })
  const { logs } = await stage.client.getTransactionReceipt({ hash })
  const [created] = parseEventLogs({ abi: abis.taskMarket, eventName: 'TaskCreated', logs })
  if (created === undefined) throw stuck('the event TaskCreated')
  return created.args.taskId
}

/** Plays a task until it is in a state, or past it. */
export async function reachState(
  stage: Stage,
  taskId: bigint,
  wanted: keyof typeof taskStates,
): Promise<void> {
  await playUntil(stage, taskId, ({ state }) => state >= taskStates[wanted])
}

/** Plays workers and oracles of a task to its end, from whatever state it is in. */
export async function completeTask(
  stage: Stage,
  taskId: bigint,
  options: CompleteOptions = {},
): Promise<EndedTask> {
  const isEnd = ({ state }: Task) => state >= taskStates.completed
  const receipt = await playUntil(stage, taskId, isEnd, options)
  return endOf(stage, taskId, receipt)
}

/** Has a worker give its slot up. */
export async function abortSlot(stage: Stage, taskId: bigint, slot: number): Promise<Fault> {
  await reachState(stage, taskId, 'running')
  const { worker } = await marketOf(stage).read.slotOf([taskId, slot])
  const { taskMarket } = stage.contractsAs(accountOf(worker))
  const hash = await taskMarket.write.abort([taskId, slot])
  const receipt = await stage.client.getTransactionReceipt({ hash })
  return { ...(await endOf(stage, taskId, receipt)), slot }
}

/** Has the worker that a slot is offered to decline it. */
export async function declineSlot(
  stage: Stage,
  taskId: bigint,
  slot: number,
): Promise<TransactionReceipt> {
  await reachState(stage, taskId, 'assigned')
  const { worker, state } = await marketOf(stage).read.slotOf([taskId, slot])
  if (state !== slotStates.offered) throw stuck(`an offer of slot ${slot} of task ${taskId}`)
  const hash = await stage.contractsAs(accountOf(worker)).taskMarket.write.decline([taskId, slot])
  return stage.client.getTransactionReceipt({ hash })
}

/** Has every worker deliver but one, and lets that one's time run out. */
export async function missSlot(stage: Stage, taskId: bigint, slot: number): Promise<Fault> {
  await reachState(stage, taskId, 'running')
  const market = marketOf(stage)
  const before = await market.read.taskOf([taskId])
  for (let other = 0; other < before.slotCount; other += 1) {
    if (other !== slot) await commitSlot(stage, taskId, other)
  }
  const { deadline } = await market.read.slotOf([taskId, slot])
  const receipt = await afterDeadline(stage, taskId, deadline, taskStates.running)
  return { ...(await endOf(stage, taskId, receipt)), slot }
}

/** Commits to the result that `completeTask` reveals. */
export async function commitSlot(stage: Stage, taskId: bigint, slot: number): Promise<Hash> {
  const market = marketOf(stage)
  const [{ worker, attempt }, [from, to], task] = await Promise.all([
    market.read.slotOf([taskId, slot]),
    market.read.sliceOf([taskId, slot]),
    market.read.taskOf([taskId]),
  ])
  const units = BigInt(to - from)
  const commitment = await market.read.commitmentOf([
    ...([taskId, slot, attempt, worker] as const),
    ...([resultOf(task, taskId, slot), units, saltOf(taskId, slot)] as const),
  ])
  const { taskMarket } = stage.contractsAs(accountOf(worker))
  return taskMarket.write.commitResult([taskId, slot, commitment])
}

type Task = Awaited<ReturnType<ReturnType<typeof marketOf>['read']['taskOf']>>

/** Plays step after step; resolves with the receipt of the last one. */
async function playUntil(
  stage: Stage,
  taskId: bigint,
  isReached: (task: Task) => boolean,
  options: CompleteOptions = {},
): Promise<TransactionReceipt> {
  const market = marketOf(stage)
  let task = await market.read.taskOf([taskId])
  let receipt: TransactionReceipt | undefined
  for (let steps = 0; steps < stepsMax && !isReached(task); steps += 1) {
    receipt = (await playStep(stage, taskId, task, options)) ?? receipt
    task = await market.read.taskOf([taskId])
  }
  if (!isReached(task)) throw stuck(`task ${taskId}, which is ${nameTaskState(task.state)}`)
  return receipt ?? endOne(stage.time)
}

/** Does what comes next for a task. */
async function playStep(
  stage: Stage,
  taskId: bigint,
  task: Task,
  options: CompleteOptions,
): Promise<TransactionReceipt | undefined> {
  switch (task.state) {
    case taskStates.open:
      return nudge(stage, taskId)
    case taskStates.assigned:
      return acceptAll(stage, taskId, task)
    case taskStates.running:
      return commitAll(stage, taskId, task, options)
    case taskStates.revealing:
      return revealAll(stage, taskId, task)
    case taskStates.attesting:
      return attestAll(stage, taskId, task, options)
    case taskStates.challenge:
      return afterDeadline(stage, taskId, task.deadline, taskStates.challenge)
    default:
      throw stuck(`task ${taskId}, which is ${nameTaskState(task.state)}`)
  }
}

/** Lets the block do what is due, or does it as a stranger. */
async function nudge(stage: Stage, taskId: bigint): Promise<TransactionReceipt> {
  const receipt = await endOne(stage.time)
  const market = marketOf(stage)
  const { state } = await market.read.taskOf([taskId])
  if (state === taskStates.open) await market.write.advance([taskId])
  return receipt
}

/** Has all who have an offer take it; the block draws again for who declined. */
async function acceptAll(stage: Stage, taskId: bigint, { slotCount }: Task) {
  let hasOffer = false
  for (let slot = 0; slot < slotCount; slot += 1) {
    const { worker, state } = await marketOf(stage).read.slotOf([taskId, slot])
    if (state !== slotStates.offered) continue
    await stage.contractsAs(accountOf(worker)).taskMarket.write.accept([taskId, slot])
    hasOffer = true
  }
  return hasOffer ? undefined : endOne(stage.time)
}

/** Each worker commits at its second, the fastest first. */
async function commitAll(stage: Stage, taskId: bigint, task: Task, options: CompleteOptions) {
  const { slotCount, startedAt, expectedSeconds } = task
  const plan = Array.from({ length: slotCount }, (_, slot) => ({
    slot,
    seconds: pick(options.seconds, slot) ?? expectedSeconds,
  })).sort((a, b) => a.seconds - b.seconds)
  for (const { slot, seconds } of plan) {
    const { state, worker } = await marketOf(stage).read.slotOf([taskId, slot])
    if (state === slotStates.offered) {
      await stage.contractsAs(accountOf(worker)).taskMarket.write.accept([taskId, slot])
    } else if (state === slotStates.accepted) {
      await setTime(stage, BigInt(startedAt) + BigInt(seconds))
      await commitSlot(stage, taskId, slot)
    } else if (state === slotStates.repair) {
      await nudge(stage, taskId)
    }
  }
  return undefined
}

async function revealAll(stage: Stage, taskId: bigint, task: Task) {
  const market = marketOf(stage)
  for (let slot = 0; slot < task.slotCount; slot += 1) {
    const { state, worker } = await market.read.slotOf([taskId, slot])
    if (state !== slotStates.committed) continue
    const [from, to] = await market.read.sliceOf([taskId, slot])
    const { taskMarket } = stage.contractsAs(accountOf(worker))
    await taskMarket.write.revealResult([
      ...([taskId, slot, resultOf(task, taskId, slot), BigInt(to - from)] as const),
      ...([saltOf(taskId, slot), '0x'] as const),
    ])
  }
  return undefined
}

async function attestAll(stage: Stage, taskId: bigint, { slotCount }: Task, o: CompleteOptions) {
  let receipt: TransactionReceipt | undefined
  for (let slot = 0; slot < slotCount; slot += 1) {
    const { state } = await marketOf(stage).read.slotOf([taskId, slot])
    if (state !== slotStates.revealed) continue
    const verdict = pick(o.verdict, slot)
    const question: AttestOptions = verdict === undefined ? {} : { verdict }
    receipt = await attestSlot(stage, taskId, slot, question)
    const task = await marketOf(stage).read.taskOf([taskId])
    if (task.state !== taskStates.attesting) break
  }
  return receipt
}

/** Goes past a deadline; when the block did not act on it by itself, a stranger does. */
async function afterDeadline(
  stage: Stage,
  taskId: bigint,
  deadline: number,
  state: number,
): Promise<TransactionReceipt> {
  const to = BigInt(deadline) + 1n
  const late = to > (await stage.now())
  let receipt = late ? await warp(stage.time, { to }) : await endOne(stage.time)
  const market = marketOf(stage)
  if ((await market.read.taskOf([taskId])).state === state) {
    const hash = await market.write.advance([taskId])
    receipt = await stage.client.getTransactionReceipt({ hash })
  }
  return receipt
}

async function endOf(
  stage: Stage,
  taskId: bigint,
  receipt: TransactionReceipt,
): Promise<EndedTask> {
  const { state } = await marketOf(stage).read.taskOf([taskId])
  return { taskId, state: nameTaskState(state), receipt }
}

/** Sets the time of the next block, unless it is over already. */
async function setTime(stage: Stage, time: bigint): Promise<void> {
  const now = await stage.now()
  await stage.setNextTime(time > now ? time : now + commitGapSeconds)
}

/** Any account may call what strangers may. */
function marketOf(stage: Stage) {
  return stage.contractsAs(roleAccounts().client).taskMarket
}

/** A result that anyone can tell from another; slots that do the same slice have the same. */
function resultOf({ replicas }: Task, taskId: bigint, slot: number): Hash {
  return keccak256(stringToHex(`result ${taskId}/${slot - (slot % replicas)}`))
}

function saltOf(taskId: bigint, slot: number): Hash {
  return keccak256(stringToHex(`salt ${taskId}/${slot}`))
}

function pick<T>(given: T | readonly T[] | undefined, slot: number): T | undefined {
  // Array.isArray does not narrow readonly arrays.
  return Array.isArray(given) ? (given as readonly T[])[slot] : (given as T | undefined)
}
