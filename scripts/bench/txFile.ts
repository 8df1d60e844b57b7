import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { BenchGenesis } from './benchGenesis.ts'
import { cacheFolder, keyOf, writeWhole } from './cacheFolder.ts'
import { createProgress } from './progress.ts'
import { createRandom } from './random.ts'
import { signIntent } from './signIntent.ts'
import type { Workload } from './workloads.ts'

/** All that decides a file of transactions. */
export type TxFileOptions = {
  readonly workload: Workload
  readonly seed: string
  readonly count: number
  readonly blockTxs: number
}

/** Signed transactions, in the order in which they are sent. */
export type TxFile = { readonly key: string; readonly path: string }

/** Size of the length before each item. */
const LENGTH_SIZE = 4

/** Signs the transactions of a workload, unless the same ones are on disk already. */
export function prepareTxFile(options: TxFileOptions, bench: BenchGenesis): TxFile {
  const { workload, seed, count, blockTxs } = options
  const { id, version } = workload
  const key = keyOf({ format: 1, id, version, seed, count, blockTxs, genesis: bench.key })
  const path = join(cacheFolder, `txs-${id}-${key}.bin`)
  if (!existsSync(path)) writeItems(path, signAll(options, bench))
  return { key, path }
}

function signAll(options: TxFileOptions, bench: BenchGenesis): readonly Uint8Array[] {
  const { workload, seed, count, blockTxs } = options
  const { accounts, genesis } = bench
  const chainId = BigInt(genesis.config.chainId)
  const context = { accounts, random: createRandom(`${seed}/${workload.id}`), count, blockTxs }
  const nonces = new Map<number, number>()
  const progress = createProgress(`signing ${workload.id}`, count)
  const signed = Array.from({ length: count }, (_, index) => {
    progress.to(index)
    const intent = workload.intent(index, context)
    const nonce = nonces.get(intent.sender) ?? bench.senderNonce
    // What is refused leaves the nonce to the next.
    if (intent.fault === undefined) nonces.set(intent.sender, nonce + 1)
    return signIntent(intent, { chainId, nonce, key: accounts.keyOf(intent.sender) })
  })
  progress.end()
  return signed
}

/** Writes byte strings one after another, each behind its length. */
export function writeItems(path: string, items: readonly Uint8Array[]): void {
  const parts = items.flatMap((item) => {
    const length = new Uint8Array(LENGTH_SIZE)
    new DataView(length.buffer).setUint32(0, item.length)
    return [length, item]
  })
  writeWhole(path, parts)
}

/** Reads what `writeItems` has written. */
export function readItems(path: string): readonly Uint8Array[] {
  const bytes = new Uint8Array(readFileSync(path))
  const view = new DataView(bytes.buffer)
  const items: Uint8Array[] = []
  for (let at = 0; at < bytes.length; ) {
    const start = at + LENGTH_SIZE
    at = start + view.getUint32(at)
    // Each has a buffer of its own, as it would come from a socket or a database.
    items.push(bytes.slice(start, at))
  }
  return items
}
