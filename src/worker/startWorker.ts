import { type Logger, pino } from 'pino'
import type { Account, Chain } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { connect, disconnect } from '../client/connect.ts'
import type { WorkerEvents } from './events.ts'
import { type WorkerOptions, workerDefaults } from './options.ts'
import { ComputeWorker } from './worker.ts'

/** What `startWorker` takes: where the node is, who works, and how. */
export type StartWorkerOptions = Partial<Omit<WorkerOptions, 'dataDir'>> & {
  /** `http:` or `ws:`. */
  readonly url: string
  readonly account: Account
  /** Folder for what must survive a restart. */
  readonly dataDir: string
  /** The development chain when left out. */
  readonly chain?: Chain
  /** Silent when left out. */
  readonly log?: Logger
}

/** A worker at work. */
export type RunningWorker = {
  readonly address: Address
  readonly events: WorkerEvents
  stop(): Promise<void>
}

/** Connects to a node and starts a worker. */
export async function startWorker(options: StartWorkerOptions): Promise<RunningWorker> {
  const { url, account, chain, log = pino({ level: 'silent' }), ...rest } = options
  const client = await connect({ url, account, ...(chain ? { chain } : {}) })
  const worker = new ComputeWorker({ ...workerDefaults, ...rest }, { client, account, log })
  try {
    await worker.start()
  } catch (error) {
    await disconnect(client)
    throw error
  }
  return {
    address: account.address,
    events: worker.events,
    async stop() {
      await worker.stop()
      await disconnect(client)
    },
  }
}
