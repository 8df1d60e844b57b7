import { parseEther } from 'viem'
import { assert } from '../../../chain/primitives/assert.ts'
import { fee, grossReward } from '../../../chain/system/formulas.ts'
import { nameTaskState, taskStates } from '../../client/states.ts'
import { createDigitsEngine } from '../../compute/digits.ts'
import { digitsManifest, encodeDigitsManifest } from '../../compute/digitsManifest.ts'
import { decodeDigitsResult } from '../../compute/digitsResult.ts'
import { assumedCoinPriceUsd } from '../dev/devOracles.ts'
import { coin, factor, short } from '../ui/amounts.ts'
import type { Narrator } from '../ui/narrator.ts'
import type { Cast } from './cast.ts'
import type { Crew } from './crew.ts'
import { letPass } from './time.ts'

/** What the client is ready to pay for work in time. */
export const price = parseEther('12')
/** Seconds in which the client expects the result. */
export const expectedSeconds = 120

const challengeMargin = 1

/** Rents three workers for a task, sees it computed, judged and paid. */
export async function rent(cast: Cast, crew: Crew, narrator: Narrator): Promise<void> {
  const taskId = await order(cast, crew, narrator)
  await compute({ cast, crew, narrator, taskId })
  await settle({ cast, crew, narrator, taskId })
}

/** Creates the standard task with three slots. */
export function createStandardTask({ client }: Cast) {
  return client.client.createTask(standardTask)
}

const standardTask = {
  kind: 'digits',
  manifest: encodeDigitsManifest(digitsManifest),
  price,
  units: digitsManifest.split.testCount,
  expectedSeconds,
  slotCount: 3,
} as const

async function order(cast: Cast, crew: Crew, narrator: Narrator): Promise<bigint> {
  narrator.chapter('1  Rent: a client orders work and escrows its price')
  const { taskId, collateral, hash } = await createStandardTask(cast)
  narrator.say(`${cast.client.name} creates task ${taskId}`, hash)
  narrator.fact('work', `${digitsManifest.split.testCount} handwritten digits of MNIST to read`)
  narrator.fact('price', `${coin(price)}, for 3 workers`)
  narrator.fact(
    'escrowed',
    `${coin(collateral)} = price × cost range ${factor((collateral * 10_000n) / price)}`,
  )
  await crew.untilPriced()
  const quoted = await cast.client.client.quoteTask({
    ...standardTask,
    quoted: { computeUnits: 1, storageGiB: 0 },
  })
  narrator.fact('in dollars', `a coin is ${assumedCoinPriceUsd} USD, which the oracles assume here`)
  narrator.fact('quoted', `${coin(quoted.price)} for a unit over ${expectedSeconds} s`)
  narrator.check('the chain quotes work in dollars', quoted.price > 0n && quoted.price < price)
  narrator.check('the escrow holds one and a half times the price', collateral === parseEther('18'))
  return taskId
}

type Scene = {
  readonly cast: Cast
  readonly crew: Crew
  readonly narrator: Narrator
  readonly taskId: bigint
}

async function compute({ cast, crew, narrator, taskId }: Scene): Promise<void> {
  narrator.chapter('2  Slice and compute: three workers share the rows by their power')
  const started = await crew.untilTask(taskId, (state) => state >= taskStates.running)
  for (let slot = 0; slot < started.slotCount; slot += 1) {
    const { worker, power } = await cast.client.client.getSlot({ taskId, slot })
    const { from, to } = await cast.client.client.getSlice({ taskId, slot })
    narrator.fact(`slot ${slot}: ${nameOf(cast, worker)}`, `rows ${from}–${to - 1}, power ${power}`)
  }
  await crew.watchRows(taskId, narrator.progress('computing', digitsManifest.split.testCount))
  const judged = await crew.untilTask(taskId, (state) => state >= taskStates.challenge)
  narrator.say(`every worker committed to a Merkle root of its rows, then revealed it`)
  for (const { hash, slot, isValid, signerCount } of await crew.reports(taskId)) {
    const verdict = isValid ? 'valid' : 'not valid'
    const signed = `${signerCount} of ${cast.oracles.length} signed`
    narrator.say(`oracles report slot ${slot}: ${verdict}, ${signed}`, hash)
  }
  narrator.check('the oracles attested all three slots', judged.state === taskStates.challenge)
  const accuracy = await measureAccuracy(cast, taskId)
  narrator.fact('accuracy', `${(accuracy * 100).toFixed(1)} % of the digits read right`)
  narrator.check('accuracy is above 93 %', accuracy > 0.93)
}

async function settle({ cast, crew, narrator, taskId }: Scene): Promise<void> {
  narrator.chapter('3  Pay: the block producer settles by the whitepaper’s formula')
  const task = await cast.client.client.getTask({ taskId })
  narrator.say(`${task.challengeWindow} seconds pass in which anyone may object`)
  await letPass(cast.client, task.challengeWindow + challengeMargin)
  const ended = await crew.untilTask(taskId, (state) => state >= taskStates.completed)
  narrator.check(
    `task ${taskId} is ${nameTaskState(ended.state)}`,
    ended.state === taskStates.completed,
  )

  const { payments, completed } = await settlementOf(cast, taskId)
  for (const { args, transactionHash } of payments) {
    const gross = grossReward({
      price,
      power: args.power,
      powerSum: ended.powerSum,
      speedBps: BigInt(args.speedBps),
      commentBps: BigInt(args.commentBps),
    })
    const feeDue = fee(gross, BigInt(task.feeBps))
    narrator.say(
      `${nameOf(cast, args.worker).padEnd(6)} ${coin(price)} × ${args.power}/${ended.powerSum} × ` +
        `speed ${factor(args.speedBps)} × comment ${factor(args.commentBps)} = ${coin(args.gross)}`,
    )
    narrator.say(`${''.padEnd(6)} less the fee ${coin(args.fee)}`, transactionHash)
    narrator.check(
      `${nameOf(cast, args.worker)} was paid what the formula says, to the wei`,
      gross === args.gross && feeDue === args.fee,
    )
  }
  const { paid, fee: fees, refund } = completed
  narrator.fact('paid, fees in it, back', `${coin(paid)}, ${coin(fees)}, ${coin(refund)}`)
  narrator.check('payment + refund = escrow', paid + refund === parseEther('18'))
  narrator.check('the fee is below 5 %', fees * 20n < paid)
  const refunded = await cast.client.client.withdrawCredit()
  narrator.say(`${cast.client.name} withdraws the refund`, refunded.hash)
  narrator.check('every worker withdrew its pay', await crew.untilPaid())
}

async function settlementOf({ client }: Cast, taskId: bigint) {
  const events = await client.client.getTaskEvents({ taskId })
  const payments = events.flatMap((event) => (event.eventName === 'SlotPaid' ? [event] : []))
  const [completed] = events.flatMap((event) =>
    event.eventName === 'TaskCompleted' ? [event.args] : [],
  )
  assert(completed !== undefined, 'a completed task has its event')
  return { payments, completed }
}

async function measureAccuracy(cast: Cast, taskId: bigint): Promise<number> {
  const { testLabels } = await createDigitsEngine(digitsManifest)
  const events = await cast.client.client.getTaskEvents({ taskId })
  let right = 0
  for (const event of events) {
    if (event.eventName !== 'ResultRevealed') continue
    const { slot, result } = event.args
    const [from, to] = await sliceOf(cast, taskId, slot)
    right += decodeDigitsResult(result, { from, to }).filter(
      ({ row, label }) => testLabels[row] === label,
    ).length
  }
  return right / testLabels.length
}

async function sliceOf({ client }: Cast, taskId: bigint, slot: number) {
  const { from, to } = await client.client.getSlice({ taskId, slot })
  return [from, to] as const
}

/** The name of whoever has an address. */
export function nameOf({ workers }: Cast, address: string): string {
  const found = workers.find((worker) => worker.address === address.toLowerCase())
  return found?.name ?? short(address)
}
