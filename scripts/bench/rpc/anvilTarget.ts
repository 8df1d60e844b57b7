import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { BenchGenesis } from '../benchGenesis.ts'
import { blockGasLimit } from '../benchGenesis.ts'
import { cacheFolder, writeWhole } from '../cacheFolder.ts'
import { type RpcTarget, type RpcTargetOptions, waitUntilReady } from './rpcTarget.ts'
import { findPort, startProgram } from './spawnTarget.ts'

const platforms: Readonly<Record<string, string>> = {
  'linux-x64': 'linux-amd64',
  'linux-arm64': 'linux-arm64',
  'darwin-x64': 'darwin-amd64',
  'darwin-arm64': 'darwin-arm64',
  'win32-x64': 'win32-amd64',
}

/** Foundry's anvil, from npm or from the path in POCA_BENCH_ANVIL. */
export const anvilTarget: RpcTarget = {
  name: 'anvil',
  fsync: 'none: everything is in memory',
  missing: () =>
    findAnvil() === undefined
      ? 'no binary of anvil; install @foundry-rs/anvil, or name one in POCA_BENCH_ANVIL'
      : undefined,
  start: startAnvil,
}

async function startAnvil({ bench, intervalMs, cpus }: RpcTargetOptions) {
  const port = await findPort()
  const mining = intervalMs === 0 ? ['--no-mining'] : ['--block-time', String(intervalMs / 1_000)]
  const program = startProgram({
    command: findAnvil() ?? 'anvil',
    args: [
      ...['--port', String(port), '--quiet', '--no-request-size-limit', '--accounts', '1'],
      ...['--chain-id', String(bench.genesis.config.chainId), '--hardfork', 'osaka'],
      ...['--gas-limit', String(blockGasLimit), '--order', 'fifo', '--init', genesisPath(bench)],
      ...mining,
    ],
    cpus,
  })
  const url = `http://127.0.0.1:${port}`
  const version = await waitUntilReady(url, program)
  return { url, version, pid: program.pid, diskBytes: () => 0, stop: program.stop }
}

function findAnvil(): string | undefined {
  const named = process.env.POCA_BENCH_ANVIL
  if (named !== undefined && existsSync(named)) return named
  const platform = platforms[`${process.platform}-${process.arch}`]
  const suffix = process.platform === 'win32' ? '.exe' : ''
  try {
    return createRequire(import.meta.url).resolve(
      `@foundry-rs/anvil-${platform}/bin/anvil${suffix}`,
    )
  } catch {
    return undefined
  }
}

/** The genesis as geth reads it. */
function genesisPath({ key, genesis }: BenchGenesis): string {
  const path = join(cacheFolder, `genesis-${key}.json`)
  if (existsSync(path)) return path
  const quantity = (value: bigint): string => `0x${value.toString(16)}`
  const alloc = Object.fromEntries(
    genesis.accounts.map(({ address, balance, nonce, code, storage }) => [
      address,
      {
        balance: quantity(balance),
        nonce: quantity(nonce),
        ...(code === '0x' ? {} : { code }),
        ...(storage.length === 0 ? {} : { storage: Object.fromEntries(storage) }),
      },
    ]),
  )
  const file = {
    config: { chainId: genesis.config.chainId },
    nonce: '0x0',
    timestamp: quantity(genesis.timestamp),
    extraData: '0x',
    gasLimit: quantity(genesis.gasLimit),
    difficulty: '0x0',
    mixHash: genesis.mixHash,
    coinbase: genesis.coinbase,
    baseFeePerGas: quantity(genesis.baseFeePerGas),
    alloc,
  }
  writeWhole(path, [new TextEncoder().encode(JSON.stringify(file))])
  return path
}
