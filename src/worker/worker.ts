import { EventEmitter } from 'node:events'
import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import type { Account } from 'viem'
import { getBalance } from 'viem/actions'
import type { Hash } from '../../chain/primitives/hex.ts'
import { taskMarketAbi } from '../../chain/system/abi/taskMarket.ts'
import { predeploys } from '../../chain/system/addresses.ts'
import { acceptSlot } from '../client/actions/acceptSlot.ts'
import { declineSlot } from '../client/actions/declineSlot.ts'
import { getCredit } from '../client/actions/getCredit.ts'
import { type GetHeadReturnType, getHead } from '../client/actions/getHead.ts'
import { getOrder } from '../client/actions/getOrder.ts'
import { getSlot } from '../client/actions/getSlot.ts'
import { withdrawCredit } from '../client/actions/withdrawCredit.ts'
import { ClientError, isRefusal, isUnreachable, translateErrors } from '../client/errors.ts'
import { addressTopic, getEvents } from '../client/events.ts'
import { createParamCache } from '../client/paramCache.ts'
import { type PollLoop, startPollLoop } from '../client/pollLoop.ts'
import { slotStates } from '../client/states.ts'
import type { PocaClient } from '../client/transactions.ts'
import { computeRows } from '../compute/computeRows.ts'
import { readFeasibleOrder } from '../compute/digitsOrder.ts'
import { createJobs, type Jobs } from '../compute/jobs.ts'
import type { ComputedProducts } from '../compute/kernelChallenge.ts'
import { easyPower, measureSpeed } from '../compute/measurePower.ts'
import { fillCollateral, withCollateral } from './collateral.ts'
import { WorkerError } from './errors.ts'
import type { OfSlot, WorkerEvent, WorkerEvents } from './events.ts'
import type { WorkerOptions } from './options.ts'
import { keepKinds, keepRegistered, type RegistrationContext } from './registration.ts'
import type { HeldSlot, SlotContext } from './slotContext.ts'
import { advanceSlot } from './slotWork.ts'
import { openWorkerStore, type StoredCursor, type WorkerStore } from './store.ts'

/** What a worker is given to work with. */
export type WorkerDependencies = {
  readonly client: PocaClient
  readonly account: Account
  readonly log: Logger
}

/** A slot that the chain drew the worker for. */
type Offer = OfSlot & { readonly height: bigint }

/**
 * Sells computing time: registers, holds collateral, takes the slots it is drawn for when it knows
 * how to do their work, commits, reveals and collects its pay.
 *
 * Each step is decided from the chain's state alone, so a step done twice is refused by the chain
 * and one interrupted is taken again. Only results and their salts are kept on disk.
 */
export class ComputeWorker {
  readonly events: WorkerEvents = new EventEmitter()
  readonly #options: WorkerOptions
  readonly #dependencies: WorkerDependencies
  readonly #offers = new Map<string, Offer>()
  readonly #slots = new Map<bigint, HeldSlot>()
  #nextHeight = 0n
  #isDeclared = false
  #isProved = false
  #stored: StoredCursor | undefined
  #loop: PollLoop | undefined
  #jobs: Jobs | undefined

  constructor(options: WorkerOptions, dependencies: WorkerDependencies) {
    this.#options = options
    this.#dependencies = dependencies
  }

  /**
   * Checks that the worker can pay and prove its power, and begins.
   *
   * @throws WorkerError `WORKER_NO_COIN`, `WORKER_POWER_OUT_OF_REACH`; ClientError
   *   `CLIENT_UNREACHABLE`.
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
    const speed = await measureSpeed()
    const wanted = this.#options.power ?? 0n
    if (wanted > speed) {
      // It would compute for ever and miss every window.
      throw new WorkerError(
        { code: 'WORKER_POWER_OUT_OF_REACH', wanted, speed },
        `This machine does ${speed} million multiply-adds a second; prove half of that or less.`,
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
    const params = createParamCache(client)
    const { height } = await getHead(client)
    const windowSeconds = await params.read('node.challengeWindow', height)
    const power = this.#options.power ?? easyPower(speed, windowSeconds)
    const computed = new Map<Hash, ComputedProducts>()
    const registration = { client, account, power, speed, params, computed, emit }
    const { behaviour, nudgeSeconds, contests, intervalMs } = this.#options
    const slotContext: SlotContext = {
      client,
      address,
      store,
      behaviour,
      nudgeSeconds,
      contests,
      compute: computeRows,
      emit,
      jobs,
    }
    this.#loop = startPollLoop({
      step: (signal) => this.#step({ ...registration, signal }, slotContext, genesis.hash),
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
      if (!this.#isDeclared) await keepKinds(registration)
      this.#isDeclared = true
      const isProved = await keepRegistered(registration, head)
      if (isProved && !this.#isProved)
        registration.emit({ type: 'proved', power: registration.power })
      this.#isProved = isProved
    })
    await this.#answerOffers(registration)
    const offerHeights = [...this.#offers.values()].map(({ height }) => height)
    const height = offerHeights.reduce((low, next) => (next < low ? next : low), this.#nextHeight)
    const cursor = { genesisHash, height, slots: [...this.#slots.values()] }
    if (isDeepStrictEqual(cursor, this.#stored)) return
    await slotContext.store.writeCursor(cursor)
    this.#stored = cursor
  }

  /** Reads what happened since the last step: slots that were offered, slots that are ours. */
  async #readChain(
    { client, account }: RegistrationContext,
    head: GetHeadReturnType,
  ): Promise<void> {
    if (head.height < this.#nextHeight) return
    const events = await getEvents(client, {
      address: predeploys.taskMarket,
      abi: taskMarketAbi,
      eventNames: ['SlotOffered', 'SlotAccepted', 'SlotRepaired'],
      topics: [null, null, addressTopic(account.address)],
      fromBlock: this.#nextHeight,
      toBlock: head.height,
    })
    for (const { eventName, args, blockNumber } of events) {
      const { taskId, slot } = args
      if (eventName === 'SlotOffered') {
        this.#offers.set(`${taskId}/${slot}`, { taskId, slot, height: blockNumber })
      } else {
        this.#slots.set(taskId, { taskId, slot, since: blockNumber })
      }
    }
    this.#nextHeight = head.height + 1n
  }

  async #answerOffers(registration: RegistrationContext): Promise<void> {
    if (this.#offers.size === 0) {
      await this.#attempt(() => fillCollateral(registration, this.#options.collateral))
    }
    for (const [key, offer] of this.#offers) {
      await this.#attempt(async () => {
        await this.#answerOffer(registration, offer)
        this.#offers.delete(key)
      })
    }
  }

  /** Takes the slot, or gives it back at once when the work is not for this worker. */
  async #answerOffer(registration: RegistrationContext, offer: Offer): Promise<void> {
    const { taskId, slot, height } = offer
    const { client, account, emit } = registration
    const { state, worker } = await getSlot(client, { taskId, slot })
    const isOurs = worker.toLowerCase() === account.address.toLowerCase()
    if (state !== slotStates.offered || !isOurs) return
    if (!(await this.#isWelcome(registration, offer))) {
      await declineSlot(client, { taskId, slot })
      emit({ type: 'declined', taskId, slot })
      return
    }
    await withCollateral(registration, () => acceptSlot(client, { taskId, slot }))
    this.#slots.set(taskId, { taskId, slot, since: height })
    emit({ type: 'accepted', taskId, slot })
  }

  async #isWelcome(
    { client, speed }: RegistrationContext,
    { taskId, height }: Offer,
  ): Promise<boolean> {
    const order = await getOrder(client, { taskId, toBlock: height })
    if (!order) return false
    const { clients, priceMin } = this.#options
    const isKnown =
      clients.length === 0 ||
      clients.some((one) => one.toLowerCase() === order.client.toLowerCase())
    if (!isKnown || order.price < priceMin) return false
    return readFeasibleOrder({ ...order.spec, manifest: order.manifest }, speed) !== undefined
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
