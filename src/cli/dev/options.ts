/** Options of `poca dev`. */
export type DevOptions = {
  readonly host: string
  readonly port: number
  /** Host names, besides localhost and IP addresses, that may reach development methods. */
  readonly allowHost: readonly string[]
  /** Folder of the chain; `.poca/dev`, or `.poca/demo` with `demo`, when left out. */
  readonly dataDir?: string
  readonly fresh: boolean
  /** Seconds between blocks without transactions; 0 for none. */
  readonly blockTime: number
  /** Print every account, not just the first. */
  readonly accounts: boolean
  /** Run the chain's three oracles too; after the demo they always run. */
  readonly oracles: boolean
  /** What executes blocks: the fast engine, or the stock parts it is compared with. */
  readonly engine: 'fast' | 'reference'
  /** Executes one block in so many on the reference too, and stops on a difference; 0: none. */
  readonly auditEvery: number
  readonly demo: boolean
  /** Stop after the demo. */
  readonly exit: boolean
  readonly json: boolean
}

/** What `poca dev` does when nothing is said. */
export const defaults: DevOptions = {
  host: '127.0.0.1',
  port: 8545,
  allowHost: [],
  fresh: false,
  blockTime: 1,
  accounts: false,
  oracles: false,
  engine: 'fast',
  auditEvery: 0,
  demo: false,
  exit: false,
  json: false,
}

/** Where chains are kept when no folder is named. */
export const dataDirs = { dev: '.poca/dev', demo: '.poca/demo' } as const
