import type { Address, Hex } from '../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { getOrder } from '../client/actions/getOrder.ts'
import { getSlice } from '../client/actions/getSlice.ts'
import type { GetTaskReturnType } from '../client/actions/getTask.ts'
import { getEvents, numberTopic } from '../client/events.ts'
import type { computeRows } from '../compute/computeRows.ts'
import {
  type DigitsManifest,
  digitsManifest,
  parseDigitsManifest,
} from '../compute/digitsManifest.ts'
import { isKnownKind } from '../compute/digitsOrder.ts'
import { ComputeError } from '../compute/errors.ts'
import type { OracleContext } from './ballot.ts'
import { type RevealedSlot, type Review, refuseUnknownWork, reviewSlot } from './review.ts'
import type { Committee } from './signatures.ts'

/** What computing again needs beside the oracle's context. */
export type ReviewContext = OracleContext & {
  readonly compute: typeof computeRows
}

/** Which results are reviewed, and how much of them. */
export type ReviewWish = {
  readonly taskId: bigint
  readonly task: GetTaskReturnType
  /** A block by which all of them were revealed. */
  readonly height: bigint
  /** One slot; all when left out. */
  readonly slot?: number
  /** The rows of a slot that are computed again. */
  readonly rowsOf: (slot: RevealedSlot) => readonly number[]
}

/** Reviews by slot. */
export type Reviews = ReadonlyMap<number, Review>

/**
 * Computes rows of revealed slots again; finds all of them invalid when the task itself is no good.
 * Undefined when this machine cannot do the work.
 */
export async function reviewSlots(
  context: ReviewContext,
  wish: ReviewWish,
  signal: AbortSignal,
): Promise<Reviews | undefined> {
  const { client, emit } = context
  const { taskId, task, height } = wish
  const order = await getOrder(client, { taskId, toBlock: height })
  if (!order) return undefined
  const manifest = readManifest(task, order.manifest)
  const slots = await readRevealed(context, wish, order.height)
  if (!manifest) return new Map(slots.map(({ slot }) => [slot, refuseUnknownWork()]))
  const samples = new Map(slots.map((one) => [one.slot, wish.rowsOf(one)]))
  const rows = [...new Set([...samples.values()].flat())]
  try {
    const onProgress = (done: number, total: number) =>
      emit({ type: 'reviewing', taskId, done, total })
    const computed = await context.compute({ manifest, rows }, { signal, onProgress })
    return new Map(
      slots.map((one) => {
        const sample = new Set(samples.get(one.slot))
        return [
          one.slot,
          reviewSlot(
            one,
            computed.filter(({ row }) => sample.has(row)),
          ),
        ]
      }),
    )
  } catch (error) {
    // Whoever has other data, or a machine that errs, accuses nobody.
    if (!(error instanceof ComputeError) || signal.aborted) throw error
    emit({ type: 'abstained', taskId, reason: error.message })
    return undefined
  }
}

/** Whether the oracle is of a committee; nobody is before the draw. */
export function isDrawn(committee: Committee | undefined, account: Address): boolean {
  return committee?.members.some((one) => one.toLowerCase() === account.toLowerCase()) ?? false
}

/** Undefined when the kind or the data is not known, or the manifest not readable or too small. */
function readManifest(
  { kind, units }: Pick<GetTaskReturnType, 'kind' | 'units'>,
  bytes: Hex,
): DigitsManifest | undefined {
  if (!isKnownKind(kind)) return undefined
  try {
    const manifest = parseDigitsManifest(bytes)
    const isKnown = manifest.dataset.sha256 === digitsManifest.dataset.sha256
    return isKnown && units <= manifest.split.testCount ? manifest : undefined
  } catch (error) {
    if (error instanceof ComputeError) return undefined
    throw error
  }
}

async function readRevealed(
  { client }: ReviewContext,
  { taskId, height, slot: wanted }: ReviewWish,
  fromBlock: bigint,
): Promise<readonly RevealedSlot[]> {
  const events = await getEvents(client, {
    address: predeploys.taskMarket,
    abi: taskMarketAbi,
    eventNames: ['ResultRevealed'],
    topics: [numberTopic(taskId), wanted === undefined ? null : numberTopic(BigInt(wanted))],
    fromBlock,
    toBlock: height,
  })
  return Promise.all(
    events.map(async ({ args: { slot, resultRoot, result } }) => {
      const slice = await getSlice(client, { taskId, slot })
      return { slot, slice, resultRoot, result }
    }),
  )
}
