import { EventEmitter } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Account } from 'viem'
import { getBalance } from 'viem/actions'
import { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { acceptSlot } from '../client/actions/acceptSlot.ts'
import { getCredit } from '../client/actions/getCredit.ts'
import { type GetHeadReturnType, getHead } from '../client/actions/getHead.ts'
import { getSlot } from '../client/actions/getSlot.ts'
import { getTask } from '../client/actions/getTask.ts'
import { withdrawCredit } from '../client/actions/withdrawCredit.ts'
import {
  ClientError,
  isRefusal,
  isRevert,
  isUnreachable,
  translateErrors,
} from '../client/errors.ts'
import { addressTopic, type ChainEvent, getEvents } from '../client/events.ts'
import { type PollLoop, startPollLoop } from '../client/pollLoop.ts'
import { slotStates, taskStates } from '../client/states.ts'
import type { PocaClient } from '../client/transactions.ts'
import { computeRows } from '../compute/computeRows.ts'
import { readFeasibleOrder } from '../compute/digitsOrder.ts'
import { measurePower } from '../compute/measurePower.ts'
import { WorkerError } from './errors.ts'
import type { OfSlot, WorkerEvent, WorkerEvents } from './events.ts'
import { createJobs, type Jobs } from './jobs.ts'
import type { WorkerOptions } from './options.ts'
import {
  fillCollateral,
  keepCollateral,
  keepRegistered,
  type RegistrationContext,
} from './registration.ts'
import { advanceSlot, type SlotContext } from './slotWork.ts'
import { openWorkerStore, type StoredCursor, type WorkerStore } from './store.ts'

/** What a worker is given to work with. */
export type WorkerDependencies = {
  readonly client: PocaClient
  readonly account: Account
  readonly log: Logger
}

/** An open task that the worker would take a slot of. */
type Offer = {
  readonly taskId: bigint
  readonly slotCount: number
  readonly height: bigint
}

/** Blocks back from the head in which a task that is still open may have been created. */
const offerBlocks = 86_400n

/**
 * Sells computing time: registers, holds collateral, takes slots of tasks it knows how to do,
 * works, commits, reveals and collects its pay.
 *
 * Each step is decided from the chain's state alone, so a step done twice is refused by the chain
 * and one interrupted is taken again. Only results and their salts are kept on disk.
 */
export class ComputeWorker {
  readonly events: WorkerEvents = new EventEmitter()
  readonly #options: WorkerOptions
  readonly #dependencies: WorkerDependencies
  readonly #offers = new Map<bigint, Offer>()
  readonly #slots = new Map<bigint, OfSlot>()
  #nextHeight = 0n
  #isProved = false
  #stored: StoredCursor | undefined
  #loop: PollLoop | undefined
  #jobs: Jobs | undefined

  constructor(options: WorkerOptions, dependencies: WorkerDependencies) {
    this.#options = options
    this.#dependencies = dependencies
  }

  /**
   * Checks that the worker can pay and begins.
   *
   * @throws WorkerError `WORKER_NO_COIN`; ClientError `CLIENT_UNREACHABLE`.
   */
  async start(): Promise<void> {
    const { client, account, log } = this.#dependencies
    const { address } = account
    const balance = await translateErrors(() => getBalance(client, { address }))
    if (balance === 0n) {
      const wanted = this.#options.collateral
      throw new WorkerError(
        { code: 'WORKER_NO_COIN', worker: address, balance, wanted },
        `The worker's account ${address} holds no coin; it needs some for gas and collateral.`,
      )
    }
    const store = await openWorkerStore(this.#options.dataDir)
    const genesis = await getHead(client, { height: 0n })
    await this.#restore(store, genesis.hash)
    const emit = (event: WorkerEvent) => {
      log.info({ ...event }, 'worker event')
      this.events.emit('event', event)
    }
    const jobs = createJobs((error) => this.#report(error))
    this.#jobs = jobs
    const power = this.#options.power ?? measurePower()
    const registration = { client, account, power, emit }
    const { behaviour, nudgeSeconds, intervalMs } = this.#options
    const slotContext: SlotContext = {
      client,
      address,
      store,
      behaviour,
      nudgeSeconds,
      compute: computeRows,
      emit,
      jobs,
    }
    this.#loop = startPollLoop({
      step: () => this.#step(registration, slotContext, genesis.hash),
      intervalMs,
      onError: (error) => this.#report(error),
    })
  }

  /** Ends all work. What was begun is taken up again by the next start. */
  async stop(): Promise<void> {
    this.#jobs?.close()
    await this.#loop?.stop()
    await this.#jobs?.settled()
  }

  async #step(
    registration: RegistrationContext,
    slotContext: SlotContext,
    genesisHash: GetHeadReturnType['hash'],
  ): Promise<void> {
    const head = await getHead(registration.client)
    await this.#readChain(registration, head)
    for (const slot of this.#slots.values()) {
      await this.#attempt(async () => {
        if (!(await advanceSlot(slotContext, slot, head))) this.#slots.delete(slot.taskId)
      })
    }
    await this.#collectCredit(registration)
    await this.#attempt(async () => {
      const isProved = await keepRegistered(registration, head)
      if (isProved && !this.#isProved)
        registration.emit({ type: 'proved', power: registration.power })
      this.#isProved = isProved
    })
    if (this.#isProved) await this.#takeOffers(registration)
    const offerHeights = [...this.#offers.values()].map(({ height }) => height)
    const height = offerHeights.reduce((low, next) => (next < low ? next : low), this.#nextHeight)
    const cursor = { genesisHash, height, slots: [...this.#slots.values()] }
    if (isDeepStrictEqual(cursor, this.#stored)) return
    await slotContext.store.writeCursor(cursor)
    this.#stored = cursor
  }

  /** Reads what happened since the last step: tasks that were created, slots that are ours. */
  async #readChain(
    { client, account, power }: RegistrationContext,
    head: GetHeadReturnType,
  ): Promise<void> {
    if (head.height < this.#nextHeight) return
    const contract = { address: predeploys.taskMarket, abi: taskMarketAbi } as const
    const oldest = head.height > offerBlocks ? head.height - offerBlocks : 0n
    const created = await getEvents(client, {
      ...contract,
      eventNames: ['TaskCreated'],
      fromBlock: this.#nextHeight > oldest ? this.#nextHeight : oldest,
      toBlock: head.height,
    })
    const accepted = await getEvents(client, {
      ...contract,
      eventNames: ['SlotAccepted'],
      topics: [null, null, addressTopic(account.address)],
      fromBlock: this.#nextHeight,
      toBlock: head.height,
    })
    for (const event of created) this.#consider(event, power)
    for (const { args } of accepted) {
      this.#slots.set(args.taskId, { taskId: args.taskId, slot: args.slot })
    }
    this.#nextHeight = head.height + 1n
  }

  #consider(
    { args, blockNumber }: ChainEvent<typeof taskMarketAbi, 'TaskCreated'>,
    power: bigint,
  ): void {
    const { taskId, client, spec, manifest } = args
    const { clients, priceMin } = this.#options
    const isWelcome =
      clients.length === 0 || clients.some((one) => one.toLowerCase() === client.toLowerCase())
    if (!isWelcome || spec.price < priceMin || spec.minPower > power) return
    if (!readFeasibleOrder({ ...spec, manifest }, power)) return
    this.#offers.set(taskId, { taskId, slotCount: spec.slotCount, height: blockNumber })
  }

  async #takeOffers(registration: RegistrationContext): Promise<void> {
    if (this.#offers.size === 0) {
      await this.#attempt(() => fillCollateral(registration, this.#options.collateral))
    }
    for (const offer of this.#offers.values()) {
      await this.#attempt(async () => {
        if (await this.#takeOffer(registration, offer)) this.#offers.delete(offer.taskId)
      })
    }
  }

  /** Tries to take a slot of a task. Whether the offer is done with. */
  async #takeOffer(registration: RegistrationContext, offer: Offer): Promise<boolean> {
    const { client, account, emit } = registration
    const { taskId, slotCount } = offer
    if (this.#slots.has(taskId)) return true
    const { state } = await getTask(client, { taskId })
    if (state !== taskStates.open) return true
    // Workers begin at different slots, so that fewer of them want the same one.
    const first = Number(BigInt(account.address) % BigInt(slotCount))
    for (let i = 0; i < slotCount; i++) {
      const slot = (first + i) % slotCount
      const { state: slotState } = await getSlot(client, { taskId, slot })
      if (slotState !== slotStates.empty) continue
      try {
        await acceptSlot(client, { taskId, slot })
      } catch (error) {
        if (isRevert(error, 'TaskMarketAlreadyAccepted')) return true
        if (!isRevert(error, 'CollateralVaultInsufficientFree')) throw error
        await keepCollateral(registration, wantedCollateral(error))
        await acceptSlot(client, { taskId, slot })
      }
      this.#slots.set(taskId, { taskId, slot })
      emit({ type: 'accepted', taskId, slot })
      return true
    }
    return false
  }

  async #collectCredit({ client, account, emit }: RegistrationContext): Promise<void> {
    await this.#attempt(async () => {
      const amount = await getCredit(client, { account: account.address })
      if (amount === 0n) return
      const { hash } = await withdrawCredit(client)
      emit({ type: 'paid', amount, hash })
    })
  }

  /** Goes on with other work when one piece is refused; without a node all of it waits. */
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

  async #restore(store: WorkerStore, genesisHash: string): Promise<void> {
    const cursor = await store.readCursor()
    if (!cursor) return
    if (cursor.genesisHash !== genesisHash) {
      this.#dependencies.log.warn({ genesisHash }, 'the folder is of another chain; starting over')
      await store.clear()
      return
    }
    this.#nextHeight = cursor.height
    for (const slot of cursor.slots) this.#slots.set(slot.taskId, slot)
  }
}

function wantedCollateral(error: ClientError): bigint {
  const wanted = error.facts.code === 'CLIENT_CONTRACT_REVERTED' ? error.facts.args.wanted : 0n
  return typeof wanted === 'bigint' ? wanted : 0n
}
