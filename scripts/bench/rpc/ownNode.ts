// A node of ours that serves a benchmark's chain: the node of `poca dev` on another genesis, with
// a pool large enough for all that is sent before the first block.
//
//   node scripts/bench/rpc/ownNode.ts '{ ...OwnNodeJob }'
//
// Writes one line of JSON, { "url" }, when it answers; SIGTERM ends it.
import { bytesToHex } from '@ethereumjs/util'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode } from '../../../chain/node/node.ts'
import { defaults } from '../../../chain/node/options.ts'
import { devAccounts } from '../../../chain/params/devAccounts.ts'
import { defaultRpcOptions } from '../../../chain/rpc/options.ts'
import { startRpcServer } from '../../../chain/rpc/server.ts'
import { proposerKey } from '../benchChain.ts'
import { type BenchGenesisOptions, createBenchGenesis } from '../benchGenesis.ts'

/** What the node is told. */
export type OwnNodeJob = {
  readonly engine: 'fast' | 'reference'
  readonly genesisOptions: BenchGenesisOptions
  readonly dataDir: string
  readonly intervalMs: number
}

const roomy = { sizeMax: 2 ** 31, senderTxsMax: 1_000_000, nonceGapMax: 1_000_000 }

const job: OwnNodeJob = JSON.parse(process.argv[2] ?? '{}')
const { genesis } = createBenchGenesis(job.genesisOptions)
const complain = (error: unknown): void => {
  process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
}
const node = await createNode(
  {
    ...defaults,
    engine: job.engine,
    genesis,
    dataDir: job.dataDir,
    signerKey: bytesToHex(proposerKey),
    automine: false,
    intervalMs: job.intervalMs,
    // With the development controls, for `evm_mine`.
    devAccounts: devAccounts(),
    pool: { ...defaults.pool, ...roomy },
    clientVersion: `poca/${job.engine}`,
  },
  { now: () => Date.now() / 1_000, onFatal: complain, onProblem: complain },
)
const server = await startRpcServer(
  { ...defaultRpcOptions, port: 0 },
  { backend: createBackend(node), now: () => performance.now(), onBug: complain },
)
node.start()
process.stdout.write(`${JSON.stringify({ url: server.url })}\n`)
process.once('SIGTERM', async () => {
  await server.stop()
  await node.stop()
})
