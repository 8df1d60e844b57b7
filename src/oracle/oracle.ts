import { EventEmitter } from 'node:events'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Logger } from 'pino'
import type { LocalAccount } from 'viem'
import { getChainId, readContract } from 'viem/actions'
import { z } from 'zod'
import type { Hash } from '../../chain/primitives/hex.ts'
import { nodeRegistryAbi } from '../../chain/system/abi/nodeRegistry.ts'
import { oracleHubAbi } from '../../chain/system/abi/oracleHub.ts'
import { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { claimOracleFee } from '../client/actions/claimOracleFee.ts'
import { type GetHeadReturnType, getHead } from '../client/actions/getHead.ts'
import {
  ClientError,
  isRefusal,
  isRevert,
  isUnreachable,
  translateErrors,
} from '../client/errors.ts'
import { getEvents } from '../client/events.ts'
import { type PollLoop, startPollLoop } from '../client/pollLoop.ts'
import type { PocaClient } from '../client/transactions.ts'
import { computeRows } from '../compute/computeRows.ts'
import { bigintSchema, hexSchema, readJSONFile, writeJSONFile } from '../compute/jsonFile.ts'
import type { OracleEvent, OracleEvents } from './events.ts'
import { joinOracles } from './membership.ts'
import type { OracleOptions } from './options.ts'
import { attestPower, type PowerDuty } from './powerDuty.ts'
import { type PriceDuty, startPriceDuty } from './priceDuty.ts'
import { attestTask, type TaskDuty, type TaskDutyContext } from './taskDuty.ts'

/** What an oracle is given to work with. */
export type OracleDependencies = {
  readonly client: PocaClient
  readonly account: LocalAccount
  readonly log: Logger
}

/** A share of a fee that may be this oracle's. */
type FeeDuty = {
  readonly type: 'fee'
  readonly taskId: bigint
  readonly slot: number
  readonly height: bigint
}

type Duty = PowerDuty | TaskDuty | FeeDuty

const cursorSchema = z.object({
  version: z.literal(1),
  genesisHash: hexSchema,
  height: bigintSchema,
})

/**
 * Watches the chain, checks what workers claim, and signs what it found; with the others'
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
    const context: TaskDutyContext = {
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
    await this.#loop?.stop()
    await this.#priceDuty?.stop()
  }

  async #step(
    context: TaskDutyContext,
    signal: AbortSignal,
    cursor: { readonly path: string; readonly genesisHash: Hash },
  ): Promise<void> {
    const head = await getHead(context.client)
    if (head.height >= this.#nextHeight) {
      for (const duty of await this.#readDuties(head.height)) this.#duties.set(keyOf(duty), duty)
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
    context: TaskDutyContext,
    duty: Duty,
    head: GetHeadReturnType,
    signal: AbortSignal,
  ): Promise<boolean> {
    if (duty.type === 'power') return attestPower(context, duty, head)
    if (duty.type === 'task') return attestTask(context, duty, head, signal)
    return claimFee(context, duty)
  }

  async #readDuties(toBlock: bigint): Promise<readonly Duty[]> {
    const { client } = this.#dependencies
    const range = { fromBlock: this.#nextHeight, toBlock }
    const answers = await getEvents(client, {
      address: predeploys.nodeRegistry,
      abi: nodeRegistryAbi,
      eventNames: ['ChallengeAnswered'],
      ...range,
    })
    const tasks = await getEvents(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      eventNames: ['AttestingOpened'],
      ...range,
    })
    const fees = await getEvents(client, {
      address: predeploys.oracleHub,
      abi: oracleHubAbi,
      eventNames: ['OracleFeeCredited'],
      ...range,
    })
    return [
      ...answers.map(
        ({ args, blockNumber: height }): Duty => ({
          type: 'power',
          ...args,
          height,
          quorumHeights: new Map(),
        }),
      ),
      ...tasks.map(
        ({ args, blockNumber: height, blockHash }): Duty => ({
          type: 'task',
          ...args,
          height,
          blockHash,
          quorumHeights: new Map(),
        }),
      ),
      ...fees.map(
        ({ args: { taskId, slot }, blockNumber: height }): Duty => ({
          type: 'fee',
          taskId,
          slot,
          height,
        }),
      ),
    ]
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

/** Claims the oracle's share of a slot's fee when it signed for it. Nothing is left to do later. */
async function claimFee(
  { client, account, emit }: TaskDutyContext,
  { taskId, slot }: FeeDuty,
): Promise<false> {
  const signers = await translateErrors(() =>
    readContract(client, {
      address: predeploys.oracleHub,
      abi: oracleHubAbi,
      functionName: 'signersOf',
      args: [taskId, slot],
    }),
  )
  if (!signers.some((one) => one.toLowerCase() === account.address.toLowerCase())) return false
  try {
    await claimOracleFee(client, { taskId, slot })
    emit({ type: 'feeClaimed', taskId, slot })
  } catch (error) {
    // Claimed before a restart.
    if (!isRevert(error, 'OracleHubNoFee')) throw error
  }
  return false
}

function keyOf(duty: Duty): string {
  return duty.type === 'power'
    ? `power ${duty.seed}`
    : `${duty.type} ${duty.taskId} ${slotOf(duty)}`
}

function slotOf(duty: TaskDuty | FeeDuty): string {
  return duty.type === 'fee' ? String(duty.slot) : ''
}
