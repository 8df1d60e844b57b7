// Shows that each sub-path that package.json offers can be imported, as a dApp would import it.
import { describe, expect, it } from 'vitest'
import packageJson from '../../package.json' with { type: 'json' }

const offered: Readonly<Record<string, readonly string[]>> = {
  './viem': ['pocaActions', 'pocaDev', 'taskMarketAbi', 'predeploys'],
  './hardhat': ['hardhatPoca', 'loadGenesis', 'endBlock'],
  './abi': ['abis'],
  './addresses': ['predeploys', 'preinstalls'],
}

describe('package.json exports', () => {
  it('are these', () => {
    expect(Object.keys(packageJson.exports)).toEqual(Object.keys(offered))
  })

  it.each(Object.entries(offered))('%s has %j', async (path, names) => {
    const module: object = await import(`poca-chain/${path.slice(2)}`)
    for (const name of names) expect(module).toHaveProperty(name)
  })
})
