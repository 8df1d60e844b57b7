import { EventEmitter } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { LocalAccount } from 'viem'
import { getChainId } from 'viem/actions'
import { z } from 'zod'
import type { Hash } from '../../chain/primitives/hex.ts'
import { claimOracleFee } from '../client/actions/claimOracleFee.ts'
import { type GetHeadReturnType, getHead } from '../client/actions/getHead.ts'
import {
  ClientError,
  isRefusal,
  isRevert,
  isUnreachable,
  translateErrors,
} from '../client/errors.ts'
import { type PollLoop, startPollLoop } from '../client/pollLoop.ts'
import type { PocaClient } from '../client/transactions.ts'
import { computeRows } from '../compute/computeRows.ts'
import { createJobs, type Jobs } from '../compute/jobs.ts'
import { bigintSchema, hexSchema, readJSONFile, writeJSONFile } from '../compute/jsonFile.ts'
import { type Duty, type FeeDuty, keyOf, readDuties } from './duties.ts'
import type { OracleEvent, OracleEvents } from './events.ts'
import { type JuryContext, judgeDispute } from './juryDuty.ts'
import { joinOracles } from './membership.ts'
import type { OracleOptions } from './options.ts'
import { type PriceDuty, startPriceDuty } from './priceDuty.ts'
import { recheckSlot } from './recheckDuty.ts'
import { attestTask, type TaskDutyContext } from './taskDuty.ts'

/** What an oracle is given to work with. */
export type OracleDependencies = {
  readonly client: PocaClient
  readonly account: LocalAccount
  readonly log: Logger
}

/** What all duties together need. */
type Context = TaskDutyContext & JuryContext

const cursorSchema = z.object({
  version: z.literal(1),
  genesisHash: hexSchema,
  height: bigintSchema,
})

/**
 * Watches the chain, checks the results of workers, and signs what it found; with the others'
 * signatures it brings reports to the chain.
 *
 * Everything it signs follows from the chain, so it may sign anything twice and forget everything.
 * Its file holds only the block up to which all is done, so that a restart reads less.
 */
export class Oracle {
  readonly events: OracleEvents = new EventEmitter()
  readonly #options: OracleOptions
  readonly #dependencies: OracleDependencies
  readonly #duties = new Map<string, Duty>()
  #nextHeight = 0n
  #writtenHeight: bigint | undefined
  #loop: PollLoop | undefined
  #priceDuty: PriceDuty | undefined
  #jobs: Jobs | undefined

  constructor(options: OracleOptions, dependencies: OracleDependencies) {
    this.#options = options
    this.#dependencies = dependencies
  }

  /**
   * Becomes a member, if that is still to be done, and begins.
   *
   * @throws OracleError when the account cannot be a member; ClientError `CLIENT_UNREACHABLE`.
   */
  async start(): Promise<void> {
    const { client, account, log } = this.#dependencies
    const { dataDir, backupBlocks, intervalMs, priceSource } = this.#options
    const jobs = createJobs((error) => this.#report(error))
    this.#jobs = jobs
    const context: Context = {
      client,
      chainId: await translateErrors(() => getChainId(client)),
      account,
      backupBlocks,
      emit: (event: OracleEvent) => {
        log.info({ ...event }, 'oracle event')
        this.events.emit('event', event)
      },
      compute: computeRows,
      reviews: new Map(),
      jobs,
    }
    await joinOracles(context)
    await mkdir(dataDir, { recursive: true })
    const path = join(dataDir, 'cursor.json')
    const genesis = await getHead(client, { height: 0n })
    await this.#restore(path, genesis.hash)
    if (priceSource) this.#priceDuty = startPriceDuty(context, priceSource, this.#options)
    this.#loop = startPollLoop({
      step: (signal) => this.#step(context, signal, { path, genesisHash: genesis.hash }),
      intervalMs,
      onError: (error) => this.#report(error),
    })
  }

  /** Ends all work. */
  async stop(): Promise<void> {
    this.#jobs?.close()
    await this.#loop?.stop()
    await this.#priceDuty?.stop()
    await this.#jobs?.settled()
  }

  async #step(
    context: Context,
    signal: AbortSignal,
    cursor: { readonly path: string; readonly genesisHash: Hash },
  ): Promise<void> {
    const head = await getHead(context.client)
    if (head.height >= this.#nextHeight) {
      const range = { fromBlock: this.#nextHeight, toBlock: head.height }
      for (const duty of await readDuties(context.client, range)) {
        this.#duties.set(keyOf(duty), duty)
      }
      this.#nextHeight = head.height + 1n
    }
    await this.#attempt(async () => this.#priceDuty?.perform(head))
    for (const [key, duty] of this.#duties) {
      if (signal.aborted) return
      await this.#attempt(async () => {
        if (!(await this.#perform(context, duty, head, signal))) this.#duties.delete(key)
      })
    }
    const height = [...this.#duties.values()].reduce(
      (low, duty) => (duty.height < low ? duty.height : low),
      this.#nextHeight,
    )
    if (height === this.#writtenHeight) return
    await writeJSONFile(cursor.path, { version: 1, genesisHash: cursor.genesisHash, height })
    this.#writtenHeight = height
  }

  #perform(
    context: Context,
    duty: Duty,
    head: GetHeadReturnType,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (duty.type === 'task') return attestTask(context, duty, head, signal)
    if (duty.type === 'recheck') return recheckSlot(context, duty, head, signal)
    if (duty.type === 'jury') return judgeDispute(context, duty, head)
    return claimFee(context, duty)
  }

  /** Goes on with other duties when one is refused: often another member was faster. */
  async #attempt(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof ClientError) || isUnreachable(error)) throw error
      this.#report(error)
    }
  }

  #report(error: unknown): void {
    const { log } = this.#dependencies
    if (isRefusal(error)) log.debug({ facts: error.facts }, error.message)
    else if (error instanceof ClientError) log.warn({ facts: error.facts }, error.message)
    else log.error({ err: error }, 'step failed')
  }

  async #restore(path: string, genesisHash: Hash): Promise<void> {
    const cursor = await readJSONFile(path, cursorSchema)
    if (cursor?.genesisHash === genesisHash) this.#nextHeight = cursor.height
    else if (cursor) await rm(path, { force: true })
  }
}

/** Claims the oracle's share of a slot's fee, if it has one. Nothing is left to do later. */
async function claimFee({ client, emit }: Context, { taskId, slot }: FeeDuty): Promise<false> {
  try {
    await claimOracleFee(client, { taskId, slot })
    emit({ type: 'feeClaimed', taskId, slot })
  } catch (error) {
    // Others judged the slot, or it was claimed before a restart.
    if (!isRevert(error, 'OracleHubNoFee')) throw error
  }
  return false
}
