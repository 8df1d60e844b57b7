import { join } from 'node:path'
import { auditSupply } from '../../../chain/node/auditSupply.ts'
import { NodeError } from '../../../chain/node/errors.ts'
import type { Genesis } from '../../../chain/system/genesis/genesisFile.ts'
import { runDemo } from '../demo/demo.ts'
import { CliError } from '../errors.ts'
import { createNarrator, type Narrator } from '../ui/narrator.ts'
import { banner } from './banner.ts'
import { agentsFolder, type DevChain, forgetChain, startDevChain } from './devChain.ts'
import { assumedCoinPriceUsd, type DevOracles, startDevOracles } from './devOracles.ts'
import { type DevOptions, dataDirs } from './options.ts'

/**
 * Runs a development chain until it is told to stop, or until the demo is over. Gives the exit
 * code.
 */
export async function runDev(options: DevOptions): Promise<number> {
  if (options.exit && !options.demo) {
    throw new CliError(
      { code: 'CLI_EXIT_NEEDS_DEMO' },
      '--exit says when to stop after --demo; give both.',
    )
  }
  if (options.auditEvery > 0 && options.engine === 'reference') {
    throw new CliError(
      { code: 'CLI_AUDIT_NEEDS_FAST' },
      '--audit-every compares the fast engine with the reference; leave --engine reference out.',
    )
  }
  const dataDir = options.dataDir ?? (options.demo ? dataDirs.demo : dataDirs.dev)
  // The demo's own folder holds nothing that anybody would miss.
  if (options.fresh || (options.demo && options.dataDir === undefined)) {
    await forgetChain(dataDir)
  }

  const stopping = Promise.withResolvers<number>()
  const chain = await startDevChain({
    host: options.host,
    port: options.port,
    allowHost: options.allowHost,
    dataDir,
    blockTimeMs: options.blockTime * 1_000,
    engine: options.engine,
    auditEvery: options.auditEvery,
    now: options.demo ? genesisClock() : () => Date.now() / 1_000,
    onFatal(error) {
      complain(error)
      stopping.resolve(1)
    },
    onProblem: complain,
  })
  let oracles: DevOracles | undefined
  try {
    catchUp(chain)
    const words = options.json ? process.stderr : process.stdout
    words.write(banner(chain, { ...options, dataDir }))
    const failed = options.demo ? await tell(chain, { ...options, dataDir }) : 0
    if (options.exit) return failed
    if (options.oracles || options.demo) {
      oracles = await startDevOracles({ url: chain.server.url, dataDir: agentsDir(dataDir) })
      words.write(`  Three oracles judge, and post that a coin is ${assumedCoinPriceUsd} USD: an\n`)
      words.write('  assumption, so that work can be priced in dollars.\n')
    }
    words.write('  Serving. Ctrl-C stops.\n')
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => stopping.resolve(failed))
    }
    return await stopping.promise
  } finally {
    await oracles?.stop()
    await chain.stop()
  }
}

/** Tells the story; 0 when every check held. */
async function tell(
  chain: DevChain,
  options: DevOptions & { readonly dataDir: string },
): Promise<number> {
  const { height } = chain.node.chain.head()
  if (height > 0n) {
    const { dataDir } = options
    const text = `The demo needs a new chain and ${dataDir} holds ${height} blocks; add --fresh.`
    throw new CliError({ code: 'CLI_DEMO_NEEDS_FRESH', dataDir, height }, text)
  }
  const narrator = createNarrator(options.json ? process.stderr : process.stdout)
  const started = performance.now()
  try {
    await runDemo({
      url: chain.server.url,
      dataDir: agentsDir(options.dataDir),
      narrator,
      audit: () => auditSupply(chain.node),
    })
  } catch (error) {
    complain(error)
    narrator.check('the story was told to its end', false)
  }
  return conclude(chain, {
    narrator,
    json: options.json,
    seconds: (performance.now() - started) / 1_000,
  })
}

function conclude(
  chain: DevChain,
  outcome: { readonly narrator: Narrator; readonly json: boolean; readonly seconds: number },
): number {
  const { narrator, json, seconds } = outcome
  const held = narrator.checks.filter(({ holds }) => holds).length
  const isGood = held === narrator.checks.length
  narrator.chapter(
    `${held} of ${narrator.checks.length} checks hold · ${chain.node.chain.head().height} blocks · ${seconds.toFixed(0)} s`,
  )
  if (json) {
    const { hash, height } = chain.node.chain.head()
    const report = { ok: isGood, checks: narrator.checks, height: height.toString(), hash }
    process.stdout.write(`${JSON.stringify(report)}\n`)
  }
  return isGood ? 0 : 1
}

/** Folder of what the workers and oracles of the chain in `dataDir` keep. */
function agentsDir(dataDir: string): string {
  return join(dataDir, agentsFolder)
}

/** Time that begins at genesis, so that the story has the same numbers whenever it is told. */
function genesisClock(): (genesis: Genesis) => number {
  const started = performance.now()
  return ({ timestamp }) => Number(timestamp) + (performance.now() - started) / 1_000
}

/** A chain that was moved into the future goes on from there. */
function catchUp({ node }: DevChain): void {
  const head = node.chain.head()
  const ahead = head.timestamp - node.clock.next({ ...head, timestamp: 0n })
  if (ahead > 0n) node.clock.increase(Number(ahead))
}

function complain(error: unknown): void {
  // A timer that fires while the node stops; that it stops is no news.
  if (error instanceof NodeError && error.code === 'NODE_STOPPED') return
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
}
