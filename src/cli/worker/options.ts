/** Options of `poca worker`. */
export type WorkerCommandOptions = {
  readonly rpc: string
  readonly keyFile: string
  readonly data: string
  /** Power to prove, million multiply-adds per second; what is easy for it when left out. */
  readonly power?: bigint
  /** Whether refusals of the oracles are disputed. */
  readonly contest: boolean
}

/** What `poca worker` does when nothing is said. */
export const defaults: WorkerCommandOptions = {
  rpc: 'http://127.0.0.1:8545',
  keyFile: 'worker.key',
  data: '.poca/worker',
  contest: true,
}
