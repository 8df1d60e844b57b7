import type { Quantiles } from '../quantiles.ts'

/** How blocks come: by themselves, or when asked for after everything has been sent. */
export type Mining = 'interval' | 'manual'

/** What a generator is to send, and how. */
export type GeneratorJob = {
  readonly url: string
  readonly txsPath: string
  /** Transactions of the file that count. */
  readonly count: number
  /** Transactions before these that are sent and included without being counted. */
  readonly warmupCount: number
  /** Transactions in one HTTP request; 1 sends plain calls. */
  readonly batch: number
  /** Requests under way at once when flat out, and sockets. */
  readonly connections: number
  /** Transactions per second, sent whatever the server does; flat out when left out. */
  readonly perSecond?: number
  readonly mining: Mining
  /** Seconds after which what is not in a block counts as lost. */
  readonly secondsMax: number
}

/** What it saw. */
export type GeneratorResult = {
  readonly sent: number
  readonly accepted: number
  readonly refused: number
  /** What the server said about the first that it refused. */
  readonly firstRefusal?: string
  /** Found in blocks. */
  readonly included: number
  /** Blocks with at least one of ours, and the gas of these. */
  readonly blocks: number
  readonly gas: number
  /** From the first request to the last answer. */
  readonly admissionSeconds: number
  /** From the first request until the last transaction was seen in a block. */
  readonly seconds: number
  /** From when a transaction was due to be sent until it was seen in a block. */
  readonly latencyMs?: Quantiles
  /** The generator's own processor time, microseconds. */
  readonly cpuUs: number
  /** Of the generator: when this is high, it is the generator that is measured. */
  readonly loopDelayP99Ms: number
}
