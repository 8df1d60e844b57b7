import { readContract } from 'viem/actions'
import { assert } from '../../../chain/primitives/assert.ts'
import { reputationAbi } from '../../../chain/system/abi/reputation.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { nameTaskState, taskStates } from '../../client/states.ts'
import type { WorkerBehaviour } from '../../worker/options.ts'
import { coin, factor } from '../ui/amounts.ts'
import type { Narrator } from '../ui/narrator.ts'
import type { Actor, Cast } from './cast.ts'
import type { Crew } from './crew.ts'
import { createStandardTask, nameOf } from './rent.ts'
import { letPass, seconds } from './time.ts'

/** How a fault is shown: who commits it, and what the whitepaper says follows. */
type Fault = {
  readonly culprit: number
  readonly behaviour: WorkerBehaviour
  readonly told: string
  readonly ends: number
  readonly penaltyDays: number
}

/** One worker aborts, another is late; both lose collateral and reputation, the client nothing. */
export async function fail(cast: Cast, crew: Crew, narrator: Narrator): Promise<void> {
  narrator.chapter('4  Faults: one worker aborts, another is late')
  await commit(
    { cast, crew, narrator },
    {
      culprit: 1,
      behaviour: 'aborts',
      told: 'gives up while computing',
      ends: taskStates.aborted,
      penaltyDays: 3,
    },
  )
  await commit(
    { cast, crew, narrator },
    {
      culprit: 2,
      behaviour: 'late',
      told: 'does not deliver in time',
      ends: taskStates.late,
      penaltyDays: 10,
    },
  )
}

type Scene = { readonly cast: Cast; readonly crew: Crew; readonly narrator: Narrator }

async function commit({ cast, crew, narrator }: Scene, fault: Fault): Promise<void> {
  const culprit = cast.workers[fault.culprit]
  assert(culprit !== undefined, 'the culprit is one of the workers')
  const commentBefore = await commentOf(culprit)
  await crew.behave(fault.culprit, fault.behaviour)
  // After days have passed, every worker has to prove its power again before it is drawn.
  await crew.untilProved(() => undefined)
  const { taskId, collateral, hash } = await createStandardTask(cast)
  narrator.say(`${cast.client.name} creates task ${taskId}; ${culprit.name} ${fault.told}`, hash)
  const running = await crew.untilTask(taskId, (state) => state >= taskStates.running)
  if (fault.behaviour === 'late') {
    await crew.untilCommitted(taskId, 2)
    await letPass(cast.client, running.deadline - running.startedAt + 1)
  }
  const ended = await crew.untilTask(taskId, (state) => state >= taskStates.completed)
  await crew.behave(fault.culprit, 'honest')
  await tell({ cast, crew, narrator }, { fault, culprit, taskId, collateral })
  narrator.check(
    `task ${taskId} ended as ${nameTaskState(fault.ends)}, by itself`,
    ended.state === fault.ends,
  )
  const commentAfter = await commentOf(culprit)
  narrator.check(
    `${culprit.name}’s comment adjustment fell from ${factor(commentBefore)} to ${factor(commentAfter)}`,
    commentAfter < commentBefore && commentAfter === 8_000,
  )
  await letPass(cast.client, fault.penaltyDays * seconds.day - seconds.hour)
  const stillLow = (await commentOf(culprit)) === 8_000
  await letPass(cast.client, seconds.hour)
  const restored = (await commentOf(culprit)) === 10_000
  narrator.check(
    `the penalty lasts ${fault.penaltyDays} days and then is over`,
    stillLow && restored,
  )
}

async function tell(
  { cast, narrator }: Scene,
  facts: {
    readonly fault: Fault
    readonly culprit: Actor
    readonly taskId: bigint
    readonly collateral: bigint
  },
): Promise<void> {
  const events = await cast.client.client.getTaskEvents({ taskId: facts.taskId })
  let lost = 0n
  let compensated = 0n
  let spread = 0n
  let refund = 0n
  for (const event of events) {
    if (event.eventName === 'SlotFaulted') {
      lost += event.args.seized
      narrator.say(
        `${nameOf(cast, event.args.worker)} loses ${coin(event.args.seized)} of collateral`,
        event.transactionHash,
      )
    }
    if (event.eventName === 'SlotCompensated') {
      compensated += event.args.amount
      narrator.say(
        `${nameOf(cast, event.args.worker)} is compensated with ${coin(event.args.amount)}`,
      )
    }
    if (event.eventName === 'TaskEnded') {
      refund = event.args.refund
      spread += event.args.burned
    }
    if (event.eventName === 'ReserveChanged') spread += event.args.added - event.args.drawn
  }
  narrator.check('the client got all its money back and paid no fee', refund === facts.collateral)
  narrator.check(
    `lost collateral ${coin(lost)} = compensation ${coin(compensated)} + burned and reserve ${coin(spread)}`,
    lost > 0n && lost === compensated + spread,
  )
}

async function commentOf(worker: Actor): Promise<number> {
  return readContract(worker.client, {
    address: predeploys.reputation,
    abi: reputationAbi,
    functionName: 'commentOf',
    args: [worker.address],
  })
}
