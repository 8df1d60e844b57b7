import { copyFileSync, existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Common } from '@ethereumjs/common'
import { hexToBytes } from '@ethereumjs/util'
import { headerBytesOf } from '../../chain/codec/block.ts'
import { privateKeyToAddress, sign } from '../../chain/crypto/secp256k1.ts'
import type { ExecutedBlock, ParentBlock, Proposer } from '../../chain/evm/engine.ts'
import { executeGenesis } from '../../chain/evm/genesis.ts'
import { stateSourceOf } from '../../chain/node/chain.ts'
import { systemRulesOf } from '../../chain/node/systemRules.ts'
import { commonOf } from '../../chain/params/common.ts'
import { devAccounts, devRoles } from '../../chain/params/devAccounts.ts'
import { dev } from '../../chain/params/specs.ts'
import type { Hash } from '../../chain/primitives/hex.ts'
import type { Receipt } from '../../chain/primitives/receipt.ts'
import type { StageClock } from '../../chain/primitives/stageClock.ts'
import {
  commitDigest,
  encodeCertificate,
  genesisCertificate,
} from '../../chain/producer/certificate.ts'
import { parentBlockOf } from '../../chain/producer/parentBlock.ts'
import { Store } from '../../chain/storage/store.ts'
import { type Genesis, parseGenesis } from '../../chain/system/genesis/genesisFile.ts'
import { type BenchGenesis, blockGasLimit } from './benchGenesis.ts'
import { cacheFolder, chainSourcesKey, makeRunFolder, root, writeWhole } from './cacheFolder.ts'
import type { BenchEngine, EngineTarget } from './engineTargets.ts'

/** A database that holds a benchmark's genesis and nothing else. */
export type BaseState = { readonly path: string; readonly genesisHash: Hash }

/** A chain on its own copy of a base state. */
export type BenchChain = BenchEngine & {
  readonly store: Store
  readonly common: Common
  readonly genesis: ParentBlock
  /** Makes a block the head, with the certificate that its proposer signs. */
  commit(block: ExecutedBlock): Promise<void>
  /** What the block after `block` must know of it. */
  parentOf(block: ExecutedBlock): ParentBlock
  /** Ends it and removes its files. */
  stop(): Promise<void>
}

/** Key and address of the only seat. */
export const proposerKey = (() => {
  const account = devAccounts()[devRoles.signer]
  if (account === undefined) throw new Error('The development accounts have no signer.')
  return hexToBytes(account.privateKey)
})()

/** Who proposes every block of a benchmark. */
export const proposer: Proposer = {
  coinbase: privateKeyToAddress(proposerKey),
  round: 0,
  seat: 0,
}

const chainId = dev.chainId

/** The rules of the chain that benchmarks run. */
export function benchCommon(): Common {
  return commonOf({ chainId, name: dev.name, blockGasLimit })
}

/** Writes the genesis into a database, unless one of this code is there already. */
export async function prepareBaseState(bench: BenchGenesis): Promise<BaseState> {
  const prefix = `state-${bench.key}-`
  const name = join(cacheFolder, prefix + chainSourcesKey())
  const path = `${name}.mdb`
  const note = `${name}.json`
  if (existsSync(note)) return { path, ...JSON.parse(readFileSync(note, 'utf8')) }
  mkdirSync(cacheFolder, { recursive: true })
  // Those of other code, too: nobody asks for them again.
  for (const old of globSync(`${prefix}*`, { cwd: cacheFolder })) rmSync(join(cacheFolder, old))
  const { accounts } = bench.genesis
  process.stderr.write(`writing a genesis of ${accounts.length} accounts\n`)
  const first = await executeGenesis(bench.genesis, benchCommon())
  const store = await Store.open({ path, genesisHash: first.hash, durable: true })
  try {
    const certificate = encodeCertificate(genesisCertificate(first.hash))
    await store.commit({ ...first, certificate })
  } finally {
    await store.close()
  }
  writeWhole(note, [new TextEncoder().encode(JSON.stringify({ genesisHash: first.hash }))])
  return { path, genesisHash: first.hash }
}

/** Opens a copy of `base` with an engine over it. */
export async function openBenchChain(
  base: BaseState,
  target: EngineTarget,
  options: { readonly durable: boolean; readonly onStage: StageClock },
): Promise<BenchChain> {
  const folder = makeRunFolder()
  const path = join(folder, 'chain.mdb')
  copyFileSync(base.path, path)
  const { genesisHash } = base
  const store = await Store.open({ path, genesisHash, durable: options.durable })
  const common = benchCommon()
  const opened = target.open({
    common,
    source: stateSourceOf(store),
    rules: systemRulesOf(rulesGenesis()),
    onStage: options.onStage,
  })
  const first = store.blockAt(0n)
  if (first === undefined) throw new Error(`The database ${base.path} has no genesis.`)
  return {
    ...opened,
    store,
    common,
    genesis: parentBlockOf(headerBytesOf(first), genesisCertificate(genesisHash)),
    commit: (block) => store.commit({ ...block, certificate: encodeCertificate(certify(block)) }),
    parentOf: (block) => parentBlockOf(headerBytesOf(block.raw), certify(block)),
    async stop() {
      await opened.close()
      await store.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** What the transactions of a block did. */
export function receiptsOf(block: ExecutedBlock): readonly Receipt[] {
  return block.receipts.decode()
}

/** The certificate with which the only seat makes a block final. */
function certify({ height, hash }: Pick<ExecutedBlock, 'height' | 'hash'>) {
  const vote = { height, round: proposer.round, blockHash: hash }
  const signature = sign(commitDigest(vote, chainId), proposerKey)
  return { ...vote, seat: proposer.seat, signature }
}

/** What the rules of execution depend on is in the development genesis. */
function rulesGenesis(): Genesis {
  const path = join(root, 'deploy', 'genesis', 'dev.json')
  return parseGenesis(JSON.parse(readFileSync(path, 'utf8')))
}
