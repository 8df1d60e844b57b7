import { limits } from '../../primitives/limits.ts'
import {
  ADDRESS_SIZE,
  createBatch,
  HASH_SIZE,
  type RawBatch,
  type Recovered,
} from './recoverBatch.ts'

/** A transaction's sender. */
export type RecoveredOne = {
  /** Keccak-256 of the raw bytes, 32 bytes. */
  readonly hash: Uint8Array
  /** 20 bytes. */
  readonly sender: Uint8Array
}

type Waiting = {
  readonly raw: Uint8Array
  resolve(found: RecoveredOne | undefined): void
  reject(cause: unknown): void
}

/** Collects what is asked within one turn of the event loop and recovers it as one batch. */
export function createSingles(
  recover: (batch: RawBatch) => Promise<Recovered>,
): (raw: Uint8Array) => Promise<RecoveredOne | undefined> {
  let waiting: Waiting[] = []

  const flush = async (): Promise<void> => {
    const asked = waiting
    waiting = []
    if (asked.length === 0) return
    try {
      const found = await recover(createBatch(asked.map(({ raw }) => raw)))
      for (const [i, { resolve }] of asked.entries()) resolve(readOne(found, i))
    } catch (cause) {
      for (const { reject } of asked) reject(cause)
    }
  }

  return (raw) => {
    const { promise, resolve, reject } = Promise.withResolvers<RecoveredOne | undefined>()
    waiting.push({ raw, resolve, reject })
    // `flush` hands every failure to those that wait for it.
    if (waiting.length === 1) setImmediate(() => void flush())
    if (waiting.length >= limits.recoverySinglesMax) void flush()
    return promise
  }
}

function readOne({ hashes, senders, ok }: Recovered, index: number): RecoveredOne | undefined {
  if (ok[index] !== 1) return undefined
  return {
    hash: hashes.slice(HASH_SIZE * index, HASH_SIZE * (index + 1)),
    sender: senders.slice(ADDRESS_SIZE * index, ADDRESS_SIZE * (index + 1)),
  }
}
