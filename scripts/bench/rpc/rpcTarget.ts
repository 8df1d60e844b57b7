import { setTimeout } from 'node:timers/promises'
import type { BaseState } from '../benchChain.ts'
import type { BenchGenesis, BenchGenesisOptions } from '../benchGenesis.ts'
import { createRpcClient } from './rpcClient.ts'
import type { Started } from './spawnTarget.ts'

/** What a server is started with. */
export type RpcTargetOptions = {
  readonly bench: BenchGenesis
  readonly genesisOptions: BenchGenesisOptions
  readonly base: BaseState
  /** Milliseconds between blocks; 0 when they come on `evm_mine` only. */
  readonly intervalMs: number
  readonly cpus?: string | undefined
}

/** A server that answers. */
export type RunningTarget = {
  readonly url: string
  readonly pid: number
  readonly version: string
  /** Bytes on disk that it keeps its chain in. */
  diskBytes(): number
  stop(): Promise<void>
}

/** A JSON-RPC server that is measured. */
export type RpcTarget = {
  readonly name: string
  /** When a transaction that is in a block would survive a loss of power. */
  readonly fsync: string
  /** Why it cannot be started here; undefined when it can. */
  missing(): string | undefined
  start(options: RpcTargetOptions): Promise<RunningTarget>
}

const READY_MS = 300_000
const POLL_MS = 100

/** Waits until a server answers, and asks what it is. */
export async function waitUntilReady(url: string, program: Started): Promise<string> {
  const client = createRpcClient(url)
  const until = performance.now() + READY_MS
  let hasEnded = false
  void program.ended.then(() => {
    hasEnded = true
  })
  try {
    while (performance.now() < until && !hasEnded) {
      try {
        return String(await client.call('web3_clientVersion'))
      } catch {
        await setTimeout(POLL_MS)
      }
    }
  } finally {
    client.close()
  }
  throw new Error(`The server at ${url} does not answer. ${program.complaint()}`)
}
