import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createBackend } from '../../../chain/node/backend.ts'
import { createNode, databaseName, type Node } from '../../../chain/node/node.ts'
import { type NodeOptions, defaults as nodeDefaults } from '../../../chain/node/options.ts'
import { devAccounts, devRoles } from '../../../chain/params/devAccounts.ts'
import { assert } from '../../../chain/primitives/assert.ts'
import { defaultRpcOptions } from '../../../chain/rpc/options.ts'
import { type RpcServer, startRpcServer } from '../../../chain/rpc/server.ts'
import { claimDatabase } from '../../../chain/storage/ownership.ts'
import { type Genesis, parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'
import packageJson from '../../../package.json' with { type: 'json' }

/** A development chain that answers. */
export type DevChain = {
  readonly node: Node
  readonly server: RpcServer
  stop(): Promise<void>
}

/** What a development chain needs to know. */
export type DevChainOptions = {
  readonly host: string
  readonly port: number
  /** Host names that may use development methods; none when left out. */
  readonly allowHost?: readonly string[]
  readonly dataDir: string
  readonly blockTimeMs: number
  /** What executes blocks, and how often the other engine has a look; as the node's options. */
  readonly engine?: NodeOptions['engine']
  readonly auditEvery?: number
  /** Gives the chain's time in seconds. */
  readonly now: (genesis: Genesis) => number
  /** Told when the node stops by itself. */
  readonly onFatal: (error: unknown) => void
  /** Told of what went wrong without ending the node. */
  readonly onProblem: (error: unknown) => void
}

/** Opens the chain in the data folder, or begins it from genesis, and serves it. */
export async function startDevChain(options: DevChainOptions): Promise<DevChain> {
  const genesis = readDevGenesis()
  const accounts = devAccounts()
  const signer = accounts[devRoles.signer]
  assert(signer !== undefined, 'the signer is one of the development accounts')
  const node = await createNode(
    {
      ...nodeDefaults,
      genesis,
      dataDir: options.dataDir,
      signerKey: signer.privateKey,
      automine: true,
      intervalMs: options.blockTimeMs,
      engine: options.engine ?? nodeDefaults.engine,
      auditEvery: options.auditEvery ?? nodeDefaults.auditEvery,
      devAccounts: accounts,
      // Stock helpers refuse a development node whose name does not begin like this.
      clientVersion: `hardhat/poca-${packageJson.version}`,
    },
    {
      now: () => options.now(genesis),
      onFatal: options.onFatal,
      onProblem: options.onProblem,
    },
  )
  try {
    const server = await startRpcServer(
      {
        ...defaultRpcOptions,
        host: options.host,
        port: options.port,
        allowedHosts: options.allowHost ?? [],
      },
      {
        backend: createBackend(node),
        now: () => performance.now(),
        onBug: (error) => options.onProblem(error),
      },
    )
    node.start()
    return {
      node,
      server,
      async stop() {
        await server.stop()
        await node.stop()
      },
    }
  } catch (error) {
    await node.stop()
    throw error
  }
}

/**
 * Removes the chain that a folder holds, and nothing else in it.
 * @throws StorageError `STORAGE_LOCKED`
 */
export async function forgetChain(dataDir: string): Promise<void> {
  if (!existsSync(dataDir)) return
  await claimDatabase(join(dataDir, databaseName))
  for (const name of readdirSync(dataDir)) {
    if (name.startsWith(databaseName) || name === agentsFolder) {
      rmSync(join(dataDir, name), { recursive: true, force: true })
    }
  }
}

/** Folder beside the chain in which the demo's workers and oracles keep their data. */
export const agentsFolder = 'agents'

function readDevGenesis(): Genesis {
  const path = join(import.meta.dirname, '..', '..', '..', 'deploy', 'genesis', 'dev.json')
  return parseGenesis(JSON.parse(readFileSync(path, 'utf8')))
}
