import { PocaError } from '../../chain/primitives/errors.ts'
import type { Address } from '../../chain/primitives/hex.ts'

/** What can keep a worker from starting. */
export type WorkerErrorType =
  | {
      readonly code: 'WORKER_NO_COIN'
      readonly worker: Address
      readonly balance: bigint
      readonly wanted: bigint
    }
  | {
      readonly code: 'WORKER_POWER_OUT_OF_REACH'
      /** Million multiply-adds per second. */
      readonly wanted: bigint
      /** What this machine does. */
      readonly speed: bigint
    }

/** A worker that cannot work. */
export class WorkerError extends PocaError<WorkerErrorType> {}
