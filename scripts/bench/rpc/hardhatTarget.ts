import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { numberToHex } from 'viem'
import type { GenesisAccount } from '../../../chain/system/genesis/genesisFile.ts'
import { blockGasLimit } from '../benchGenesis.ts'
import { cacheFolder } from '../cacheFolder.ts'
import { createProgress } from '../progress.ts'
import { createRpcClient } from './rpcClient.ts'
import { type RpcTarget, type RpcTargetOptions, waitUntilReady } from './rpcTarget.ts'
import { findPort, startProgram } from './spawnTarget.ts'

/** Calls that are sent at once while the accounts are set up. */
const BATCH = 500

/** `hardhat node` of the repository's own Hardhat. */
export const hardhatTarget: RpcTarget = {
  name: 'hardhat',
  fsync: 'none: everything is in memory',
  missing: () => undefined,
  start: startHardhat,
}

async function startHardhat({ bench, intervalMs, cpus }: RpcTargetOptions) {
  const port = await findPort()
  const program = startProgram({
    command: process.execPath,
    args: [
      findHardhat(),
      ...['--config', join(import.meta.dirname, 'hardhat.config.ts'), '--network', 'node'],
      ...['node', '--port', String(port), '--hostname', '127.0.0.1'],
    ],
    cpus,
    env: {
      POCA_BENCH_ARTIFACTS: join(cacheFolder, 'hardhat'),
      POCA_BENCH_CHAIN_ID: String(bench.genesis.config.chainId),
      POCA_BENCH_GAS_LIMIT: String(blockGasLimit),
      POCA_BENCH_INTERVAL_MS: String(intervalMs),
    },
  })
  const url = `http://127.0.0.1:${port}`
  const version = await waitUntilReady(url, program)
  await setAccounts(url, bench.genesis.accounts)
  return { url, version, pid: program.pid, diskBytes: () => 0, stop: program.stop }
}

/** It takes no genesis, so every account is set by itself. */
async function setAccounts(url: string, accounts: readonly GenesisAccount[]): Promise<void> {
  const client = createRpcClient(url)
  // It would print each request otherwise.
  await client.call('hardhat_setLoggingEnabled', [false])
  const calls = accounts.flatMap(({ address, balance, nonce, code, storage }) => [
    ...(balance > 0n ? [['hardhat_setBalance', [address, numberToHex(balance)]] as const] : []),
    ...(nonce > 0n ? [['hardhat_setNonce', [address, numberToHex(nonce)]] as const] : []),
    ...(code === '0x' ? [] : [['hardhat_setCode', [address, code]] as const]),
    ...storage.map(
      ([slot, value]) =>
        ['hardhat_setStorageAt', [address, numberToHex(BigInt(slot)), value]] as const,
    ),
  ])
  const progress = createProgress('accounts of hardhat', calls.length)
  for (let at = 0; at < calls.length; at += BATCH) {
    const batch = calls
      .slice(at, at + BATCH)
      .map(([method, params], id) => ({ jsonrpc: '2.0', id, method, params }))
    const answers: unknown = JSON.parse(await client.post(JSON.stringify(batch)))
    const fault = Array.isArray(answers) && answers.find(({ error }) => error !== undefined)
    if (fault) throw new Error(`hardhat node refuses to be set up: ${fault.error.message}`)
    progress.to(at)
  }
  progress.end()
  client.close()
}

function findHardhat(): string {
  const main = createRequire(import.meta.url).resolve('hardhat/package.json')
  return join(dirname(main), 'dist/src/cli.js')
}
