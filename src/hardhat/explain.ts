import { type Hash, type PublicClient, parseEventLogs, type TransactionReceipt } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { abis } from '../../chain/system/abis.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { grossReward } from '../../chain/system/formulas.ts'
import { coinText, factorText } from './amounts.ts'

/** What the whitepaper's formula is made of, for one slot. */
export type RewardFacts = {
  /** Wei. */
  readonly price: bigint
  readonly power: bigint
  /** Over all slots of the task. */
  readonly powerSum: bigint
  readonly speedBps: bigint
  readonly commentBps: bigint
  /** What this worker did of the slot's slice, when it shared it with one that failed. */
  readonly part?: { readonly units: bigint; readonly of: bigint }
}

/** One pay-out with everything that decided it. Amounts in wei. */
export type PaidSlot = RewardFacts & {
  readonly taskId: bigint
  readonly slot: number
  readonly worker: Address
  readonly gross: bigint
  readonly fee: bigint
  /** What the worker can withdraw: gross - fee. */
  readonly net: bigint
}

/** A transaction in any of the ways in which tests hold it. */
export type Mined = Hash | TransactionReceipt

/** Every `SlotPaid` of a transaction, with the price and the powers of its task. */
export async function paidSlots(client: PublicClient, mined: Mined): Promise<readonly PaidSlot[]> {
  const receipt = await receiptOf(client, mined)
  const events = parseEventLogs({
    abi: abis.taskMarket,
    eventName: 'SlotPaid',
    logs: receipt.logs,
  })
  return Promise.all(
    events.map(async ({ args }) => {
      const market = { address: predeploys.taskMarket, abi: abis.taskMarket } as const
      const [task, [from, to]] = await Promise.all([
        client.readContract({ ...market, functionName: 'taskOf', args: [args.taskId] }),
        client.readContract({
          ...market,
          functionName: 'sliceOf',
          args: [args.taskId, args.slot],
        }),
      ])
      const isPart = args.units !== to - from
      return {
        taskId: args.taskId,
        slot: args.slot,
        worker: args.worker,
        gross: args.gross,
        fee: args.fee,
        net: args.gross - args.fee,
        price: task.price,
        power: args.power,
        powerSum: task.powerSum,
        speedBps: BigInt(args.speedBps),
        commentBps: BigInt(args.commentBps),
        ...(isPart ? { part: { units: BigInt(args.units), of: BigInt(to - from) } } : {}),
      }
    }),
  )
}

/** The formula, exact to the wei. */
export function grossOf({ part, ...facts }: RewardFacts): bigint {
  if (part === undefined) return grossReward(facts)
  // One division, as in the contract: the part scales the price before anything is rounded.
  return grossReward({
    ...facts,
    price: facts.price * part.units,
    powerSum: facts.powerSum * part.of,
  })
}

/** `price 100 HPC × power 3/10 × speed 1.2 × comment 1.0 = 36 HPC`. */
export function rewardText(facts: RewardFacts, symbol: string): string {
  const { price, power, powerSum, speedBps, commentBps, part } = facts
  const factors = [
    `price ${coinText(price, symbol)}`,
    `power ${power}/${powerSum}`,
    `speed ${factorText(speedBps)}`,
    `comment ${factorText(commentBps)}`,
    ...(part === undefined ? [] : [`units ${part.units}/${part.of}`]),
  ]
  return `${factors.join(' × ')} = ${coinText(grossOf(facts), symbol)}`
}

export async function receiptOf(client: PublicClient, mined: Mined): Promise<TransactionReceipt> {
  return typeof mined === 'string' ? client.getTransactionReceipt({ hash: mined }) : mined
}
