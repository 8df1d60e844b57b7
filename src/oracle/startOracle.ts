import { type Logger, pino } from 'pino'
import type { Chain, LocalAccount } from 'viem'
import type { Address } from '../../chain/primitives/hex.ts'
import { connect, disconnect } from '../client/connect.ts'
import type { OracleEvents } from './events.ts'
import { type OracleOptions, oracleDefaults } from './options.ts'
import { Oracle } from './oracle.ts'

/** What `startOracle` takes: where the node is, who signs, and how. */
export type StartOracleOptions = Partial<Omit<OracleOptions, 'dataDir'>> & {
  /** `http:` or `ws:`. */
  readonly url: string
  readonly account: LocalAccount
  /** Folder for what should survive a restart. */
  readonly dataDir: string
  /** The development chain when left out. */
  readonly chain?: Chain
  /** Silent when left out. */
  readonly log?: Logger
}

/** An oracle at work. */
export type RunningOracle = {
  readonly address: Address
  readonly events: OracleEvents
  stop(): Promise<void>
}

/** Connects to a node and starts an oracle. */
export async function startOracle(options: StartOracleOptions): Promise<RunningOracle> {
  const { url, account, chain, log = pino({ level: 'silent' }), ...rest } = options
  const client = await connect({ url, account, ...(chain ? { chain } : {}) })
  const oracle = new Oracle({ ...oracleDefaults, ...rest }, { client, account, log })
  try {
    await oracle.start()
  } catch (error) {
    await disconnect(client)
    throw error
  }
  return {
    address: account.address,
    events: oracle.events,
    async stop() {
      await oracle.stop()
      await disconnect(client)
    },
  }
}
