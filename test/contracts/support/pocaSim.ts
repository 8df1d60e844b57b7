import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { network } from 'hardhat'
import type { abis } from '../../../chain/system/abis.ts'
import { parseGenesis } from '../../../chain/system/genesis/genesisFile.ts'

/** The genesis of the development chain. */
export function readDevGenesis() {
  const path = join(import.meta.dirname, '../../../deploy/genesis/dev.json')
  return parseGenesis(JSON.parse(readFileSync(path, 'utf8')))
}

/** A fresh simulated network with the chain on it, as any user of the plugin gets it. */
export async function pocaSim() {
  const connection = await network.create('pocaSim')
  const { poca, provider, viem, networkHelpers } = connection
  return {
    connection,
    provider,
    viem,
    networkHelpers,
    poca,
    genesis: poca.genesis,
    /** A system contract, called by a development account. */
    contract: <name extends keyof typeof abis>(name: name, from = 0) => {
      const account = poca.accounts.all[from]
      if (account === undefined) throw new Error(`there is no account ${from}`)
      return poca.contractsAs(account)[name]
    },
    endBlock: poca.endBlock,
  }
}
