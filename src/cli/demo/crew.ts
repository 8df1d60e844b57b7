import { join } from 'node:path'
import { privateKeyToAccount } from 'viem/accounts'
import { assert } from '../../../chain/primitives/assert.ts'
import type { Hash } from '../../../chain/primitives/hex.ts'
import { oracleHubAbi } from '../../../chain/system/abi/oracleHub.ts'
import { taskEscrowAbi } from '../../../chain/system/abi/taskEscrow.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import type { GetTaskReturnType } from '../../client/actions/getTask.ts'
import { getEvents, numberTopic } from '../../client/events.ts'
import { sleep } from '../../client/sleep.ts'
import { isTerminal, nameTaskState, slotStates, verdicts } from '../../client/states.ts'
import { fixedPrice } from '../../oracle/priceSource.ts'
import { type RunningOracle, startOracle } from '../../oracle/startOracle.ts'
import type { WorkerBehaviour } from '../../worker/options.ts'
import { type RunningWorker, startWorker } from '../../worker/startWorker.ts'
import { assumedCoinPriceUsd } from '../dev/devOracles.ts'
import type { Progress } from '../ui/narrator.ts'
import type { Actor, Cast } from './cast.ts'

/** The workers and oracles of the story, each an ordinary client of the node. */
export type Crew = {
  /** Waits until the workers' power is proved; calls back with how many are. */
  untilProved(seen: (count: number) => void): Promise<void>
  /** Waits until enough oracles have posted what the coin is worth. */
  untilPriced(): Promise<void>
  /** Lets one worker go on with another behaviour. */
  behave(worker: number, behaviour: WorkerBehaviour): Promise<void>
  untilTask(taskId: bigint, reached: (state: number) => boolean): Promise<GetTaskReturnType>
  /** Shows rows being computed until all slots are committed. */
  watchRows(taskId: bigint, progress: Progress): Promise<void>
  untilCommitted(taskId: bigint, slots: number): Promise<void>
  /** Waits until every worker has withdrawn what it earned; whether each earned anything. */
  untilPaid(): Promise<boolean>
  /** The oracles' reports on a task's slots. */
  reports(taskId: bigint): Promise<readonly Report[]>
  stop(): Promise<void>
}

/** One report: how many oracles signed it, and the transaction that brought it. */
export type Report = {
  readonly slot: number
  readonly isValid: boolean
  readonly signerCount: number
  readonly hash: Hash
}

const pollMs = 100
/** A step of the story that takes longer has failed. */
const patienceMs = 120_000
/** How often workers and oracles look at the chain in the story. */
const intervalMs = 200

type Options = { readonly url: string; readonly dataDir: string }

/** Starts all workers and oracles of the cast. */
export async function hireCrew(cast: Cast, options: Options): Promise<Crew> {
  const rowsDone = new Map<string, number>()
  const workers: RunningWorker[] = []
  const hire = async (actor: Actor, behaviour: WorkerBehaviour): Promise<RunningWorker> => {
    const worker = await startWorker({ ...settings(actor, options), behaviour })
    worker.events.on('event', (event) => {
      if (event.type === 'computing') {
        rowsDone.set(`${event.taskId}/${event.slot}`, event.done)
      }
    })
    return worker
  }
  const oracles: RunningOracle[] = []
  const priceSource = fixedPrice(assumedCoinPriceUsd)
  for (const actor of cast.oracles) {
    oracles.push(await startOracle({ ...settings(actor, options), priceSource }))
  }
  for (const actor of cast.workers) workers.push(await hire(actor, 'honest'))
  return {
    ...watchers(cast, rowsDone),
    async behave(index, behaviour) {
      const actor = cast.workers[index]
      assert(actor !== undefined, 'the story names workers of the cast')
      await workers[index]?.stop()
      workers[index] = await hire(actor, behaviour)
    },
    async stop() {
      await Promise.all([...workers, ...oracles].map((running) => running.stop()))
    },
  }
}

function settings(actor: Actor, { url, dataDir }: Options) {
  return {
    url,
    account: privateKeyToAccount(actor.privateKey),
    dataDir: join(dataDir, actor.address),
    intervalMs,
  }
}

function watchers(
  cast: Cast,
  rowsDone: ReadonlyMap<string, number>,
): Omit<Crew, 'behave' | 'stop'> {
  const { client } = cast.client
  const committed = async (taskId: bigint): Promise<number> => {
    const { slotCount } = await client.getTask({ taskId })
    const slots = await Promise.all(
      Array.from({ length: slotCount }, (_, slot) => client.getSlot({ taskId, slot })),
    )
    return slots.filter(({ state }) => state >= slotStates.committed).length
  }
  return {
    async untilProved(seen) {
      await until('the power of every worker is proved', async () => {
        const reasons = await Promise.all(
          cast.workers.map(({ address }) => client.getReason({ worker: address })),
        )
        const count = reasons.filter((reason) => reason === '').length
        seen(count)
        return count === cast.workers.length ? true : undefined
      })
    },
    async untilPriced() {
      await until('the oracles have posted the price of the coin', async () =>
        (await client.getPriceFeed()).freshUntil > 0 ? true : undefined,
      )
    },
    untilTask: (taskId, reached) =>
      until(`task ${taskId} goes on`, async () => {
        const task = await client.getTask({ taskId })
        if (reached(task.state)) return task
        assert(!isTerminal(task.state), `task ${taskId} ended early: ${nameTaskState(task.state)}`)
        return undefined
      }),
    async watchRows(taskId, progress) {
      await until('all rows are computed', async () => {
        const rows = [...rowsDone].filter(([key]) => key.startsWith(`${taskId}/`))
        const done = rows.reduce((sum, [, count]) => sum + count, 0)
        progress.to(done, `${done} rows`)
        return (await committed(taskId)) === cast.workers.length ? true : undefined
      })
      progress.stop('all rows computed')
    },
    async untilCommitted(taskId, slots) {
      await until(`${slots} slots of task ${taskId} are committed`, async () =>
        (await committed(taskId)) >= slots ? true : undefined,
      )
    },
    async untilPaid() {
      await until('every worker has withdrawn', async () => {
        const credits = await Promise.all(
          cast.workers.map(({ address }) => client.getCredit({ account: address })),
        )
        return credits.every((credit) => credit === 0n) ? true : undefined
      })
      const withdrawals = await getEvents(client, {
        address: predeploys.taskEscrow,
        abi: taskEscrowAbi,
        eventNames: ['CreditWithdrawn'],
        fromBlock: 0n,
        toBlock: BigInt(await client.request({ method: 'eth_blockNumber' })),
      })
      const paid = new Set(withdrawals.map(({ args }) => args.account.toLowerCase()))
      return cast.workers.every(({ address }) => paid.has(address))
    },
    async reports(taskId) {
      const events = await getEvents(client, {
        address: predeploys.oracleHub,
        abi: oracleHubAbi,
        eventNames: ['SlotAttested'],
        topics: [numberTopic(taskId)],
        fromBlock: 0n,
        toBlock: BigInt(await client.request({ method: 'eth_blockNumber' })),
      })
      return events.map(({ args, transactionHash }) => ({
        slot: args.slot,
        isValid: args.verdict === verdicts.valid,
        signerCount: [...args.bitmap.toString(2)].filter((bit) => bit === '1').length,
        hash: transactionHash,
      }))
    },
  }
}

/** Asks again and again until there is an answer. */
async function until<T>(sentence: string, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    const answer = await ask()
    if (answer !== undefined) return answer
    assert(performance.now() < deadline, `waited two minutes, but not: ${sentence}`)
    await sleep(pollMs)
  }
}
