import { copyFileSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { headerBytesOf } from '../../chain/codec/block.ts'
import { executeGenesis } from '../../chain/evm/genesis.ts'
import type { Hash } from '../../chain/primitives/hex.ts'
import { decodeCertificate } from '../../chain/producer/certificate.ts'
import { parentBlockOf } from '../../chain/producer/parentBlock.ts'
import { Store } from '../../chain/storage/store.ts'
import { parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
import { benchCommon } from './benchChain.ts'
import type { BenchGenesis } from './benchGenesis.ts'
import { type PreparedBlock, writeBlockFile } from './blockFile.ts'
import { cacheFolder, keyOf, makeRunFolder, root } from './cacheFolder.ts'
import { BenchUsageError } from './options.ts'
import { createProgress } from './progress.ts'

/** The development genesis as it is, for chains that `poca dev` has kept. */
export function recordedGenesis(): BenchGenesis {
  const path = join(root, 'deploy', 'genesis', 'dev.json')
  const bytes = readFileSync(path)
  return {
    key: keyOf({ recorded: 1, base: bytes.toString('utf8') }),
    genesis: parseGenesis(JSON.parse(bytes.toString('utf8'))),
    accounts: { senders: [], idle: [], keyOf: () => new Uint8Array() },
    senderNonce: 0,
  }
}

/**
 * Takes the blocks of a development chain's database for blocks made beforehand. Its node must have
 * stopped.
 * @throws BenchUsageError, StorageError
 */
export async function prepareRecording(path: string, bench: BenchGenesis): Promise<string> {
  if (!existsSync(path)) throw new BenchUsageError(`There is no database ${path}.`)
  const { hash } = await executeGenesis(bench.genesis, benchCommon())
  const folder = makeRunFolder()
  try {
    // Opening writes: the chain itself stays as it is.
    const copy = join(folder, 'chain.mdb')
    copyFileSync(path, copy)
    return await writeRecording(copy, hash)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function writeRecording(path: string, genesisHash: Hash): Promise<string> {
  const store = await Store.open({ path, genesisHash, durable: false })
  try {
    const head = store.head()
    const target = join(cacheFolder, `blocks-${keyOf({ format: 3, head: head?.hash })}.bin`)
    if (!existsSync(target)) writeBlockFile(target, readBlocks(store, Number(head?.height ?? 0n)))
    return target
  } finally {
    await store.close()
  }
}

function readBlocks(store: Store, height: number): readonly PreparedBlock[] {
  const at = (number: number) => {
    const raw = store.blockAt(BigInt(number))
    const certificate = store.certificateAt(BigInt(number))
    if (raw === undefined || certificate === undefined) {
      throw new Error(`The recording lacks block ${number}.`)
    }
    return { raw, parent: parentBlockOf(headerBytesOf(raw), decodeCertificate(certificate)) }
  }
  const progress = createProgress('reading the recording', height)
  const blocks = Array.from({ length: height }, (_, index): PreparedBlock => {
    progress.to(index)
    const { raw, parent } = at(index + 1)
    const receipts = store.receiptsAt(BigInt(index + 1))?.decode() ?? []
    const own = receipts.slice(0, -1)
    const hash: Hash = parent.hash
    return {
      ...{ raw: new Uint8Array(raw), hash, stateRoot: parent.stateRoot },
      ...{ parent: at(index).parent, gasUsed: parent.gasUsed, buildMs: 0 },
      ...{ txCount: own.length, failedCount: own.filter(({ status }) => status === 0).length },
    }
  })
  progress.end()
  return blocks
}
