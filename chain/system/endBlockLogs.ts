import { decodeEventLog } from 'viem'
import type { Address, Hash, Hex } from '../primitives/hex.ts'
import { systemHubAbi } from './abi/systemHub.ts'
import { predeploys } from './addresses.ts'

/** A log as receipts carry it. */
export type RawLog = {
  readonly address: Address
  readonly topics: readonly Hash[]
  readonly data: Hex
}

/** What the hub said in a block's last transaction. */
export type EndBlockReport = {
  /** Gas that the call itself used; undefined when the block was not ended. */
  readonly gasUsed: bigint | undefined
  readonly failures: readonly {
    /** In the hub's table; one past the last is the refund of the proposer's gas. */
    readonly index: bigint
    readonly target: Address
    readonly reason: Hex
  }[]
  /** Indexes of modules that are skipped from now on. */
  readonly tripped: readonly bigint[]
}

/** Reads the logs of a system transaction. */
export function readEndBlockLogs(logs: readonly RawLog[]): EndBlockReport {
  const events = logs
    .filter(({ address }) => address === predeploys.systemHub)
    .flatMap(({ topics: [signature, ...rest], data }) =>
      signature === undefined
        ? []
        : [decodeEventLog({ abi: systemHubAbi, topics: [signature, ...rest], data })],
    )
  const done = events.find((event) => event.eventName === 'BlockProcessed')
  return {
    gasUsed: done?.args.gasUsed,
    failures: events.flatMap((event) => (event.eventName === 'ModuleFailed' ? [event.args] : [])),
    tripped: events.flatMap((event) =>
      event.eventName === 'ModuleTripped' ? [event.args.index] : [],
    ),
  }
}
