import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { network } from 'hardhat'
import { getContract } from 'viem'
import { abis } from '../../../chain/system/abis.ts'
import { predeploys } from '../../../chain/system/addresses.ts'
import { parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'
import { type EndBlockOptions, endBlock } from '../../../src/hardhat/endBlock.ts'
import { loadGenesis } from '../../../src/hardhat/loadGenesis.ts'

/** The genesis of the development chain. */
export function readDevGenesis() {
  const path = join(import.meta.dirname, '../../../deploy/genesis/dev.json')
  return parseGenesis(JSON.parse(readFileSync(path, 'utf8')))
}

/**
 * A simulated network that holds the development chain's genesis: the real contracts at the real
 * addresses, with their parameters, seats, oracles and reserve.
 */
export async function pocaSim() {
  const connection = await network.create('pocaSim')
  const genesis = readDevGenesis()
  await loadGenesis(connection.provider, genesis)
  const publicClient = await connection.viem.getPublicClient()
  const wallets = await connection.viem.getWalletClients()

  return {
    connection,
    provider: connection.provider,
    viem: connection.viem,
    networkHelpers: connection.networkHelpers,
    genesis,
    publicClient,
    wallets,
    /** A system contract, called by `wallets[from]`. */
    contract: <name extends keyof typeof abis>(name: name, from = 0) => {
      const wallet = wallets[from]
      if (wallet === undefined) throw new Error(`there is no account ${from}`)
      return getContract({
        address: predeploys[name],
        abi: abis[name],
        client: { public: publicClient, wallet },
      })
    },
    /** Mines a block with the system transaction in it; resolves with its receipt. */
    endBlock: async (input: EndBlockOptions['input'] = {}) => {
      const { systemTxGas } = genesis.config.poca
      const hash = await endBlock(connection.provider, { systemTxGas, input })
      return publicClient.getTransactionReceipt({ hash })
    },
  }
}
